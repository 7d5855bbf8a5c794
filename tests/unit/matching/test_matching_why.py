from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from matching import Change, ExpertProfile, Explanation, Interest, Load, Matcher, NeedProfile
from matching.explain import wording
from matching.pipeline.why import Rivals
from tests.unit.matching.profiles import a_matcher, a_need, an_expert, collection

TODAY = date(2026, 9, 16)  # a Wednesday
EVERYBODY = 100


def why(need: NeedProfile, expert: ExpertProfile, *others: ExpertProfile) -> Explanation:
    return Matcher().fit([expert, *others]).why(need, expert.expert_id, today=TODAY)


def told(changes: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(change.code, change.text) for change in changes]


@pytest.mark.parametrize("number", [0, 2, 5])
def test_everybody_stands_where_the_proposal_puts_him_and_for_its_reasons(number: int) -> None:
    need, matcher = collection().needs[number], a_matcher()
    shortlist = matcher.propose(need, k=EVERYBODY, today=TODAY)
    kept_out = {each.expert_id for each in shortlist.exclusions}
    for rank, candidate in enumerate(shortlist.candidates, start=1):
        found = matcher.why(need, candidate.expert_id, today=TODAY)
        assert (found.rank, found.rank_without_rules) == (rank, rank)
        assert (found.candidate, found.exclusions) == (candidate, ())
        assert found.total == len(shortlist.candidates)
    for expert_id in kept_out:
        found = matcher.why(need, expert_id, today=TODAY)
        assert found.rank is None
        assert found.total == len(shortlist.candidates)
        assert found.exclusions == tuple(
            each for each in shortlist.exclusions if each.expert_id == expert_id
        )
        assert found.candidate.expert_id == expert_id


def test_nobody_is_asked_after_who_is_not_of_the_pool() -> None:
    with pytest.raises(ValueError, match="nobody of the pool has the id X99"):
        a_matcher().why(a_need(), "X99", today=TODAY)


TUTORING = {"session_type": "tutoring", "project_id": "V9"}
VENTURE = {"venture_name": "青桥"}
STAKE = Interest("青桥", kind="ci4_equity")


@pytest.mark.parametrize(
    ("need", "facts", "changes"),
    [
        (
            {},
            {"term_from_on": date(2026, 10, 1)},
            [("term_begins", "聘期2026年10月1日开始以后")],
        ),
        ({}, {"term_until_on": date(2026, 9, 15)}, [("term_renewed", "聘任手续办好以后")]),
        ({}, {"is_paused": True}, [("pause_ended", "这位导师恢复接待以后")]),
        ({}, {"loads": (Load("week", 2, 2),)}, [("next_period", "下周可约")]),
        ({}, {"loads": (Load("month", 2, 2),)}, [("next_period", "下月可约")]),
        ({}, {"loads": (Load("year", 2, 2),)}, [("next_period", "明年可约")]),
        ({}, {"loads": (Load("month", 0, 0),)}, [("limit_raised", "这位导师放开本月的名额以后")]),
        ({}, {"capacity": 1, "open_load": 1}, [("place_freed", "这位导师办完手上的一个需求以后")]),
        (
            TUTORING,
            {"paired_projects": ("V1",), "most_projects": 1},
            [
                ("another_service", "改为创业咨询"),
                ("cap_waived", "工作人员批准多辅导一个项目以后"),
                ("next_period", "明年可约"),
            ],
        ),
        ({}, {"languages": ("en", "fr")}, [("another_language", "改用英文交谈")]),
        ({"modes": ("onsite",)}, {"modes": ("phone",)}, [("another_mode", "改为电话谈")]),
        ({}, {"has_common_time": False}, [("time_opened", "这位导师再开放一个您也有空的时段")]),
        (VENTURE, {"interests": (STAKE,)}, [("waiver", "两名工作人员批准豁免、创业者知情以后")]),
        # Nothing makes a founder somebody else.
        ({"founder_person_id": "P7"}, {"person_id": "P7"}, []),
        (
            VENTURE,
            {"interests": (Interest("青桥", kind="ci6_dispute", until_on=date(2024, 2, 29)),)},
            [("recusal_over", "回避期满，2027年3月1日以后")],
        ),
        (
            VENTURE,
            {"interests": (STAKE, Interest("青桥", kind="ci6_dispute", until_on=date.max))},
            [],
        ),
        (
            {**VENTURE, "session_type": "review"},
            {"interests": (Interest("青桥", kind="ci8_prior_coach", until_on=TODAY),)},
            [
                ("another_service", "改为创业咨询"),
                ("recusal_over", "回避期满，2027年9月17日以后"),
            ],
        ),
        (
            {"session_type": "review"},
            {"interests": (Interest(kind="ci1_employment", effect="forbids"),)},
            [("another_service", "改为创业咨询")],
        ),
    ],
)
def test_each_rule_tells_the_smallest_change_that_lifts_it(need, facts, changes) -> None:
    found = why(a_need(**need), an_expert(**facts), an_expert("E0"))
    assert found.rank is None
    assert told(found.changes) == changes
    assert {change.rank for change in found.changes} <= {found.rank_without_rules}


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (9, "9月24日（周四）上午能空出来"),
        (14, "9月24日（周四）下午能空出来"),
        (19, "9月24日（周四）晚上能空出来"),
    ],
)
def test_the_time_that_would_do_is_named(hour: int, words: str) -> None:
    at = datetime(2026, 9, 24, hour, 0)  # noqa: DTZ001  # local, as the caller hands it in
    (change,) = why(a_need(), an_expert(has_common_time=False, taken_at=at)).changes
    assert change.text == words
    assert change.facts == (("at", at.isoformat()),)


