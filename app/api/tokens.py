"""Bearer tokens: who asks through the API."""

from flask import Request

from app.domain.actor import SYSTEM, Actor
from app.http.edge import request_id, the_store
from app.queries.accounts import token_holder
from app.services.accounts import secret_sha256

SCHEME = "Bearer"


def bearer_actor(asked: Request) -> Actor | None:
    """Return the holder of the request's bearer token; None without one or with one revoked."""
    authorization = asked.authorization
    if authorization is None or authorization.type.casefold() != SCHEME.casefold():
        return None
    if not authorization.token:
        return None
    with the_store().read(SYSTEM) as reader:
        return token_holder(reader, secret_sha256(authorization.token), request_id())
