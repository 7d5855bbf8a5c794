"""Recusal 回避: what ties an expert to a founder's side on a day, and what each tie forbids."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.domain.company_name import is_same_name, may_be_one
from app.domain.person import with_doubles

SAME_PERSON = "same_person"
OWN_VENTURE = "own_venture"
REGULATOR = "ci7_regulator"
PRIOR_COACH = "ci8_prior_coach"
REVIEW = "review"

Named = tuple[str, str | None]


class Effect(StrEnum):
    """What a tie does: forbids, forbids unless two officers waive it, must be told, or nothing."""

    FORBIDS = "forbids"
    WAIVABLE = "waivable"
    DECLARED = "declared"
    UNHEEDED = "unheeded"


class Guidance(StrEnum):
    """How far advice of an official may go, as both sides are told (requirements E6).

    General: he speaks for no authority. Restricted: he decides on what the founder applied for.
    """

    GENERAL = "general"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class ConflictType:
    """A row of vocabulary conflict_type: its effect on advice, and the years it looks back.

    No years means for good; 0 means while it stands.
    """

    in_advice: Effect
    years: int | None


# 财库〔2016〕198号 art. 16 and the Zhejiang rule (requirements E1-E7). The matcher has the same
# table for those who use it without the application; a test holds one to the other.
CONFLICT_TYPES: dict[str, ConflictType] = {
    "ci1_employment": ConflictType(Effect.DECLARED, 3),
    "ci2_board": ConflictType(Effect.WAIVABLE, 3),
    "ci3_controller": ConflictType(Effect.WAIVABLE, 3),
    "ci4_equity": ConflictType(Effect.WAIVABLE, 0),
    "ci5_kin": ConflictType(Effect.WAIVABLE, None),
    "ci6_dispute": ConflictType(Effect.FORBIDS, 3),
    REGULATOR: ConflictType(Effect.DECLARED, 0),
    PRIOR_COACH: ConflictType(Effect.UNHEEDED, 1),
    "ci9_paid_service": ConflictType(Effect.DECLARED, 3),
    "ci10_same_unit": ConflictType(Effect.DECLARED, 3),
    "ci11_competitor": ConflictType(Effect.WAIVABLE, 0),
    "ci12_other": ConflictType(Effect.DECLARED, None),
}
WAIVABLE_TYPES = frozenset(
    code for code, kind in CONFLICT_TYPES.items() if kind.in_advice is Effect.WAIVABLE
)


@dataclass(frozen=True, slots=True)
class Interest:
    """An interest as an expert declared it, in a company, a person, or both."""

    conflict_type: str
    organisation: str
    credit_code: str | None = None
    person_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    def is_live(self, day: date) -> bool:
        """Tell whether the interest stands on the day or still looks back on it."""
        if self.starts_on is not None and day < self.starts_on:
            return False
        return binds(self.conflict_type, self.ends_on, day)


@dataclass(frozen=True, slots=True)
class Background:
    """What of an expert can tie him.

    Attributes:
        person_ids: himself, under every record of his.
        organisation: where he works.
        ventures: name and code of each venture he belongs to.
        interests: what he declared.
        advised_on: the last day on which he advised the founder's side, as the service knows.
    """

    person_ids: frozenset[UUID] = frozenset()
    organisation: str = ""
    ventures: tuple[Named, ...] = ()
    interests: tuple[Interest, ...] = ()
    advised_on: date | None = None


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Who is advised: the persons of the venture, its name and code as far as known."""

    person_ids: frozenset[UUID]
    venture_name: str | None = None
    credit_code: str | None = None
    other_ventures: tuple[Named, ...] = ()
    venture_ids: frozenset[UUID] = frozenset()

    @property
    def ventures(self) -> tuple[Named, ...]:
        """Return name and code of every venture of the founder's side."""
        return ((self.venture_name or "", self.credit_code), *self.other_ventures)


