"""扶持创业 founders supported: distinct persons, each on one line and with what shows it."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.domain.person import phone_digits
from app.domain.service_record import canonical
from app.domain.vocabulary import fold


class Line(StrEnum):
    """The line somebody stands on; the lines add up to the figure.

    `listed` is somebody known here whom only an opening list shows as supported; `unmatched` are
    those of a list that are nobody known here.
    """

    SESSION = "session"
    SUPPORT = "support"
    BOTH = "both"
    LISTED = "listed"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class Counted:
    """A person who counts in services of the headline, since the first of them."""

    person_id: str
    on: date


@dataclass(frozen=True, slots=True)
class Supported:
    """A person with a verified support item."""

    person_id: str
    on: date
    item_id: UUID


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of an approved opening list.

    Attributes:
        person_id: whom it was matched with, None for nobody.
        number_mac: of the number of a document, `phone_mac` of the telephone; either may lack.
        name: folded.
    """

    row_id: UUID
    person_id: str | None
    on: date
    number_mac: str | None
    phone_mac: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Founder:
    """One person supported, with the first thing of each kind that shows it.

    Attributes:
        key: the person, or the row of a list that stands for somebody unmatched.
        on: the first day on which he was supported.
        is_served: whether he counts in a service.
    """

    key: UUID
    line: Line
    on: date
    is_served: bool = False
    item_id: UUID | None = None
    row_id: UUID | None = None


def person_mac(key: bytes, written: str | None) -> str | None:
    """Return the mark of a number, by which the same number is known again and nothing else.

    Args:
        key: the service's own; without it nobody finds the number by trying all.
        written: as it stands in a file; None or blank has no mark.
    """
    plain = "".join((written or "").split()).upper()
    if not plain:
        return None
    return hmac.new(key, f"plan:{plain}".encode(), hashlib.sha256).hexdigest()


def phone_mac(key: bytes, written: str | None) -> str | None:
    """Return the mark of a telephone, however its digits are grouped."""
    return person_mac(key, phone_digits(written))


def founders(
    counted: Iterable[Counted],
    supported: Iterable[Supported],
    listed: Iterable[Listed],
    aliases: Mapping[str, str],
) -> tuple[Founder, ...]:
    """Return everybody supported, each once, the earliest first.

    Args:
        counted: services that count.
        supported: support items that were checked.
        listed: rows of opening lists that show support.
        aliases: for each double the person it stands for.
    """
    sessions = _firsts((canonical(c.person_id, aliases), c.on, "") for c in counted)
    items = _firsts((canonical(s.person_id, aliases), s.on, str(s.item_id)) for s in supported)
    known: list[Listed] = []
    unknown: list[Listed] = []
    for row in listed:
        (unknown if row.person_id is None else known).append(row)
    rows = _firsts((canonical(str(r.person_id), aliases), r.on, str(r.row_id)) for r in known)
    found = [
        _founder(key, sessions.get(key), items.get(key), rows.get(key))
        for key in {*sessions, *items, *rows}
    ]
    found += [
        Founder(row.row_id, Line.UNMATCHED, row.on, row_id=row.row_id) for row in distinct(unknown)
    ]
    return tuple(sorted(found, key=lambda founder: (founder.on, founder.key)))


def distinct(rows: Iterable[Listed]) -> list[Listed]:
    """Return one row, the earliest, of each human being among rows that are nobody known here.

    Two rows are one person by the number of a document; by telephone and name where one of them
    has no such number.
    """
    kept: list[Listed] = []
    numbers: set[str] = set()
    phones: dict[tuple[str, str], bool] = {}
    # Rows with a number first: one without is then held against all of them.
    for row in sorted(rows, key=lambda each: (each.number_mac is None, each.on, each.row_id)):
        by_phone = (row.phone_mac, row.name) if row.phone_mac else None
        if row.number_mac is not None:
            is_new = row.number_mac not in numbers
            numbers.add(row.number_mac)
        else:
            is_new = by_phone not in phones
        if by_phone is not None:
            phones[by_phone] = True
        if is_new:
            kept.append(row)
    return kept


def folded(name: str) -> str:
    """Return a name as names are compared."""
    return fold(name)


_First = tuple[date, str]


def _firsts(found: Iterable[tuple[str, date, str]]) -> dict[str, _First]:
    firsts: dict[str, _First] = {}
    for key, on, shown_by in found:
        earlier = firsts.get(key)
        firsts[key] = min(earlier, (on, shown_by)) if earlier else (on, shown_by)
    return firsts


def _founder(key: str, session: _First | None, item: _First | None, row: _First | None) -> Founder:
    if session:
        line = Line.BOTH if item else Line.SESSION
    else:
        line = Line.SUPPORT if item else Line.LISTED
    return Founder(
        UUID(key),
        line,
        min(each[0] for each in (session, item, row) if each),
        is_served=session is not None,
        item_id=UUID(item[1]) if item else None,
        row_id=UUID(row[1]) if row else None,
    )
