"""The fitted matcher of this process, for pages and API alike."""

from typing import cast

from flask import Flask, current_app

from app.http.run import reading
from app.services.proposals import FittedPool, MatcherCache, encoder_of
from app.settings import Settings

MATCHERS = "jieban_matchers"


def install(app: Flask, settings: Settings) -> None:
    """Give the application its matcher; it is fitted when first asked.

    Raises:
        SettingsError: the configured model cannot be loaded.
    """
    app.extensions[MATCHERS] = MatcherCache(encoder_of(settings.embedding_model))


def the_matchers() -> MatcherCache:
    """Return the fitted pools of this application."""
    return cast(MatcherCache, current_app.extensions[MATCHERS])


def fitted_pool() -> FittedPool:
    """Return the pool as it is now, fitted; made anew only when it has changed."""
    with reading() as reader:
        return the_matchers().pool(reader)
