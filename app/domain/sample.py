"""Samples 抽查: drawn so that anybody draws them again by hand, and what the calls found."""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import NormalDist

from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.prose import faults

LARGEST = 1000
LONGEST_NUMBER = 20
LONGEST_SAID = 1000
# Agreement is printed with its Wilson score interval at this confidence.
CONFIDENCE = 0.95
# What a helper is asked for: confidences and margins in per cent.
CONFIDENCES = (90, 95, 99)
MARGINS = (2, 3, 5, 8, 10, 15, 20)
_DIGITS = re.compile(r"[0-9]*")


class Basis(StrEnum):
    """Which published head a sample is drawn from: the first after the closing, or the newest."""

    FIRST = "first"
    NEWEST = "newest"


class SampleResult(StrEnum):
    """What a call came to; who was not reached has said nothing yet."""

    AGREED = "agreed"
    DIFFERS = "differs"
    NOT_REACHED = "not_reached"


class Difference(StrEnum):
    """Which fact of a record somebody called tells otherwise."""

    DATE = "date"
    MINUTES = "minutes"
    PERSONS = "persons"
    NEVER_HAPPENED = "never_happened"


class NotClosedError(RuleError):
    """A sample is drawn of closed months only."""

    default_code = "sample.not_closed"


class HeadNotPublishedError(RuleError):
    """No head that covers the closing has been told to those who audit yet."""

    default_code = "sample.head_not_published"


class NothingToDrawError(RuleError):
    """The months hold no record."""

    default_code = "sample.nothing_to_draw"


class CallerHadHandError(RuleError):
    """Who served, entered or recorded the meeting cannot ask about it."""

    default_code = "sample.caller_had_hand"


class AlreadyAnsweredError(ConflictError):
    """Somebody has been reached about this record already."""

    default_code = "sample.already_answered"


@dataclass(frozen=True, slots=True)
class Drawable:
    """One record that may be drawn: its key, and the kind of service it belongs to."""

    id: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What somebody writes down of a call.

    Attributes:
        result: what came of it.
        called_at: when.
        differs: which facts were told otherwise; of a call that found a difference only.
        said: in words; of a call that reached nobody, a note if there is any.
    """

    result: SampleResult
    called_at: datetime
    differs: tuple[Difference, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with the bounds between which it lies, each from 0 to 1."""

    share: float
    low: float
    high: float


def seed_of(head_digest: str, number: str) -> str:
    """Return the seed: the digest of the head and the auditor's own number, nothing else."""
    return f"{head_digest}:{number}"


def ensure_number(number: str) -> str:
    """Return the auditor's own number, empty where he gives none.

    Raises:
        InvalidInputError: it holds something else than digits, or is too long.
    """
    if not _DIGITS.fullmatch(number):
        raise InvalidInputError.at("number", "sample.number_digits")
    if len(number) > LONGEST_NUMBER:
        raise InvalidInputError.at(
            "number", "input.too_long", longest=LONGEST_NUMBER, length=len(number)
        )
    return number


def ensure_size(size: int, population: int) -> int:
    """Return how many are drawn.

    Raises:
        InvalidInputError: none, more than there are, or more than anybody calls.
    """
    most = min(population, LARGEST)
    if not 1 <= size <= most:
        code = "input.too_small" if size < 1 else "sample.too_large"
        raise InvalidInputError.at("size", code, low=1, most=most)
    return size


def in_order(population: Iterable[Drawable], seed: str) -> list[Drawable]:
    """Return the records in the order in which they are drawn: by SHA-256 of seed and key."""
    return sorted(population, key=lambda each: _rank(seed, each.id))


def draw(
    population: Collection[Drawable],
    seed: str,
    size: int,
    quotas: Mapping[str, int] | None = None,
) -> list[str]:
    """Return the keys drawn, in order: the first ones, or of each kind as many as its quota."""
    if quotas is None:
        return [each.id for each in in_order(population, seed)[:size]]
    left, drawn = dict(quotas), []
    for each in in_order(population, seed):
        if left.get(each.kind, 0):
            left[each.kind] -= 1
            drawn.append(each.id)
    return drawn


def quotas_of(population: Iterable[Drawable], size: int) -> dict[str, int]:
    """Share the size out over the kinds of service by their records.

    Each kind has the whole part of its share; what is left goes to the largest remainders, the
    first in the alphabet where two are equal. A kind that would go without has one, taken from
    the kind with most, as long as the size reaches.
    """
    there = Counter(each.kind for each in population)
    total = there.total()
    exact = {kind: size * count / total for kind, count in sorted(there.items())}
    quotas = {kind: int(share) for kind, share in exact.items()}
    rest = sorted(exact, key=lambda kind: (quotas[kind] - exact[kind], kind))
    for kind in rest[: size - sum(quotas.values())]:
        quotas[kind] += 1
    if size >= len(quotas):
        for kind in [kind for kind, quota in quotas.items() if not quota]:
            quotas[max(quotas, key=lambda each: quotas[each])] -= 1
            quotas[kind] = 1
    return quotas


def list_hash(population: Iterable[Drawable]) -> str:
    """Return the SHA-256 over the sorted keys, one a line: which list was drawn from."""
    return hashlib.sha256("\n".join(sorted(each.id for each in population)).encode()).hexdigest()


def size_for(population: int, confidence: int, margin: int) -> int:
    """Return how many to draw so that a share is known within a margin.

    Cochran's size for the worst case, a share of one half, with the correction for a finite
    population.

    Args:
        population: how many records there are.
        confidence: in per cent.
        margin: to either side, in per cent.
    """
    z = NormalDist().inv_cdf((1 + confidence / 100) / 2)
    endless = z * z * 0.25 / (margin / 100) ** 2
    return min(population, math.ceil(endless / (1 + (endless - 1) / population)))


def wilson(agreed: int, asked: int) -> Interval | None:
    """Return the share that agreed with its Wilson score interval, None where nobody was asked."""
    if not asked:
        return None
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share = agreed / asked
    middle = (share + z * z / (2 * asked)) / (1 + z * z / asked)
    spread = z * math.sqrt(share * (1 - share) / asked + z * z / (4 * asked * asked))
    reach = spread / (1 + z * z / asked)
    return Interval(share, max(0.0, middle - reach), min(1.0, middle + reach))


def ensure_call(call: Call, drawn_at: datetime, now: datetime) -> Call:
    """Return the call as it is kept, its words trimmed.

    Raises:
        InvalidInputError: naming each field that is missing or cannot be so.
    """
    wrong = _untimely(call, drawn_at, now)
    is_different = call.result is SampleResult.DIFFERS
    if is_different != bool(call.differs):
        wrong.append(FieldError("differs", "sample.say_what_differs"))
    if is_different or call.said.strip():
        wrong += faults("said", call.said, LONGEST_SAID)
    if wrong:
        raise InvalidInputError(errors=wrong)
    differs = tuple(each for each in Difference if each in call.differs)
    return Call(
        result=call.result, called_at=call.called_at, differs=differs, said=call.said.strip()
    )


def _untimely(call: Call, drawn_at: datetime, now: datetime) -> list[FieldError]:
    # Calls are told to the minute.
    if call.called_at < drawn_at.replace(second=0, microsecond=0):
        return [FieldError("called_at", "sample.call_too_early")]
    return [FieldError("called_at", "sample.call_in_future")] if call.called_at > now else []


def _rank(seed: str, key: str) -> tuple[str, str]:
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest(), key
