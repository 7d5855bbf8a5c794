"""The books looked over as the night does it, in a test."""

from typing import Any

from app.domain.actor import SYSTEM
from app.services import self_audits
from app.unit_of_work import Store


def look_over(store: Store, **given: Any) -> None:
    """Look over the books and keep what was found; `files` and `prove` can be given."""
    with store.read(SYSTEM) as reader:
        looked = self_audits.look_over(reader, reader.today, lambda _done, _total: None, **given)
    store.execute(SYSTEM, self_audits.record, looked)
