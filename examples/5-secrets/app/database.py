from pathlib import Path

import click
import psycopg
from flask import current_app, g
from flask.cli import with_appcontext
from psycopg.rows import dict_row

MIGRATIONS = Path(__file__).parent / "migrations"


def init_app(app):
    app.teardown_appcontext(close)
    app.cli.add_command(migrate)


def connection():
    if "connection" not in g:
        g.connection = psycopg.connect(
            current_app.config["DATABASE"], autocommit=True, row_factory=dict_row
        )
    return g.connection


def close(error=None):
    opened = g.pop("connection", None)
    if opened is not None:
        opened.close()


def newest_visits():
    query = "SELECT line, lit, made_at FROM visits ORDER BY id DESC LIMIT 10"
    return connection().execute(query).fetchall()


def add_visit(line, lit):
    query = "INSERT INTO visits (line, lit) VALUES (%s, %s)"
    connection().execute(query, [line, lit])


@click.command("migrate")
@with_appcontext
def migrate():
    """Bring the tables up to date."""
    db = connection()
    db.execute("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY)")
    done = {row["name"] for row in db.execute("SELECT name FROM migrations")}

    for file in sorted(MIGRATIONS.glob("*.sql")):
        if file.name not in done:
            with db.transaction():
                db.execute(file.read_text())
                db.execute("INSERT INTO migrations VALUES (%s)", [file.name])
            click.echo(f"applied {file.name}")

    click.echo("the tables are up to date")
