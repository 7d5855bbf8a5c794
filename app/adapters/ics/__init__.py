"""Calendars of the outside world: meetings written for them, busy times read from them."""

from app.adapters.ics.fetching import Fetcher
from app.adapters.ics.reading import Reader
from app.adapters.ics.writing import Issuer, draw, issuer_of, publish

__all__ = ["Fetcher", "Issuer", "Reader", "draw", "issuer_of", "publish"]
