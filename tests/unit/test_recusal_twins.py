"""The application and the matching library judge ties each for itself; here they must agree."""

import itertools
import json
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from app.domain.recusal import (
    CONFLICT_TYPES,
    Background,
    Counterpart,
    Effect,
    Interest,
    forbidding,
    ties,
)
from matching import ExpertProfile, NeedProfile
from matching import Interest as TieOfProfile
from matching.rules import declared_ties, forbidding_ties

VOCABULARIES = Path(__file__).parents[2] / "seeds" / "reference" / "vocabularies.json"
FOUNDER, EXPERT, STRANGER = UUID(int=1), UUID(int=2), UUID(int=3)
CODE, OTHER_CODE = "91350100M000100Y43", "91110000600037341L"
DAY = date(2026, 9, 16)
SPANS = (
    (None, None),
    (None, date(2026, 9, 16)),
    (None, date(2026, 9, 15)),
    (None, date(2025, 9, 16)),
    (None, date(2025, 9, 15)),
    (None, date(2023, 9, 16)),
    (None, date(2023, 9, 15)),
    (None, date(2023, 2, 28)),
    (None, date(1990, 1, 1)),
    (None, date.max),
    (date(2026, 9, 16), None),
    (date(2026, 9, 17), None),
)
# Whom the tie names, and the founder's venture with its code.
MEETINGS = (
    ("青桥科技", None, None, "青桥科技有限公司", None),
    ("青桥", None, None, "山东青桥餐饮管理有限公司", None),
    ("济南芯谷智联科技有限公司", None, None, "芯谷智联", None),
    ("青桥商贸", None, None, "青桥科技", None),
    ("科技有限公司", None, None, "青桥科技", None),
    ("", None, None, "", None),
    ("公司", None, None, "有限公司", None),
    ("青桥科技", CODE, None, "青桥科技", None),
    ("青桥科技", OTHER_CODE, None, "青桥科技", CODE),
    ("别的名字", CODE, None, "青桥科技", CODE),
    ("", None, FOUNDER, "青桥科技", None),
    ("", None, STRANGER, "青桥科技", None),
)
SERVICES = ("consultation", "tutoring", "review")
BIRTHPLACES = (
    ("青桥科技", (), "青桥科技有限公司", None, EXPERT),
    ("青桥", (), "青桥科技有限公司", None, EXPERT),
    ("区政务中心", (("青桥", None),), "青桥科技有限公司", None, EXPERT),
    ("区政务中心", (("青桥", CODE),), "改了名字", CODE, EXPERT),
    ("区政务中心", (("晨光", None),), "青桥科技", None, EXPERT),
    ("区政务中心", (), "青桥科技", None, FOUNDER),
    ("", (), "", None, EXPERT),
)


def verdicts(background: Background, expert: ExpertProfile, need: NeedProfile) -> tuple[list, list]:
    """Return what each of the two forbids and has told."""
    code = need.venture_code or None
    side = Counterpart(frozenset({FOUNDER}), need.venture_name, code)
    found = ties(background, side, DAY, is_review=need.session_type == "review")
    ours = (
        {tie.kind: tie.effect.value for tie in forbidding(found)},
        {tie.kind for tie in found if tie.effect is Effect.DECLARED},
    )
    theirs = (
        {tie.kind: tie.effect for tie in forbidding_ties(need, expert, DAY)},
        set(declared_ties(need, expert, DAY)),
    )
    return list(ours), list(theirs)


def a_need(venture: str, code: str | None, service: str) -> NeedProfile:
    return NeedProfile(
        "N1",
        "想注册公司",
        session_type=service,
        venture_name=venture,
        venture_code=code or "",
        founder_person_id=str(FOUNDER),
    )


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("kind", CONFLICT_TYPES)
def test_both_judge_every_declared_tie_alike(kind: str, service: str) -> None:
    forbidden = 0
    for (begins, ends), (name, code, person, venture, its) in itertools.product(SPANS, MEETINGS):
        declared = Interest(kind, name, code, person, begins, ends)
        of_profile = TieOfProfile(name, code or "", str(person or ""), kind, ends, begins)
        ours, theirs = verdicts(
            Background(interests=(declared,)),
            ExpertProfile("E1", "scholar", interests=(of_profile,)),
            a_need(venture, its, service),
        )
        assert ours == theirs, (declared, venture, its)
        forbidden += bool(ours[0])
    is_borne = CONFLICT_TYPES[kind].in_advice in (Effect.DECLARED, Effect.UNHEEDED)
    assert bool(forbidden) is (service == "review" or not is_borne)


@pytest.mark.parametrize(("organisation", "ventures", "venture", "code", "person"), BIRTHPLACES)
def test_both_know_an_experts_own_venture(organisation, ventures, venture, code, person) -> None:
    named = tuple(word for pair in ventures for word in pair if word)
    ours, theirs = verdicts(
        Background(frozenset({person}), organisation, ventures),
        ExpertProfile(
            "E1", "scholar", organisation=organisation, ventures=named, person_id=str(person)
        ),
        a_need(venture, code, "consultation"),
    )
    assert ours == theirs


def test_the_table_is_that_of_the_vocabulary() -> None:
    rows = json.loads(VOCABULARIES.read_text("utf-8"))["conflict_type"]["rows"]
    assert [row["code"] for row in rows] == list(CONFLICT_TYPES)
    in_advice = {
        "block": Effect.FORBIDS,
        "block unless waived": Effect.WAIVABLE,
        # Noted by the officers who waive it.
        "founder must consent": Effect.WAIVABLE,
        "declare": Effect.DECLARED,
        "declare: general guidance only": Effect.DECLARED,
        "none": Effect.UNHEEDED,
    }
    years = {"3 years": 3, "12 months": 1, "current": 0, "always": None, "": None}
    for row in rows:
        kind = CONFLICT_TYPES[row["code"]]
        assert kind.in_advice is in_advice[row["advice"]], row
        assert kind.years == years[row["look_back"]], row
