"""What the address of a figure says, and addresses that name one."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from flask import request, url_for

from app.domain.calendar import InvalidMonthError, Month, local_day
from app.domain.errors import NotFoundError
from app.domain.ids import parse_id
from app.domain.service_record import SplitBy
from app.domain.service_record.cuts import LastLabel
from app.domain.service_record.slices import (
    LONGEST_NAME,
    Labels,
    Share,
    UnknownFilterError,
    months_of,
)
from app.domain.stretch import Stretch
from app.queries.bureau_desk import Asked

FIRST_YEAR, LAST_YEAR = 2000, 2100
MEASURE = "sessions"
_LABELS = tuple(field.name for field in fields(Labels))
# By what ventures are told, as of their last counted service; other labels choose records.
LAST_LABELS = {f"last_{by}": by for by in (SplitBy.AREA, SplitBy.STREET, SplitBy.INDUSTRY)}
FILTERS = frozenset(
    {
        *_LABELS,
        *LAST_LABELS,
        "year",
        "month",
        "stretch",
        "measure",
        "group",
        "label",
        "counted",
        "basis",
        "answer",
        "street",
        "after",
    }
)
_COUNTED = {"yes": "", "no": "not_counted", "apart": Share.APART.value}
_BASES = {"now": False, "reported": True}

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Address:
    """The filters of a page as they stand in its address; the page's links vary them."""

    sent: Mapping[str, str]

    def given(self, name: str) -> str | None:
        """Return a filter, None when it is not set."""
        return self.sent.get(name) or None

    def to(self, endpoint: str = "bureau.session_list", **changes: str | None) -> str:
        """Return the address with some filters changed; pages begin anew."""
        kept: dict[str, Any] = {**self.sent, "after": None, **changes}
        return url_for(endpoint, **{name: value for name, value in kept.items() if value})


def here() -> Address:
    """Return the filters of the page asked for."""
    return Address({name: value for name, value in request.args.items() if name in FILTERS})


def figure_asked(address: Address, today: date) -> Asked:
    """Return the figure an address names: by default the services of the present year.

    Raises:
        InvalidInputError: a filter cannot be understood.
    """
    counted = one_of(_COUNTED, address.given("counted") or "yes")
    return Asked(
        months=months_asked(address, today),
        labels=Labels(**{name: _label(address, name) for name in _LABELS}),
        group=None if counted else _label(address, "group"),
        label=None if counted else _label(address, "label"),
        last=None if counted else _last(address),
        measure=counted or address.given("measure") or MEASURE,
        as_reported=one_of(_BASES, address.given("basis") or "now"),
    )


def month_asked(text: str | None, today: date) -> Month:
    """Return the month as written, or the present one.

    Raises:
        InvalidMonthError: it is not a month anybody reports on.
    """
    month = Month.parse(text) if text else Month.of(today)
    if not FIRST_YEAR <= month.year <= LAST_YEAR:
        raise InvalidMonthError(text=text)
    return month


def stretch_asked(text: str) -> Stretch:
    """Return the month, quarter, half-year or year as written.

    Raises:
        InvalidStretchError: it is written in another way.
        InvalidMonthError: it is not a period anybody reports on.
    """
    stretch = Stretch.parse(text)
    month_asked(str(stretch.first), stretch.first.first_on)
    return stretch


def asked_year(now: datetime) -> int:
    """Return the year of the address, by default the present one.

    Raises:
        InvalidMonthError: it is not a year anybody reports on.
    """
    today = local_day(now)
    return month_asked(f"{request.args.get('year') or today.year}-01", today).year


def key_asked(text: str | None) -> UUID | None:
    """Return the key a page goes on after, None at the beginning.

    Raises:
        NotFoundError: it is no key.
    """
    if not text:
        return None
    key = parse_id(text)
    if key is None:
        raise NotFoundError
    return key


def one_of(values: Mapping[str, Value], given: str) -> Value:
    """Return what the code stands for.

    Raises:
        UnknownFilterError: it stands for nothing.
    """
    if given not in values:
        raise UnknownFilterError(value=given[:LONGEST_NAME])
    return values[given]


def months_asked(address: Address, today: date) -> tuple[Month, ...]:
    """Return the month, the stretch or the year an address names, by default the present year.

    Raises:
        InvalidMonthError: it is not a period anybody reports on.
    """
    if address.given("month"):
        return (month_asked(address.given("month"), today),)
    if stretch := address.given("stretch"):
        return stretch_asked(stretch).months
    year = address.given("year") or str(today.year)
    return months_of(month_asked(f"{year}-01", today).year)


def _last(address: Address) -> LastLabel | None:
    """Return the label ventures are told by, None when none is asked for.

    Raises:
        UnknownFilterError: two ways to tell persons or ventures: no table has both.
    """
    asked = [(name, label) for name in LAST_LABELS if (label := _label(address, name))]
    given = [name for name in ("group", "label", *LAST_LABELS) if address.given(name)]
    if len(given) > 1:
        raise UnknownFilterError(value=given[-1])
    return LastLabel(LAST_LABELS[asked[0][0]], asked[0][1]) if asked else None


def _label(address: Address, name: str) -> str | None:
    value = address.given(name)
    if value is not None and len(value) > LONGEST_NAME:
        raise UnknownFilterError(value=value[:LONGEST_NAME])
    return value
