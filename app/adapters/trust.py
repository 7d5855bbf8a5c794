"""Whom the service believes on the other end of a connection."""

import ssl
from functools import cache


@cache
def trust() -> ssl.SSLContext:
    """Return what the machine's certificates vouch for; reading them takes longer than a call."""
    return ssl.create_default_context()
