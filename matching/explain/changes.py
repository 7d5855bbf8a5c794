"""Say what would let an expert in whom a rule keeps out."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

from matching.explain.exclusions import shown
from matching.explain.wording import CHANGES, NEXT_PERIODS, WEEKDAYS, worded
from matching.rules import (
    CAPACITY,
    CONFLICT,
    LANGUAGE,
    MODE,
    NO_TIME,
    OUT_OF_TERM,
    PAIRINGS,
    PAUSED,
    Breach,
    forbidding_ties,
)
from matching.types import Change, ExpertProfile, NeedProfile

_NOON, _EVENING = 12, 18
_ONE_DAY = timedelta(days=1)
# Advice is what a tie bears most easily, and what makes no pairing.
_EASIEST = "consultation"


def rule_changes(
    need: NeedProfile, expert: ExpertProfile, breach: Breach, today: date
) -> tuple[Change, ...]:
    """Return what would lift a breach, the smallest change first; empty where nothing would."""
    return tuple(_LIFTS[breach.rule](need, expert, dict(breach.facts), today))


def change(code: str, **facts: str) -> Change:
    """Word a change with the facts it rests on."""
    return _change(code, {}, **facts)


def _term(
    _need: NeedProfile, expert: ExpertProfile, _facts: Mapping[str, str], today: date
) -> Iterator[Change]:
    begins = expert.term_from_on
    if begins is not None and begins > today:
        yield _on("term_begins", begins)
    else:
        yield change("term_renewed")


def _conflict(
    need: NeedProfile, expert: ExpertProfile, _facts: Mapping[str, str], today: date
) -> Iterator[Change]:
    found = forbidding_ties(need, expert, today)
    if all(tie.in_advice in ("declared", "unheeded") for tie in found):
        yield change("another_service", service=_EASIEST)
    if all(tie.effect == "waivable" for tie in found):
        yield change("waiver")
    ends = [tie.last_on for tie in found if tie.last_on is not None]
    if len(ends) == len(found) and max(ends) < date.max:
        yield _on("recusal_over", max(ends) + _ONE_DAY)


def _capacity(
    _need: NeedProfile, _expert: ExpertProfile, facts: Mapping[str, str], today: date
) -> Iterator[Change]:
    period = facts["period"]
    if facts["limit"] == "0":
        yield change("limit_raised", period=period)
    elif not period:
        yield change("place_freed")
    else:
        yield _next(period, today)


def _paused(*_: object) -> Iterator[Change]:
    yield change("pause_ended")


def _pairings(
    _need: NeedProfile, _expert: ExpertProfile, _facts: Mapping[str, str], today: date
) -> Iterator[Change]:
    yield change("another_service", service=_EASIEST)
    yield change("cap_waived")
    yield _next("year", today)


def _language(_need: NeedProfile, expert: ExpertProfile, *_: object) -> Iterator[Change]:
    yield change("another_language", language=expert.languages[0])


def _mode(_need: NeedProfile, expert: ExpertProfile, *_: object) -> Iterator[Change]:
    yield change("another_mode", mode=expert.modes[0])


def _time(_need: NeedProfile, expert: ExpertProfile, *_: object) -> Iterator[Change]:
    at = expert.taken_at
    if at is None:
        yield change("time_opened")
    else:
        yield _change("time_freed", {"when": _when(at)}, at=at.isoformat())


def _next(period: str, today: date) -> Change:
    words, from_on = {"next_period": NEXT_PERIODS[period]}, _after(period, today)
    return _change("next_period", words, period=period, from_on=from_on.isoformat())


def _on(code: str, day: date) -> Change:
    words = {"from_on": f"{day.year}年{day.month}月{day.day}日"}
    return _change(code, words, from_on=day.isoformat())


def _change(code: str, words: Mapping[str, str], **facts: str) -> Change:
    """Word a change; words stand beside its facts, or in place of them."""
    known = tuple(facts.items())
    return Change(code, worded(CHANGES[code], {**shown(known), **words}), known)


def _when(at: datetime) -> str:
    part = "上午" if at.hour < _NOON else "下午" if at.hour < _EVENING else "晚上"
    return f"{at.month}月{at.day}日（周{WEEKDAYS[at.weekday()]}）{part}"


def _after(period: str, today: date) -> date:
    """Return the first day after the running period."""
    if period == "week":
        return today + _ONE_DAY * (7 - today.weekday())
    if period == "month":
        return (today.replace(day=28) + _ONE_DAY * 4).replace(day=1)
    return date(today.year + 1, 1, 1)


_LIFTS: Mapping[str, Callable[..., Iterator[Change]]] = {
    OUT_OF_TERM: _term,
    CONFLICT: _conflict,
    CAPACITY: _capacity,
    PAUSED: _paused,
    PAIRINGS: _pairings,
    LANGUAGE: _language,
    MODE: _mode,
    NO_TIME: _time,
}
