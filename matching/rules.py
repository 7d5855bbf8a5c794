"""Say what forbids a pairing, each breach by the name of its rule."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from matching.types import ExpertProfile, Facts, Interest, NeedProfile

OUT_OF_TERM = "mentor_out_of_term"
CONFLICT = "conflict_of_interest"
CAPACITY = "capacity_reached"
PAUSED = "mentor_paused"

# Vocabulary `conflict_type`: years a tie lasts after its end (None: for good), after
# 财库〔2016〕198号 art. 16 and the Zhejiang rule.
_LOOK_BACK_YEARS: dict[str, int | None] = {
    "ci1_employment": 3,
    "ci2_board": 3,
    "ci3_controller": 3,
    "ci4_equity": 0,
    "ci5_kin": None,
    "ci6_dispute": 3,
    "ci7_regulator": 0,
    "ci8_prior_coach": 1,
    "ci9_paid_service": 3,
    "ci10_same_unit": 3,
    "ci11_competitor": 0,
    "ci12_other": None,
}
# Advice bears these when they are declared to the founder; a review bears none.
_DECLARED_IN_ADVICE = frozenset(
    {
        "ci1_employment",
        "ci7_regulator",
        "ci9_paid_service",
        "ci10_same_unit",
        "ci11_competitor",
        "ci12_other",
    }
)
_UNHEEDED_IN_ADVICE = frozenset({"ci8_prior_coach"})
_COMPANY_ENDING = re.compile(r"(股份有限公司|有限责任公司|有限公司|公司)$")
_PLACE = re.compile(r"^(山东省?|济南市?|历城区?)+(?=.{2})")
_TRADE = re.compile(
    r"(.{2,}?)((信息|网络|智能|生物|农业|电子)?科技|信息技术|网络|软件|商贸|贸易|工贸|电子商务"
    r"|(文化)?传媒|文化|(餐饮|企业)?管理|(管理)?咨询|餐饮|服务|实业|集团|农业)$"
)
_NOT_IN_NAME = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Breach:
    """Name a rule that forbids a pairing, with the facts it rests on."""

    rule: str
    facts: Facts = ()


def breaches(need: NeedProfile, expert: ExpertProfile, today: date) -> tuple[Breach, ...]:
    """Return every rule that forbids this pairing today; none means that it may be."""
    return tuple(_breaches(need, expert, today))


def declared_ties(need: NeedProfile, expert: ExpertProfile, today: date) -> tuple[str, ...]:
    """Return the kinds of ties that do not forbid the pairing, but must be told."""
    if need.session_type == "review":
        return ()
    kinds = {tie.kind for tie in _live_ties(need, expert, today)}
    return tuple(sorted(kinds & _DECLARED_IN_ADVICE))


def is_full(expert: ExpertProfile) -> bool:
    """Answer whether an expert carries as many needs as he may."""
    return expert.capacity is not None and expert.open_load >= expert.capacity


def _breaches(need: NeedProfile, expert: ExpertProfile, today: date) -> Iterator[Breach]:
    if not _is_in_term(expert, today):
        yield Breach(OUT_OF_TERM, (("today", today.isoformat()),))
    kinds = _forbidding_kinds(need, expert, today)
    if kinds:
        yield Breach(CONFLICT, (("kinds", ",".join(kinds)),))
    if is_full(expert):
        yield Breach(
            CAPACITY, (("open_load", str(expert.open_load)), ("capacity", str(expert.capacity)))
        )
    if expert.is_paused:
        yield Breach(PAUSED)


def _is_in_term(expert: ExpertProfile, today: date) -> bool:
    has_begun = expert.term_from_on is None or expert.term_from_on <= today
    has_ended = expert.term_until_on is not None and expert.term_until_on < today
    return has_begun and not has_ended


def _forbidding_kinds(need: NeedProfile, expert: ExpertProfile, today: date) -> list[str]:
    kinds = {tie.kind for tie in _live_ties(need, expert, today)}
    if need.session_type != "review":
        kinds -= _DECLARED_IN_ADVICE | _UNHEEDED_IN_ADVICE
    if need.founder_person_id and need.founder_person_id == expert.person_id:
        kinds.add("same_person")
    return sorted(kind or "unclassified" for kind in kinds)


def _live_ties(need: NeedProfile, expert: ExpertProfile, today: date) -> list[Interest]:
    return [tie for tie in expert.interests if _is_live(tie, today) and _meets(tie, need)]


def _is_live(tie: Interest, today: date) -> bool:
    years = _LOOK_BACK_YEARS.get(tie.kind)
    if tie.until_on is None or years is None:
        return True
    end = tie.until_on
    return (today.year - years, today.month, today.day) <= (end.year, end.month, end.day)


def _meets(tie: Interest, need: NeedProfile) -> bool:
    if tie.person_id and tie.person_id == need.founder_person_id:
        return True
    ours = {_bare(name) for name in (need.venture_name, need.venture_code, *need.linked_ventures)}
    theirs = {_bare(tie.organisation), _bare(tie.credit_code)}
    shared = (ours & (theirs | _short(theirs))) | (theirs & _short(ours))
    return bool(shared - {""})


def _bare(name: str) -> str:
    """Fold a name of a venture, so that 芯谷（有限公司） and 芯谷 are one."""
    folded = _NOT_IN_NAME.sub("", unicodedata.normalize("NFKC", name).casefold())
    return _COMPANY_ENDING.sub("", folded)


def _short(names: set[str]) -> set[str]:
    """Drop place and trade, so that people's 芯谷 is found in 济南芯谷科技 as well."""
    return {_PLACE.sub("", _TRADE.sub(r"\1", name)) for name in names}
