from datetime import datetime, timezone

from flask import (
    Flask,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

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
            name=session.get("name", ""),
        )

    @app.post("/")
    def visit():
        line = request.form.get("line", "").strip()
        name = request.form.get("name", "").strip()
        if not 1 <= len(line) <= 80 or len(name) > 40:
            abort(400)
        session["name"] = name
        database.add_visit(name, line, request.form.get("light") == "on")
        flash("Thank you. Your line is the first on the list.")
        return redirect(url_for("home"))

    @app.get("/health")
    def health():
        database.connection().execute("SELECT 1")
        return {"status": "ok"}

    return app
