"""A second press of a button, a request sent again: done once, answered alike."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from flask import g, request
from sqlalchemy import select, update

from app.db import MachineNow, insert_new
from app.domain.actor import Actor
from app.domain.errors import InvalidInputError, NotFoundError, RuleError
from app.domain.ids import new_id
from app.http.by_link import is_by_link
from app.http.edge import is_api, the_settings
from app.http.wire import jsonable
from app.models.base import Base
from app.models.job import IdempotencyKey
from app.unit_of_work import UnitOfWork

HEADER = "Idempotency-Key"
FIELD = "idempotency_key"
LONGEST_KEY = 150
LONGEST_ROUTE = 200
_FRAMING = frozenset({FIELD, "csrf_token"})


class KeyReusedError(RuleError):
    """The key was used for something else."""

    default_code = "idempotency.key_reused"


@dataclass(frozen=True, slots=True)
class Press:
    """One request with a key: whose, for what, with which content."""

    account_id: UUID
    key: str
    route: str
    body_sha256: bytes


def present_press(actor: Actor) -> Press | None:
    """Return the press of the present request, None when it carries no key.

    A request that runs several use cases has one press for each, told apart by their order. A
    letter's link is used once by itself, and its address, a secret, is never kept.

    Raises:
        InvalidInputError: when the key is too long or holds anything but printable ASCII.
    """
    key = request.headers.get(HEADER) or ("" if is_api() else request.form.get(FIELD, ""))
    if not key or actor.account_id is None or is_by_link():
        return None
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise InvalidInputError.at(FIELD, "idempotency.key_malformed", longest=LONGEST_KEY)
    g.presses = g.get("presses", 0) + 1
    key = key if g.presses == 1 else f"{key}#{g.presses}"
    route = f"{request.method} {request.path}"[:LONGEST_ROUTE]
    return Press(actor.account_id, key, route, _body_sha256())


def once(uow: UnitOfWork, press: Press, act: Callable[[UnitOfWork], Any]) -> Any:
    """Act, and keep the answer in the same transaction; a press seen before gets that answer.

    Two presses at the same moment meet at the key's row: the second waits for the first.

    Raises:
        KeyReusedError: when the key belongs to another request.
    """
    mine = (
        IdempotencyKey.account_id == press.account_id,
        IdempotencyKey.key == press.key,
    )
    is_first = insert_new(
        uow.session,
        IdempotencyKey,
        id=new_id(),
        account_id=press.account_id,
        key=press.key,
        route=press.route,
        body_sha256=press.body_sha256,
        answer={},
        created_at=MachineNow(),
    )
    if is_first:
        result = act(uow)
        uow.flush()
        uow.session.execute(update(IdempotencyKey).where(*mine).values(answer=_kept(result)))
        return result
    found = uow.session.scalars(select(IdempotencyKey).where(*mine)).one()
    if (found.route, bytes(found.body_sha256)) != (press.route, press.body_sha256):
        raise KeyReusedError
    return _again(uow, found.answer)


def _kept(result: object) -> dict[str, Any]:
    if isinstance(result, Base):
        return {"table": result.__tablename__, "id": str(result.id)}
    # As text: a database that orders the keys of objects would answer in another order.
    return {"text": json.dumps(jsonable(result), ensure_ascii=False)}


def _again(uow: UnitOfWork, answer: dict[str, Any]) -> Any:
    if "table" not in answer:
        return json.loads(answer["text"])
    row = uow.session.get(_model(answer["table"]), UUID(answer["id"]))
    if row is None:
        raise NotFoundError
    return row


def _body_sha256() -> bytes:
    # Keyed, because a form may hold a secret that a bare hash would let one guess.
    digest = hmac.new(the_settings().secret_key.encode(), digestmod=hashlib.sha256)
    if is_api():
        digest.update(request.get_data())
        return digest.digest()
    for name, value in request.form.items(multi=True):
        if name not in _FRAMING:
            digest.update(repr((name, value)).encode())
    for name, file in request.files.items(multi=True):
        digest.update(repr((name, file.filename)).encode())
        digest.update(hashlib.sha256(file.stream.read()).digest())
        file.stream.seek(0)
    return digest.digest()


@cache
def _model(table: str) -> type[Base]:
    return next(
        mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__tablename__ == table
    )
