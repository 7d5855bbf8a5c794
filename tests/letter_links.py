"""Letters as they arrive, and the links in them opened by a browser that nobody is signed in to."""

import hashlib
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db import metadata
from app.domain.job import DeliveryState
from app.domain.message import Letter, Receipt
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.unit_of_work import Store, unscoped
from app.unit_of_work.opening import link_key
from tests.serving import SECRET

SITE = "http://localhost"
KEY = link_key(SECRET)
_LINK = re.compile(rf"{SITE}(/links/[A-Za-z0-9_-]+)")
_ADDRESS = re.compile(rf"{SITE}(/[^\s\"<>]*)")
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@dataclass
class Mailbox:
    """Takes every letter that leaves the service."""

    store: Store
    letters: list[Letter] = field(default_factory=list)
    failures: int = 0

    def send(self, letter: Letter) -> Receipt:
        self.letters.append(letter)
        if self.failures:
            self.failures -= 1
            raise OSError("the line broke")
        return Receipt(DeliveryState.ACCEPTED, letter.key)

    def work(self) -> None:
        """Let everybody be told of everything that is due."""
        Worker(self.store, registry(self, SITE, "历城创业导师", link_key=KEY)).work()

    def letter(self, address: str, words: str) -> Letter:
        """Return the newest letter to the address that says the words."""
        self.work()
        return next(
            each
            for each in reversed(self.letters)
            if (each.address == address) and words in each.title
        )

    def link(self, address: str, words: str) -> str:
        """Return the path of its link."""
        (path,) = links_of(self.letter(address, words))
        return path


def links_of(letter: Letter) -> list[str]:
    """Return the paths with which something is done without signing in."""
    return _LINK.findall(letter.text)


def addresses_of(text: str) -> list[str]:
    """Return the paths of all links to the service."""
    return _ADDRESS.findall(text)


def press(client: FlaskClient, path: str, *, origin: str = "null", **typed: Any) -> TestResponse:
    """Open the page and send its form, as a browser without scripts does."""
    hidden = {name: unescape(value) for name, value in _HIDDEN.findall(client.get(path).text)}
    return client.post(path, data={**hidden, **typed}, headers={"Origin": origin})


def contents(store: Store) -> dict[str, str]:
    """Return a hash of each table's rows, sign-ins and looks included."""
    with unscoped(), store.engine.connect() as connection:
        return {
            table.name: hashlib.sha256(
                "\n".join(sorted(map(repr, connection.execute(select(table))))).encode()
            ).hexdigest()
            for table in metadata.sorted_tables
        }
