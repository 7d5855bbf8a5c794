"""Ask every rule about a pairing."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from matching.rules.languages import need_language
from matching.rules.ties import forbidding_ties
from matching.types import ExpertProfile, Facts, NeedProfile

OUT_OF_TERM = "mentor_out_of_term"
CONFLICT = "conflict_of_interest"
CAPACITY = "capacity_reached"
PAUSED = "mentor_paused"
PAIRINGS = "pairing_cap_reached"
LANGUAGE = "language_mismatch"
MODE = "mode_mismatch"
NO_TIME = "no_common_time"

# 个别辅导 is what makes a pairing 结对; a question answered once does not.
_PAIRING_SERVICES = frozenset({"tutoring"})


class Breach(NamedTuple):
    """Name a rule that forbids a pairing, with the facts it rests on."""

    rule: str
    facts: Facts = ()


def breaches(need: NeedProfile, expert: ExpertProfile, today: date) -> tuple[Breach, ...]:
    """Return every rule that forbids this pairing today; none means that it may be."""
    return tuple(_breaches(need, expert, today))


def places_left(expert: ExpertProfile) -> int | None:
    """Return how many more services an expert may take at present, None for no limit."""
    left = [load.limit - load.booked for load in expert.loads]
    if expert.capacity is not None:
        left.append(expert.capacity - expert.open_load)
    return max(0, min(left)) if left else None


def _breaches(need: NeedProfile, expert: ExpertProfile, today: date) -> Iterator[Breach]:
    if not _is_in_term(expert, today):
        yield Breach(OUT_OF_TERM, (("today", today.isoformat()),))
    kinds = sorted({tie.kind for tie in forbidding_ties(need, expert, today)})
    if kinds:
        yield Breach(CONFLICT, (("kinds", ",".join(kinds)),))
    yield from standing_breaches(expert)
    yield from _pairings(need, expert)
    yield from meeting_breaches(need, expert)


def standing_breaches(expert: ExpertProfile) -> Iterator[Breach]:
    """Ask what stands in the way whoever asks, as the profile says it."""
    yield from _capacity(expert)
    if expert.is_paused:
        yield Breach(PAUSED)
    if expert.has_common_time is False:
        yield Breach(NO_TIME)


def _is_in_term(expert: ExpertProfile, today: date) -> bool:
    has_begun = expert.term_from_on is None or expert.term_from_on <= today
    has_ended = expert.term_until_on is not None and expert.term_until_on < today
    return has_begun and not has_ended


def _capacity(expert: ExpertProfile) -> Iterator[Breach]:
    held: list[tuple[str, int, int]] = [
        (load.period, load.booked, load.limit) for load in expert.loads
    ]
    if expert.capacity is not None:
        held.append(("", expert.open_load, expert.capacity))
    for period, booked, limit in held:
        if booked >= limit:
            facts = (("period", period), ("booked", str(booked)), ("limit", str(limit)))
            yield Breach(CAPACITY, facts)


def _pairings(need: NeedProfile, expert: ExpertProfile) -> Iterator[Breach]:
    paired, most = expert.paired_projects, expert.most_projects
    if most is None or need.session_type not in _PAIRING_SERVICES or need.project_id in paired:
        return
    if len(paired) >= most:
        yield Breach(PAIRINGS, (("paired", str(len(paired))), ("most", str(most))))


def meeting_breaches(need: NeedProfile, expert: ExpertProfile) -> Iterator[Breach]:
    """Ask whether the two could talk; what a profile leaves open stands in no way.

    Depends on nothing of the expert but languages and modes.
    """
    language = need_language(need)
    if language and expert.languages and language not in expert.languages:
        facts = (("language", language), ("languages", ",".join(expert.languages)))
        yield Breach(LANGUAGE, facts)
    if need.modes and expert.modes and not set(need.modes) & set(expert.modes):
        yield Breach(MODE, (("wanted", ",".join(need.modes)), ("offered", ",".join(expert.modes))))
