from datetime import datetime, timezone

from flask import Flask, render_template


def create_app(overrides=None):
    app = Flask(__name__)

    app.config["PLACE"] = "my own computer"
    app.config.from_prefixed_env("PORCHLIGHT")
    if overrides:
        app.config.update(overrides)

    lit_since = datetime.now(timezone.utc)

    @app.get("/")
    def home():
        return render_template(
            "home.html", place=app.config["PLACE"], lit_since=lit_since
        )

    @app.get("/health")
    def health():
        return {"status": "ok"}

    return app
