import itertools
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import (
    FreeTimes,
    Interest,
    Matcher,
    NoPanelError,
    Panel,
    PanelWish,
    Quota,
    evaluate_folder,
    form_panel,
    rank_panels,
)
from matching.panel.agenda import Agenda
from matching.panel.choosing import Choice
from matching.panel.outlook import Matter, Outlook
from matching.types import CATEGORIES
from tests.unit.matching.profiles import DATA, a_bare_expert, a_matcher, a_need, collection

TODAY = date(2026, 9, 15)
the_matcher = cache(a_matcher)
WRITTEN = a_need("想注册公司，经营范围怎么写。直播没人看怎么办？还想申请创业担保贷款，利息谁贴。")


def panels_of(choice: Choice) -> list[tuple[int, ...]]:
    """Return every panel that the quota lets pass."""
    quota, kinds = choice.quota, [expert.category for expert in choice.outlook.experts]
    return [
        members
        for members in itertools.combinations(range(len(kinds)), choice.size)
        if all(
            quota.least(each) <= sum(kinds[at] == each for at in members) <= quota.most(each)
            for each in CATEGORIES
        )
    ]


def an_outlook(kinds: Sequence[str], fits: Sequence[float], chances: Any) -> Outlook:
    rows = np.array(chances, dtype=np.float64).reshape(-1, len(kinds))
    return Outlook(
        tuple(a_bare_expert(f"E{at}", kind) for at, kind in enumerate(kinds)),
        tuple(Matter(f"S{at}", (), is_heard=True) for at in range(len(rows))),
        np.array(fits, dtype=np.float64),
        rows,
        np.arange(len(rows)),
    )


SHARES = st.floats(0.0, 1.0, allow_subnormal=False)


@st.composite
def choices(draw: st.DrawFn, *, with_quota: bool = True) -> Choice:
    total = draw(st.integers(1 if with_quota else 5, 7))
    kinds = draw(st.lists(st.sampled_from(CATEGORIES), min_size=total, max_size=total))
    fits = draw(st.lists(SHARES, min_size=total, max_size=total))
    clauses = draw(st.integers(1, 4))
    chances = draw(st.lists(SHARES, min_size=total * clauses, max_size=total * clauses))
    quota = Quota()
    if with_quota:
        least, most = draw(st.integers(0, 2)), draw(st.integers(0, 3))
        quota = Quota({"scholar": least}, {"official": most, "scholar": 4})
    return Choice(an_outlook(kinds, fits, chances), draw(st.integers(2, 5)), quota)


@given(choices())
def test_a_panel_is_found_where_there_is_one_and_keeps_the_quota(choice: Choice) -> None:
    allowed = panels_of(choice)
    found = choice.best(range(len(choice.outlook.experts)))
    if found is None:
        assert allowed == []
    else:
        assert tuple(sorted(found)) in allowed


@given(choices())
def test_a_panel_covers_at_least_what_the_best_by_themselves_cover(choice: Choice) -> None:
    allowed = panels_of(choice)
    if allowed:
        fits = choice.outlook.fits
        by_fit = max(allowed, key=lambda members: round(float(fits[list(members)].sum()), 9))
        same = [m for m in allowed if sum(fits[list(m)]) >= sum(fits[list(by_fit)]) - 1e-9]
        found = choice.best(range(len(fits)))
        assert found is not None
        assert choice.coverage(found) >= min(map(choice.coverage, same))


@given(choices(with_quota=False))
def test_without_a_quota_a_panel_has_most_of_the_greatest_value(choice: Choice) -> None:
    everybody = range(len(choice.outlook.experts))
    greatest = max(map(choice.value, itertools.combinations(everybody, choice.size)))
    found = choice._chosen(np.array(everybody), covers=True)
    assert choice.value(found) >= (1 - 1 / np.e) * greatest - 1e-6


