from datetime import datetime, timezone

from flask import Flask, abort, redirect, render_template, request, url_for

from app import database


def create_app(overrides=None):
    app = Flask(__name__)

    app.config["PLACE"] = "my own computer"
    app.config["DATABASE"] = "dbname=porchlight"
    app.config.from_prefixed_env("PORCHLIGHT")
    if overrides:
        app.config.update(overrides)

    database.init_app(app)
    lit_since = datetime.now(timezone.utc)

    @app.get("/")
    def home():
        visits = database.newest_visits()
        lit = visits[0]["lit"] if visits else True
        return render_template(
            "home.html",
            place=app.config["PLACE"],
            lit_since=lit_since,
            lit=lit,
            visits=visits,
        )

    @app.post("/")
    def visit():
        line = request.form.get("line", "").strip()
        if not 1 <= len(line) <= 80:
            abort(400)
        database.add_visit(line, request.form.get("light") == "on")
        return redirect(url_for("home"))

    @app.get("/health")
    def health():
        database.connection().execute("SELECT 1")
        return {"status": "ok"}

    return app
