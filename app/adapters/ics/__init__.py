"""Calendars of the outside world: meetings written for them, busy times read from them."""

from app.adapters.ics.writing import Issuer, draw, issuer_of, publish

__all__ = ["Issuer", "draw", "issuer_of", "publish"]
