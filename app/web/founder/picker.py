"""The addresses of a time picker: days, ways to meet, weeks, alternatives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from app.queries.booking_pages import Asked, Slot, TimesPage
from app.web.shared.forms import Form

Row = Mapping[str, Any]

# Beyond them a change of time zone may leave the calendar.
YEARS = range(2000, 3000)


@dataclass(frozen=True, slots=True)
class Picker:
    """What of the picker leads somewhere; `address` takes the page's query by name."""

    page: TimesPage
    address: Callable[..., str]

    @property
    def modes(self) -> list[Row]:
        """The ways to meet."""
        return [
            {
                "code": mode,
                "href": self.address(mode=mode, day=self.page.on),
                "is_current": mode == self.page.mode,
            }
            for mode in self.page.modes
        ]

    @property
    def days(self) -> list[Row]:
        """The strip of days."""
        return [
            {
                "on": day.on,
                "count": day.count,
                "closed": day.closed,
                "is_current": day.on == self.page.on,
                "href": self._on(day.on),
            }
            for day in self.page.days
        ]

    @property
    def alternatives(self) -> list[Row]:
        """The free times nearest to one that cannot be had."""
        return [
            {"starts_at": slot.starts_at, "href": self._at(slot)} for slot in self.page.alternatives
        ]

    @property
    def earlier(self) -> str | None:
        """The two weeks before."""
        return self._since(self.page.earlier_from)

    @property
    def later(self) -> str | None:
        """The two weeks after."""
        return self._since(self.page.later_from)

    @property
    def first_open(self) -> str | None:
        """The first day with a free time."""
        return self._on(self.page.first_open_on)

    def _at(self, slot: Slot) -> str:
        return self.address(mode=self.page.mode, time=slot.starts_at.isoformat()) + "#slots"

    def _on(self, day: date | None) -> str | None:
        return self.address(mode=self.page.mode, day=day) if day else None

    def _since(self, day: date | None) -> str | None:
        return self.address(mode=self.page.mode, **{"from": day}) if day else None


def asked_of(sent: Mapping[str, str]) -> Asked:
    """Read what an address asks of the picker; what cannot be read is passed over."""
    return Asked(
        mode=sent.get("mode", ""),
        on=_day(sent.get("day", "")),
        from_on=_day(sent.get("from", "")),
        wanted_at=instant(sent.get("time", "")),
    )


def form_of(asked: Asked) -> Form:
    """Return the picker's form with the wanted time chosen."""
    return Form({"starts_at": asked.wanted_at.isoformat() if asked.wanted_at else ""})


def instant(text: str) -> datetime | None:
    """Return the aware instant written in ISO form, None when it is none of these centuries."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo and found.year in YEARS else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
