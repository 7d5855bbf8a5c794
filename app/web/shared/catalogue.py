"""The texts of a page in its reader's language, found once for the request."""

from typing import Any

from flask import Flask, g
from flask_babel import get_translations


def install(app: Flask) -> None:
    """Let templates look texts up in the request's own catalogue.

    Flask-Babel finds the reader's locale anew for each text, and a page has hundreds.
    """
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of jinja2.ext.i18n
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
    )


def _catalogue() -> Any:
    if "catalogue" not in g:
        g.catalogue = get_translations()
    return g.catalogue