def test_who_repeats_what_another_covers_is_passed_over() -> None:
    outlook = an_outlook(["scholar"] * 3, [1.0, 0.9, 0.5], [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert Choice(outlook, 2, Quota()).best(range(3)) == (0, 2)


def test_a_choice_that_covers_less_gives_way_to_the_best_by_themselves() -> None:
    outlook = an_outlook(["scholar"] * 3, [0.0, 0.1, 0.1], [[0.6, 1.0, 0.0], [0.6, 0.0, 1.0]])
    choice = Choice(outlook, 2, Quota())
    assert choice._chosen(np.arange(3), covers=True) == (0, 1)
    assert choice.best(range(3)) == (1, 2)


@given(
    st.lists(st.frozensets(st.integers(0, 9)), min_size=2, max_size=6),
    st.integers(0, 10),
)
def test_times_in_common_are_those_of_the_sets(free: list[frozenset[int]], soon: int) -> None:
    experts = [a_bare_expert(f"E{at}") for at in range(len(free))]
    named = {expert.expert_id: slots for expert, slots in zip(experts, free, strict=True)}
    agenda = Agenda.of(experts, FreeTimes(named, soon))
    for pair in itertools.combinations(range(len(free)), 2):
        common = free[pair[0]] & free[pair[1]]
        assert agenda.first_slot(pair) == min(common, default=None)
    in_slot = {
        slot: frozenset(at for at, slots in enumerate(free) if slot in slots)
        for slot in range(soon)
    }
    groups = [frozenset(group) for group in agenda.soon_together()]
    assert len(groups) == len(set(groups))
    assert set(groups) == {
        group
        for group in in_slot.values()
        if group and not any(group < other for other in in_slot.values())
    }


def test_a_panel_has_the_promised_form() -> None:
    panel = form_panel(the_matcher(), WRITTEN)
    assert isinstance(panel, Panel)
    assert len(panel.expert_ids) == len(set(panel.expert_ids)) == 3
    assert panel.lead == panel.expert_ids[0]
    assert 0.0 < panel.coverage <= 1.0
    assert 0.0 < panel.value <= 1.0
    assert panel.first_slot is None


def test_the_lead_fits_the_need_best_of_the_panel() -> None:
    for need in collection().needs:
        panel = form_panel(the_matcher(), need)
        scores = dict(zip(the_matcher().expert_ids, the_matcher().scores([need])[0], strict=True))
        ordered = [scores[expert_id] for expert_id in panel.expert_ids]
        assert ordered == sorted(ordered, reverse=True)


def test_facets_are_the_founders_sentences_with_who_covers_them() -> None:
    panel = form_panel(the_matcher(), replace(WRITTEN, text=f"呜哇！{WRITTEN.text}"))
    assert [facet.words for facet in panel.facets] == [
        "想注册公司，经营范围怎么写",
        "直播没人看怎么办",
        "还想申请创业担保贷款，利息谁贴",
    ]
    assert [facet.topics[:1] for facet in panel.facets] == [
        ("registration",),
        ("ecommerce",),
        ("guaranteed_loan",),
    ]
    assert all(set(facet.expert_ids) <= set(panel.expert_ids) for facet in panel.facets)
    assert all(facet.expert_ids for facet in panel.facets)
    assert len({facet.expert_ids[0] for facet in panel.facets}) > 1


def test_english_sentences_end_at_a_full_stop() -> None:
    text = "We need a trademark. An angel asks for 25%. How do we hire, e.g. part-time staff?"
    words = [facet.words for facet in form_panel(the_matcher(), a_need(text)).facets]
    assert words[0] == "We need a trademark"
    assert "An angel asks for 25%" in words


def test_what_is_not_asked_and_what_is_struck_is_no_facet() -> None:
    need = a_need("不是我们要借钱，想注册公司。直播没人看怎么办？", struck=("ecommerce",))
    facets = form_panel(the_matcher(), need).facets
    assert all("借钱" not in facet.words for facet in facets)
    assert all("ecommerce" not in facet.topics for facet in facets)


def test_an_added_topic_is_a_facet_without_words() -> None:
    need = a_need(topics=("guaranteed_loan", "no_such_topic", "guaranteed_loan"))
    *_, added = form_panel(the_matcher(), need).facets
    assert (added.words, added.topics) == ("", ("guaranteed_loan",))
    plain = form_panel(the_matcher(), replace(need, topics=()))
    assert all(facet.words for facet in plain.facets)


@pytest.mark.parametrize("text", ["", "？！", "呜哇", "阿阿。呀呀。"])
def test_a_need_that_says_nothing_still_has_a_panel(text: str) -> None:
    panel = form_panel(the_matcher(), a_need(text))
    assert len(panel.expert_ids) == 3
    assert panel.facets
    assert all(facet.topics == () for facet in panel.facets)


def test_nobody_covers_where_nobody_has_anything_to_say() -> None:
    experts = [a_bare_expert(f"E{at}") for at in range(3)]
    (facet,) = form_panel(Matcher().fit(experts), a_need("呜哇")).facets
    assert facet.expert_ids == ()


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_the_same_question_has_the_same_answer_in_any_order_of_the_pool(size: int) -> None:
    turned = Matcher().fit(tuple(reversed(collection().experts)))
    for need in collection().needs:
        panel = form_panel(the_matcher(), need, size)
        assert len(panel.expert_ids) == size
        assert panel == form_panel(the_matcher(), need, size) == form_panel(turned, need, size)


def test_a_quota_is_kept_on_both_sides() -> None:
    quota = Quota(at_least={"investor": 1}, at_most={"official": 0})
    kinds = {expert.expert_id: expert.category for expert in collection().experts}
    for need in collection().needs:
        held = Counter(
            kinds[each] for each in form_panel(the_matcher(), need, quota=quota).expert_ids
        )
        assert held["investor"] >= 1
        assert held["official"] == 0


def test_nobody_is_a_member_whom_a_rule_keeps_out() -> None:
    need = replace(WRITTEN, venture_name="芯谷科技")
    free = form_panel(the_matcher(), need, today=TODAY)
    kept_out = free.expert_ids[0]
    tie = Interest("芯谷科技有限公司", kind="ci2_board")
    pool = [
        replace(expert, interests=(tie,)) if expert.expert_id == kept_out else expert
        for expert in collection().experts
    ]
    matcher = Matcher().fit(pool)
    assert kept_out in form_panel(matcher, need).expert_ids
    lists = rank_panels(matcher, need, PanelWish(), today=TODAY)
    assert lists.best
    assert all(kept_out not in panel.expert_ids for panel in lists.best)


def test_after_the_best_come_panels_without_one_of_its_members() -> None:
    lists = rank_panels(the_matcher(), WRITTEN, PanelWish(), k=4)
    best, *others = lists.best
    assert best == form_panel(the_matcher(), WRITTEN)
    assert 1 <= len(others) <= 3
    assert all(set(best.expert_ids) - set(other.expert_ids) for other in others)
    assert [other.value for other in others] == sorted((o.value for o in others), reverse=True)
    assert lists.soon == ()


def test_two_lists_tell_what_fits_best_and_what_can_meet_soon() -> None:
    best = form_panel(the_matcher(), WRITTEN)
    ids = [expert.expert_id for expert in collection().experts]
    late = {each: [7] for each in best.expert_ids}
    early = {each: [2, 7] for each in ids if each not in best.expert_ids[1:]}
    wish = PanelWish(free=FreeTimes({**late, **early}, soon=5))
    lists = rank_panels(the_matcher(), WRITTEN, wish)
    assert replace(lists.best[0], first_slot=None) == best
    assert lists.best[0].first_slot == 7
    assert [panel.first_slot for panel in lists.soon] == [2]
    assert not set(best.expert_ids[1:]) & set(lists.soon[0].expert_ids)
    assert lists.soon[0].value <= lists.best[0].value


def test_a_slot_with_too_few_or_the_wrong_experts_has_no_panel() -> None:
    ids = [expert.expert_id for expert in collection().experts]
    few = FreeTimes({ids[0]: [0], ids[1]: [0], ids[2]: [1]}, soon=2)
    assert rank_panels(the_matcher(), WRITTEN, PanelWish(free=few)).soon == ()


def test_a_pool_too_small_for_the_wish_is_refused() -> None:
    pool = collection().experts
    officials = [expert for expert in pool if expert.category == "official"]
    with pytest.raises(NoPanelError, match="no panel of 3 among 2 experts"):
        form_panel(Matcher().fit(pool[:2]), WRITTEN)
    with pytest.raises(NoPanelError):
        form_panel(Matcher().fit(officials), WRITTEN, 2, quota=Quota({"investor": 1}))
    ended = [replace(expert, term_until_on=date(2026, 9, 14)) for expert in pool]
    with pytest.raises(NoPanelError, match="among 0 experts"):
        form_panel(Matcher().fit(ended), WRITTEN, today=TODAY)


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (lambda: PanelWish(1), "a panel of 1, expected 2 to 5"),
        (lambda: PanelWish(6), "a panel of 6, expected 2 to 5"),
        (lambda: Quota({"banker": 1}), "unknown category 'banker'"),
        (lambda: Quota({"official": 2}, {"official": 1}), "official leaves no number"),
        (lambda: Quota({"official": -1}), "official leaves no number"),
        (lambda: PanelWish(2, Quota({"official": 2, "scholar": 1})), "asks for 3 to"),
        (lambda: PanelWish(3, Quota({}, dict.fromkeys(CATEGORIES, 0))), "asks for 0 to 0"),
        (lambda: rank_panels(the_matcher(), WRITTEN, PanelWish(), k=0), "k is 0"),
    ],
)
def test_a_wish_that_cannot_be_meant_is_refused(wish: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wish()


def test_a_negative_slot_is_refused() -> None:
    wish = PanelWish(free=FreeTimes({collection().experts[0].expert_id: [-1]}, 1))
    with pytest.raises(ValueError, match="negative"):
        rank_panels(the_matcher(), WRITTEN, wish)


def test_a_folder_is_measured_with_panels_beside_the_first_three() -> None:
    found = evaluate_folder(DATA)
    assert found["panel_facet_coverage3"] >= found["facet_coverage3"]
    assert 0.0 <= found["panel_mean_grade3"] <= 3.0
    gain = found["panel_facet_coverage3"] - found["facet_coverage3"]
    assert found["panel_coverage_gain"] == pytest.approx(gain)
    assert found["intervals"]["panel_coverage_gain"][0] <= gain


def test_a_folder_of_very_few_experts_is_measured_all_the_same(tmp_path: Any) -> None:
    for name in ("needs.jsonl", "qrels.tsv", "facets.json"):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    rows = (DATA / "experts.jsonl").read_text("utf-8").splitlines()[:2]
    (tmp_path / "experts.jsonl").write_text("\n".join(rows), "utf-8")
    found = evaluate_folder(tmp_path)
    assert found["panel_facet_coverage3"] == found["facet_coverage3"]
    assert json.loads(json.dumps(found)) == found
