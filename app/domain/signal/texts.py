"""Record texts that are almost the same: close by their words, then compared letter by letter."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.calendar import Month
from app.domain.signal.finding import Found, Kind
from app.domain.signal.policy import SignalPolicy

_PIECE = 4


@dataclass(frozen=True, slots=True)
class Written:
    """The text of one record, who wrote it, and whom it was about.

    Attributes:
        group: who met whom about what on which day; parts of one service share it.
    """

    session_id: str
    expert_id: str
    day: date
    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two records by their places, whose texts are close by their words."""

    first: int
    second: int


def letters(text: str) -> str:
    """Return what of a text is said: letters and digits, small, without spaces and points."""
    return "".join(mark for mark in text.lower() if mark.isalnum())


def comparable(written: Collection[Written], policy: SignalPolicy) -> list[Written]:
    """Return the texts that are long enough to be compared, in order of the day."""
    enough = [each for each in written if len(letters(each.text)) >= policy.text_letters]
    return sorted(enough, key=lambda each: (each.day, each.session_id))


def same_texts(
    written: list[Written], close: Collection[Alike], policy: SignalPolicy
) -> Iterator[Found]:
    """Yield by expert and month the records that repeat an earlier one almost letter by letter.

    Args:
        written: what `comparable` returned.
        close: pairs of their places that are close by their words.
        policy: the thresholds.
    """
    pieces = {place: _pieces(written[place].text) for pair in close for place in _places(pair)}
    twins: dict[tuple[str, str], dict[int, set[int]]] = defaultdict(dict)
    for pair in close:
        earlier, later = sorted(_places(pair))
        one, other = written[earlier], written[later]
        if one.session_id == other.session_id or (one.group and one.group == other.group):
            continue
        if _shared(pieces[earlier], pieces[later]) >= policy.text_shared:
            key = other.expert_id, str(Month.of(other.day))
            twins[key].setdefault(later, set()).add(earlier)
    for (expert_id, month), repeats in sorted(twins.items()):
        yield _told(written, expert_id, month, repeats)


def _told(
    written: list[Written], expert_id: str, month: str, repeats: Mapping[int, set[int]]
) -> Found:
    # Of the records each repeats, the first one stands for all.
    places = sorted({*repeats, *(min(earlier) for earlier in repeats.values())})
    people = {written[place].expert_id for place in places}
    facts = {"records": len(repeats), "writers": len(people)}
    ids = tuple(dict.fromkeys(written[place].session_id for place in places))
    return Found(Kind.SAME_TEXT, f"{expert_id}:{month}", month, ids, facts, expert_id)


def _places(pair: Alike) -> tuple[int, int]:
    return pair.first, pair.second


def _pieces(text: str) -> frozenset[str]:
    said = letters(text)
    return frozenset(said[at : at + _PIECE] for at in range(max(1, len(said) - _PIECE + 1)))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