class KnownVenture(Protocol):
    """A venture as recusal knows it."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def credit_code(self) -> str | None:
        """Its 统一社会信用代码, once it is registered."""

    @property
    def members(self) -> frozenset[UUID]:
        """The people who belong to it."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that binds on the day, and what it does for the kind of service asked for.

    `ends_on` is when it ended or will end; it binds as long as its kind looks back.
    """

    kind: str
    effect: Effect
    ends_on: date | None = None

    @property
    def is_waivable(self) -> bool:
        """Tell whether two officers may let the pairing pass all the same."""
        return self.effect is Effect.WAIVABLE


def side_of(
    persons: Collection[UUID],
    venture_id: UUID | None,
    ventures: Mapping[UUID, KnownVenture],
    aliases: Mapping[str, str],
) -> Counterpart:
    """Return the founder's side: all ventures of the persons, and all their people.

    Leaving the venture out of a need hides nothing, nor does a second record of a person.

    Args:
        persons: who is advised.
        venture_id: the venture that is advised, if any.
        ventures: at least that one, and those the persons belong to.
        aliases: for each double of a person the person it stands for.
    """
    everybody = with_doubles(persons, aliases)
    own = {
        key: venture
        for key, venture in ventures.items()
        if key == venture_id or not venture.members.isdisjoint(everybody)
    }
    keys = frozenset(own)
    members = frozenset[UUID]().union(*(venture.members for venture in own.values()))
    asked = own.pop(venture_id, None) if venture_id else None
    others = sorted(((each.name, each.credit_code) for each in own.values()), key=str)
    return Counterpart(
        person_ids=with_doubles(everybody | members, aliases),
        venture_name=asked.name if asked else None,
        credit_code=asked.credit_code if asked else None,
        other_ventures=tuple(others),
        venture_ids=keys,
    )


def ties(
    expert: Background, side: Counterpart, day: date, *, is_review: bool = False
) -> tuple[Tie, ...]:
    """Return everything that ties the expert to the founder's side on the day."""
    return tuple(_ties(expert, side, day, is_review))


def forbidding(found: Iterable[Tie], waived: Collection[str] = ()) -> tuple[Tie, ...]:
    """Return the ties that forbid the pairing, those left out that two officers have waived."""
    return tuple(
        tie
        for tie in found
        if tie.effect is Effect.FORBIDS
        or (tie.effect is Effect.WAIVABLE and tie.kind not in waived)
    )


def guidance(is_official: bool, found: Iterable[Tie]) -> Guidance | None:
    """Return how far the advice may go, None where nothing limits it."""
    if any(tie.kind == REGULATOR for tie in found):
        return Guidance.RESTRICTED
    return Guidance.GENERAL if is_official else None


def binds(conflict_type: str, ends_on: date | None, day: date) -> bool:
    """Tell whether a tie that ended, or ends, then still binds on the day."""
    years = CONFLICT_TYPES[conflict_type].years
    if ends_on is None or years is None:
        return True
    # In years of the calendar: what ended on 29 February binds to the last of a February.
    back = (day.year - years, day.month, day.day)
    return back <= (ends_on.year, ends_on.month, ends_on.day)


def _ties(expert: Background, side: Counterpart, day: date, is_review: bool) -> Iterator[Tie]:
    if expert.person_ids & side.person_ids:
        yield Tie(SAME_PERSON, Effect.FORBIDS)
    if _is_own(expert, side):
        yield Tie(OWN_VENTURE, Effect.FORBIDS)
    for interest in expert.interests:
        if interest.is_live(day) and _concerns(interest, side):
            yield _tie(interest.conflict_type, is_review, interest.ends_on)
    if expert.advised_on is not None and binds(PRIOR_COACH, expert.advised_on, day):
        yield _tie(PRIOR_COACH, is_review, expert.advised_on)


def _tie(conflict_type: str, is_review: bool, ends_on: date | None) -> Tie:
    # Who judges bears no tie at all (requirements E7).
    effect = Effect.FORBIDS if is_review else CONFLICT_TYPES[conflict_type].in_advice
    return Tie(conflict_type, effect, ends_on)


def _is_own(expert: Background, side: Counterpart) -> bool:
    # Where somebody works is written in full; a short form would meet too many.
    if any(is_same_name(expert.organisation, name) for name, _ in side.ventures):
        return True
    return any(
        _are_one(own_name, own_code, name, code)
        for own_name, own_code in expert.ventures
        for name, code in side.ventures
    )


def _concerns(interest: Interest, side: Counterpart) -> bool:
    if interest.person_id is not None and interest.person_id in side.person_ids:
        return True
    return any(
        _are_one(interest.organisation, interest.credit_code, name, code)
        for name, code in side.ventures
    )


def may_tie_by_name(name: str, code: str | None, other_name: str, other_code: str | None) -> bool:
    """Tell whether two firms may be one, so that who belongs to one stands aside for the other."""
    return is_same_name(name, other_name) or _are_one(name, code, other_name, other_code)


def _are_one(name: str, code: str | None, other_name: str, other_code: str | None) -> bool:
    # The code is surer than the name.
    if code and other_code:
        return code == other_code
    return may_be_one(name, other_name)
