"""A bare application that serves nothing but the page frames."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect

from app.web.shared import layout

NOW = datetime(2026, 9, 16, 2, 0, tzinfo=UTC)
SERVED = ("/me", "/needs/new", "/mentor", "/mentor/sessions", "/bureau", "/login", "/folder/")


@pytest.fixture(scope="session")
def pages() -> Flask:
    app = Flask("app.web", template_folder="templates", static_folder="static")
    app.config.update(
        SECRET_KEY="only for this test", BABEL_TRANSLATION_DIRECTORIES="../translations"
    )
    Babel(app, locale_selector=layout.reader_locale)
    CSRFProtect(app)
    layout.register(app, layout.Site(), lambda: NOW)
    # What asks the database has its own tests.
    app.jinja_env.globals.update(missing_year=lambda: None, provisional_year=lambda instant: None)
    for path in SERVED:
        app.add_url_rule(path, path, lambda: "")
    app.add_url_rule("/logout", "logout", lambda: "", methods=["POST"])
    return app
