import copy
import importlib
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import ExpertProfile, Interest, Load, Matcher, NeedProfile
from matching.rules import Screen, breaches
from tests.unit.matching.profiles import a_need, an_expert

TODAY = date(2026, 9, 1)
DAYS = st.none() | st.dates(date(2026, 8, 30), date(2026, 9, 3))
NAMES = st.sampled_from(["", "青桥", "青桥科技有限公司", "云湖"])
# Facts of each kind that may or may not break a rule; a new fact gets values by its type.
FACTS: dict[str, st.SearchStrategy[Any]] = {
    "organisation": NAMES,
    "person_id": st.sampled_from(["", "p1", "p2"]),
    "interests": st.lists(
        st.builds(
            Interest,
            organisation=NAMES,
            person_id=st.sampled_from(["", "p1"]),
            kind=st.sampled_from(["", "ci1_employment", "ci4_equity", "ci5_kin"]),
            until_on=DAYS,
        ),
        max_size=2,
    ).map(tuple),
    "term_from_on": DAYS,
    "term_until_on": DAYS,
    "is_paused": st.booleans(),
    "open_load": st.integers(0, 3),
    "capacity": st.none() | st.integers(0, 3),
    "modes": st.lists(st.sampled_from(["online", "onsite"]), max_size=2).map(tuple),
    "languages": st.lists(st.sampled_from(["zh", "en"]), max_size=2).map(tuple),
    "loads": st.lists(
        st.builds(Load, st.just("month"), st.integers(0, 2), st.integers(1, 2)), max_size=1
    ).map(tuple),
    "ventures": st.lists(NAMES, max_size=2).map(tuple),
    "paired_projects": st.lists(st.sampled_from(["v1", "v2"]), max_size=2, unique=True).map(tuple),
    "most_projects": st.none() | st.integers(0, 2),
}
WORDS = {
    "expert_id", "category", "name", "title", "bio", "expertise", "industries", "topics",
    "stages", "areas",
}  # fmt: skip


def experts() -> st.SearchStrategy[ExpertProfile]:
    hints = get_type_hints(ExpertProfile)
    facts = {
        field.name: FACTS.get(field.name, st.from_type(hints[field.name]))
        for field in fields(ExpertProfile)
        if field.name not in WORDS
    }
    return st.builds(an_expert, **facts)


def needs() -> st.SearchStrategy[NeedProfile]:
    return st.builds(
        a_need,
        text=st.sampled_from(["想注册公司", "How do I register?", ""]),
        session_type=st.sampled_from(["consultation", "review", "tutoring"]),
        venture_name=NAMES,
        venture_code=NAMES,
        linked_ventures=st.lists(NAMES, max_size=2).map(tuple),
        language=st.sampled_from(["", "zh", "en"]),
        project_id=st.sampled_from(["", "v1"]),
        founder_person_id=st.sampled_from(["", "p1"]),
        modes=FACTS["modes"],
    )


@given(needs(), st.lists(experts(), max_size=6))
def test_screening_says_what_asking_the_rules_about_everybody_says(
    need: NeedProfile, pool: Sequence[ExpertProfile]
) -> None:
    asked = {place: breaches(need, expert, TODAY) for place, expert in enumerate(pool)}
    assert dict(Screen.of(pool).breaches(need, TODAY)) == {
        at: some for at, some in asked.items() if some
    }


def test_a_founder_unknown_by_person_is_nobody_of_the_pool() -> None:
    assert Screen.of([an_expert(person_id="")]).breaches(a_need(), TODAY) == {}


def test_what_keeps_out_is_worded_alike_each_time_and_in_a_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = [an_expert(f"E{at}", capacity=at + 1, open_load=at + 1) for at in range(3)]
    matcher = Matcher().fit(full)
    first = matcher.propose(a_need(), today=TODAY).exclusions
    assert len({each.text for each in first}) == 3
    assert matcher.propose(a_need(), today=TODAY).exclusions == first
    assert copy.deepcopy(matcher).propose(a_need(), today=TODAY).exclusions == first
    monkeypatch.setattr(importlib.import_module("matching.explain.exclusions"), "_MOST_TOLD", 2)
    assert matcher.propose(a_need(), today=TODAY).exclusions == first