@pytest.mark.parametrize(
    ("today", "period", "first"),
    [
        (date(2026, 9, 16), "week", "2026-09-21"),
        (date(2026, 9, 20), "week", "2026-09-21"),
        (date(2026, 9, 21), "week", "2026-09-28"),
        (date(2026, 12, 31), "month", "2027-01-01"),
        (date(2026, 2, 1), "month", "2026-03-01"),
        (date(2026, 9, 16), "year", "2027-01-01"),
    ],
)
def test_a_full_period_says_from_which_day_there_is_room(today, period, first) -> None:
    matcher = Matcher().fit([an_expert(loads=(Load(period, 1, 1),))])
    (change,) = matcher.why(a_need(), "E1", today=today).changes
    assert dict(change.facts) == {"period": period, "from_on": first}


def test_one_change_of_two_that_are_needed_promises_no_place() -> None:
    found = why(a_need(), an_expert(is_paused=True, loads=(Load("month", 2, 2),)))
    assert [change.rank for change in found.changes] == [None, None]
    assert found.rank_without_rules == 1


CHANGED: dict[str, dict[str, Any]] = {
    "next_period": {"loads": ()},
    "pause_ended": {"is_paused": False},
    "another_mode": {"modes": ()},
    "time_opened": {"has_common_time": True},
}


@pytest.mark.parametrize(
    "facts",
    [
        {"loads": (Load("month", 2, 2),)},
        {"is_paused": True},
        {"modes": ("video",)},
        {"has_common_time": False},
    ],
)
def test_once_the_rule_is_lifted_he_stands_where_was_told(facts: dict[str, Any]) -> None:
    need, matcher = collection().needs[0], a_matcher()
    expert = replace(collection().experts[4], **facts)
    (change,) = matcher.add([expert]).why(need, expert.expert_id, today=TODAY).changes
    matcher.add([replace(expert, **CHANGED[change.code])])
    ranked = matcher.propose(need, k=EVERYBODY, today=TODAY).candidates
    assert ranked[change.rank - 1].expert_id == expert.expert_id


TEXT = "想办个体户执照，还想开网店直播带货"
NEED = {"text": TEXT, "industry": "餐饮业", "stage": "idea"}
STRONG = {"bio": "指导个体户执照和网店直播带货", "industries": ("餐饮业",), "stages": ("idea",)}


def rivals(number: int) -> list[ExpertProfile]:
    return [an_expert(f"R{at}", **STRONG) for at in range(number)]


def as_changed(expert: ExpertProfile, change: Change) -> ExpertProfile:
    facts = dict(change.facts)
    if change.code.startswith("topic_"):
        return replace(expert, topics=(*expert.topics, facts["topic"]))
    if change.code == "experience_written":
        return replace(expert, expertise=(*expert.expertise, facts["evidence"]))
    if change.code == "industry_added":
        return replace(expert, industries=(*expert.industries, facts["industry"]))
    return replace(expert, stages=(*expert.stages, facts["stage"]))


