"""Find what ties an expert to a founder, and what each tie does to a pairing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from matching.rules.names import are_one, bare
from matching.types import Effect, ExpertProfile, Interest, NeedProfile

SAME_PERSON = "same_person"
OWN_VENTURE = "own_venture"
UNCLASSIFIED = "unclassified"
REVIEW = "review"


@dataclass(frozen=True, slots=True)
class _Kind:
    """Hold what a kind of tie does to advice, and the years it lasts after its end."""

    in_advice: Effect
    years: int | None


# Vocabulary `conflict_type`, after 财库〔2016〕198号 art. 16 and the Zhejiang rule; years None:
# for good. The application has the same table, and a test holds one to the other.
_KINDS: Mapping[str, _Kind] = {
    "ci1_employment": _Kind("declared", 3),
    "ci2_board": _Kind("waivable", 3),
    "ci3_controller": _Kind("waivable", 3),
    "ci4_equity": _Kind("waivable", 0),
    "ci5_kin": _Kind("waivable", None),
    "ci6_dispute": _Kind("forbids", 3),
    "ci7_regulator": _Kind("declared", 0),
    "ci8_prior_coach": _Kind("unheeded", 1),
    "ci9_paid_service": _Kind("declared", 3),
    "ci10_same_unit": _Kind("declared", 3),
    "ci11_competitor": _Kind("waivable", 0),
    "ci12_other": _Kind("declared", None),
}
# What nobody has classified is taken for the gravest.
_UNKNOWN = _Kind("forbids", None)


@dataclass(frozen=True, slots=True)
class Tie:
    """Name a tie that binds for a need today.

    `effect` says what it does for this kind of service, `in_advice` what it would do in
    advice. `last_on` is the last day on which it binds, None when it has no end.
    """

    kind: str
    effect: Effect
    in_advice: Effect
    last_on: date | None = None


def ties(need: NeedProfile, expert: ExpertProfile, today: date) -> Iterator[Tie]:
    """Yield what ties the expert to the founder today."""
    yield from _own(need, expert)
    for interest in expert.interests:
        last_on = _last_day(interest)
        if interest.effect:
            kind = _KINDS.get(interest.kind)
            in_advice = kind.in_advice if kind else interest.effect
            yield Tie(interest.kind or UNCLASSIFIED, interest.effect, in_advice, last_on)
        elif _is_live(interest, last_on, today) and _meets(interest, need):
            yield _classified(interest, need, last_on)


def forbidding_ties(need: NeedProfile, expert: ExpertProfile, today: date) -> tuple[Tie, ...]:
    """Return the ties that forbid the pairing today, also those that could be waived."""
    return tuple(tie for tie in ties(need, expert, today) if tie.effect in ("forbids", "waivable"))


def declared_ties(need: NeedProfile, expert: ExpertProfile, today: date) -> tuple[str, ...]:
    """Return the kinds of ties that do not forbid the pairing, but must be told."""
    found = {tie.kind for tie in ties(need, expert, today) if tie.effect == "declared"}
    return tuple(sorted(found))


def _own(need: NeedProfile, expert: ExpertProfile) -> Iterator[Tie]:
    if need.founder_person_id and need.founder_person_id == expert.person_id:
        yield Tie(SAME_PERSON, "forbids", "forbids")
    theirs = (need.venture_name, need.venture_code, *need.linked_ventures)
    # Where somebody works is written in full; a short form would meet too many.
    place = bare(expert.organisation)
    works_there = bool(place) and place in map(bare, theirs)
    if works_there or are_one(expert.ventures, theirs):
        yield Tie(OWN_VENTURE, "forbids", "forbids")


def _classified(interest: Interest, need: NeedProfile, last_on: date | None) -> Tie:
    in_advice = _KINDS.get(interest.kind, _UNKNOWN).in_advice
    # Who judges bears no tie at all.
    effect: Effect = "forbids" if need.session_type == REVIEW else in_advice
    return Tie(interest.kind or UNCLASSIFIED, effect, in_advice, last_on)


def _is_live(interest: Interest, last_on: date | None, today: date) -> bool:
    has_begun = interest.from_on is None or interest.from_on <= today
    return has_begun and (last_on is None or today <= last_on)


def _last_day(interest: Interest) -> date | None:
    years = _KINDS.get(interest.kind, _UNKNOWN).years
    end = interest.until_on
    if end is None or years is None or end.year + years > date.max.year:
        return None
    try:
        return end.replace(year=end.year + years)
    except ValueError:  # 29 February has no like in most years
        return end.replace(year=end.year + years, month=3, day=1) - timedelta(days=1)


def _meets(interest: Interest, need: NeedProfile) -> bool:
    if interest.person_id and interest.person_id == need.founder_person_id:
        return True
    held = (interest.organisation, interest.credit_code)
    if are_one(held, need.linked_ventures):
        return True
    if interest.credit_code and need.venture_code:
        # The code is surer than the name.
        return bare(interest.credit_code) == bare(need.venture_code)
    return are_one(held, (need.venture_name, need.venture_code))