def test_who_stands_first_needs_no_change() -> None:
    found = why(a_need(), an_expert())
    assert (found.rank, found.total, found.changes) == (1, 1, ())


def test_where_nobody_is_proposed_no_change_is_told() -> None:
    matcher = Matcher().fit([an_expert("E1"), an_expert("E2")])
    assert matcher.why(a_need(), "E2", k=0, today=TODAY).changes == ()


@pytest.mark.parametrize("k", [1, 3])
def test_a_change_told_for_the_profile_lifts_him_as_told_once_it_is_made(k: int) -> None:
    need = a_need(**NEED)
    expert = an_expert("E1", bio="种菜二十年", expertise=("直播",), industries=("种植业",))
    near = an_expert("R9", bio="指导网店直播", industries=("种植业",), expertise=())
    matcher = Matcher().fit([expert, near, *rivals(1), an_expert("R8", bio="指导网店")])
    found = matcher.why(need, "E1", k=k, today=TODAY)
    assert found.rank is not None
    assert found.changes
    gains = []
    for change in found.changes:
        facts = dict(change.facts)
        gains.append(float(facts["gives"]))
        if change.code == "profile_completed":
            continue
        changed = Matcher.from_bytes(matcher.to_bytes(), matcher.pool_.experts)
        changed.add([as_changed(expert, change)])
        after = changed.why(need, "E1", k=k, today=TODAY)
        assert after.rank == change.rank
        assert change.rank is not None
        assert change.rank < found.rank
        assert after.candidate.score - found.candidate.score == pytest.approx(gains[-1])
        rises = {
            new.code: new.value - old.value
            for old, new in zip(found.candidate.parts, after.candidate.parts, strict=True)
        }
        assert rises[facts["part"]] == max(rises.values())
    assert gains == sorted(gains)


def test_what_is_not_enough_is_told_when_it_lifts_at_all() -> None:
    need = a_need("嘟嘟", stage="idea")
    better = [an_expert(f"R{at}", bio="专门嘟嘟", stages=("idea",)) for at in range(4)]
    weak, weaker = an_expert("E1", bio="种菜"), an_expert("Z1", bio="养猪")
    matcher = Matcher().fit([weak, weaker, *better])
    found = matcher.why(need, "Z1", k=1, today=TODAY)
    assert found.rank == 6
    assert [(change.code, change.rank) for change in found.changes] == [("stage_added", 5)]


def test_where_the_profile_says_all_there_is_nothing_to_change() -> None:
    need = a_need("嘟嘟", topics=("registration",))
    one = an_expert("E1", topics=("registration",))
    found = Matcher().fit([one, replace(one, expert_id="E2")]).why(need, "E2", today=TODAY)
    assert (found.rank, found.changes) == (2, ())


def test_a_topic_that_was_settled_has_no_words_to_quote() -> None:
    need = a_need("嘟嘟", topics=("agritech",))
    matcher = Matcher().fit([an_expert("E1"), an_expert("E2")])
    (change,) = matcher.why(need, "E2", today=TODAY).changes
    assert told((change,)) == [("topic_settled_confirmed", "资料里确认能解答您选定的主题")]


def test_equal_scores_stand_in_the_order_of_the_ids() -> None:
    rivals = Rivals("E2", ((0.5, "E1"), (0.5, "E3"), (0.2, "E4")))
    assert [rivals.rank_of(score) for score in (0.6, 0.5, 0.2, 0.1)] == [1, 2, 3, 4]


def test_explaining_changes_nothing_in_the_matcher() -> None:
    matcher, need = a_matcher(), collection().needs[0]
    before = matcher.to_bytes(), matcher.rank(need)
    for expert_id in matcher.expert_ids:
        matcher.why(need, expert_id, k=2, today=TODAY)
    assert (matcher.to_bytes(), matcher.rank(need)) == before


def test_every_change_has_words() -> None:
    assert set(wording.NEXT_PERIODS) == {"week", "month", "year"}
    assert all(text.strip("{}") for text in wording.CHANGES.values())
