import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone

from matching import (
    Adjustment,
    Fate,
    ForeignStateError,
    LearnedRanking,
    Matcher,
    Part,
    TooFewError,
    later_than,
    split,
    try_out,
)
from matching.learn import LEARNED, method_of
from matching.learn.examples import Examples
from matching.learn.log import has_accepted, is_success, of_newest_method
from matching.learn.rates import Rates
from matching.pipeline.state import scale_of
from matching.scorer import PART_CODES, measured
from tests.unit.matching.profiles import a_matcher, a_need, collection
from tests.unit.matching.shown import (
    CODES,
    GOOD,
    METHOD,
    REFUSED,
    START,
    a_log,
    a_shown,
    an_adjustment,
)

ACCEPTED = Fate(is_asked=True, answer="accepted")


def lead(learned: Adjustment, better: str, worse: str) -> float:
    """Return by how much one expert of equal parts is put above another."""
    same = np.full((2, len(CODES)), 0.1)
    one, other = learned.of_parts([better, worse], CODES, same)
    return float(one - other)


# What came of it


@pytest.mark.parametrize(
    ("fate", "success"),
    [
        (Fate(), False),
        (Fate(is_asked=True), None),
        (REFUSED, False),
        (replace(REFUSED, reason="m_not_my_field"), False),
        (replace(REFUSED, reason="m_illness"), None),
        (replace(REFUSED, reason="m_conflict"), None),
        (ACCEPTED, True),
        (replace(ACCEPTED, is_held=False), False),
        (replace(ACCEPTED, is_held=True), True),
        (replace(ACCEPTED, is_held=True, is_confirmed=False), False),
        (replace(GOOD, rating=4), True),
        (replace(GOOD, rating=3.5), False),
        (GOOD, True),
    ],
)
def test_a_success_is_an_accepted_meeting_of_which_nothing_bad_is_known(fate, success) -> None:
    assert is_success(fate) is success


def test_which_reasons_are_silent_can_be_said() -> None:
    assert has_accepted(REFUSED, silent=["m_overload"]) is None
    assert has_accepted(replace(REFUSED, reason="m_illness"), silent=[]) is False


def test_the_method_is_what_stands_before_the_digest() -> None:
    assert method_of("snippets-1-0123456789ab") == "snippets-1"
    assert method_of("snippets-1-0123456789ab+89abcdef") == "snippets-1"
    assert method_of("m1") == ""


def test_only_rows_of_the_method_shown_last_have_comparable_parts() -> None:
    former = a_shown(1, matcher_version="former-1-abc")
    latter = a_shown(2, matcher_version="latter-1-def+123")
    again = a_shown(0, matcher_version="latter-1-000")
    assert of_newest_method([latter, former, again]) == [latter, again]
    assert of_newest_method([]) == []


def test_needs_are_split_by_when_they_were_first_shown() -> None:
    rows = [a_shown(need, expert_id) for need in (3, 0, 2, 1) for expert_id in ("E1", "E2")]
    again = replace(a_shown(0), shown_at=START + timedelta(days=9))
    earlier, later = split([again, *rows], 0.5)
    assert {row.need_id for row in earlier} == {"N0000", "N0001"}
    assert {row.need_id for row in later} == {"N0002", "N0003"}
    assert again in earlier
    assert later_than([again, *rows], START + timedelta(hours=1)) == later
    assert split([], 0.5) == ([], [])


# Rows as arrays


def test_only_needs_in_which_the_fate_of_somebody_asked_is_known_teach() -> None:
    rows = [
        a_shown(1, "E1", fate=GOOD),
        a_shown(1, "E2", position=2),
        a_shown(1, "E3", position=3, fate=Fate(is_asked=True)),
        a_shown(2, "E1"),
        a_shown(3, "E1", fate=Fate(is_asked=True)),
        a_shown(3, "E2", position=2),
    ]
    found = Examples.of(rows[::-1], ())
    assert (found.n_needs, found.experts) == (1, ("E1", "E2"))
    assert found.successes.tolist() == [True, False]
    assert found.asked.tolist() == [True, False]


def test_parts_are_taken_by_code_whatever_they_are_called() -> None:
    rows = [
        a_shown(1, "E1", fate=GOOD, parts={"zeta": 0.1, LEARNED: 0.5}),
        a_shown(1, "E2", position=2, parts={"eta": 0.2}),
    ]
    found = Examples.of(rows, ())
    assert found.codes == ("eta", "zeta")
    assert found.parts.tolist() == [[0.0, 0.1], [0.2, 0.0]]
    assert found.bases.tolist() == [0.1, 0.2]


def test_rows_stand_by_score_in_their_need_and_in_their_order_when_scores_are_equal() -> None:
    rows = [
        a_shown(need, expert_id, position=place, fate=GOOD)
        for need in (1, 2)
        for place, expert_id in enumerate(("E1", "E2", "E3"), start=1)
    ]
    found = Examples.of(rows, ())
    scores = np.array([0.1, 0.3, 0.2, 0.5, 0.5, 0.9])
    assert found.places(scores).tolist() == [3, 1, 2, 2, 3, 1]
    differences = found.within_needs(scores[:, None])[:, 0]
    assert differences.tolist() == pytest.approx([-0.1, 0.1, 0.0, -2 / 15, -2 / 15, 4 / 15])


# Shares of an expert


def test_a_share_is_drawn_towards_the_usual_one() -> None:
    seen = [("E1", True)] * 5 + [("E2", False)] * 5 + [("E3", None)]
    rates = Rates.of(seen, prior_weight=5.0)
    assert rates.counts == {"E1": (5, 5), "E2": (0, 5)}
    assert rates.of_experts(["E1", "E2", "E9"]).tolist() == [0.75, 0.25, 0.5]


def test_the_own_row_is_left_out_of_a_share_and_of_the_usual_one() -> None:
    rates = Rates.of([("E1", True), ("E1", False), ("E2", True)], prior_weight=5.0)
    own = np.array([1.0, 0.0, np.nan])
    found = rates.without_own(["E1", "E1", "E2"], own)
    expected = [(0 + 5 * 0.5) / 6, (1 + 5 * 1.0) / 6, (1 + 5 * 2 / 3) / 6]
    assert found.tolist() == pytest.approx(expected)


def test_while_nothing_is_known_every_share_is_a_half() -> None:
    assert Rates.of([], 5.0).of_experts(["E1"]).tolist() == [0.5]
    assert Rates.of([("E1", True)], 5.0).without_own(["E1"], np.array([1.0])).tolist() == [0.5]


@given(
    seen=st.lists(
        st.tuples(st.sampled_from(("E1", "E2", "E3")), st.sampled_from((True, False, None)))
    ),
    prior_weight=st.sampled_from((1.0, 5.0, 20.0)),
)
def test_leaving_the_own_row_out_is_counting_all_others(seen, prior_weight) -> None:
    own = np.array([np.nan if hit is None else hit for _, hit in seen], dtype=np.float64)
    found = Rates.of(seen, prior_weight).without_own([expert for expert, _ in seen], own)
    for at, (expert, _) in enumerate(seen):
        others = Rates.of([*seen[:at], *seen[at + 1 :]], prior_weight)
        assert found[at] == pytest.approx(others.of_experts([expert])[0])
        assert 0.0 <= found[at] <= 1.0


# Learning


def test_who_accepts_is_put_above_who_does_not() -> None:
    learned = LearnedRanking().fit(a_log()).adjustment_
    assert learned.acceptance_weight > 0.0
    assert lead(learned, "E3", "E1") > 0.01
    assert lead(learned, "E3", "E9") > 0.0 > lead(learned, "E1", "E9")


def test_good_ratings_count_beside_acceptance() -> None:
    bad = replace(GOOD, rating=2)
    rows = [replace(row, fate=bad if row.fate == REFUSED else row.fate) for row in a_log()]
    learned = LearnedRanking().fit(rows).adjustment_
    assert learned.rating_weight > 0.0
    assert lead(learned, "E3", "E1") > 0.01


def test_a_part_that_tells_gets_more_weight_than_one_that_does_not() -> None:
    chance = np.random.default_rng(1)
    rows = []
    for need in range(200):
        for place in (1, 2):
            parts = {code: float(chance.uniform(0.0, 0.1)) for code in CODES}
            is_good = chance.random() < 10 * parts["beta"]
            fate = GOOD if is_good else REFUSED
            expert_id = f"E{chance.integers(50)}"
            rows.append(a_shown(need, expert_id, position=place, parts=parts, fate=fate))
    weights = LearnedRanking().fit(rows).adjustment_.part_weights
    assert weights["beta"] > 0.0 > weights["alpha"]


def test_what_founders_read_first_is_not_taken_for_what_fits() -> None:
    chance = np.random.default_rng(0)
    rows = []
    for need in range(300):
        asked = int(chance.choice(4, p=[0.55, 0.25, 0.12, 0.08]))
        for place in range(4):
            parts = {"alpha": 0.3 - 0.05 * place + float(chance.normal(0.0, 0.05)), "beta": 0.1}
            fate = GOOD if place == asked else Fate()
            rows.append(
                a_shown(need, f"E{place}{need}", position=place + 1, parts=parts, fate=fate)
            )
    ranking = LearnedRanking().fit(rows)
    blind = LearnedRanking().fit([replace(row, position=1) for row in rows])
    assert ranking.position_effect_ < -0.8
    assert ranking.base_slope_ < blind.base_slope_ / 2


def test_rows_that_were_unlikely_to_be_shown_weigh_more_up_to_a_cap() -> None:
    rows = a_log()
    rare = [replace(row, propensity=0.1 if row.expert_id == "E4" else 1.0) for row in rows]
    rarer = [replace(row, propensity=0.01 if row.expert_id == "E4" else 1.0) for row in rows]
    plain, weighted, capped = (
        LearnedRanking().fit(each).adjustment_ for each in (rows, rare, rarer)
    )
    assert plain != weighted
    assert weighted == capped
    assert LearnedRanking(weight_cap=1.0).fit(rarer).adjustment_ == plain


def test_a_half_counts_what_hundred_needs_taught() -> None:
    ranking = LearnedRanking().fit(a_log(100))
    assert (ranking.n_needs_, ranking.n_examples_, ranking.share_) == (100, 400, 0.5)
    assert LearnedRanking(blend=300.0).fit(a_log(100)).share_ == 0.25


def test_the_learned_part_is_the_blend_in_units_of_the_base_score() -> None:
    found = {blend: LearnedRanking(blend=blend).fit(a_log()) for blend in (100.0, 300.0)}
    # (1 - share) * base + share * (slope * base + rest), divided by what stands at the base.
    rests = [
        ranking.adjustment_.acceptance_weight
        * (1.0 - ranking.share_ + ranking.share_ * ranking.base_slope_)
        / ranking.share_
        for ranking in found.values()
    ]
    assert rests[0] == pytest.approx(rests[1], rel=1e-6)
    assert rests[0] > 0.0


def test_a_blend_that_leaves_the_base_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="blend is 0"):
        LearnedRanking(blend=0.0).fit(a_log())


def test_a_need_of_another_level_gets_the_same_order() -> None:
    learned = replace(LearnedRanking().fit(a_log()).adjustment_, reach=9.0)
    near = np.array([[0.20, 0.10], [0.18, 0.10], [0.16, 0.10]])
    low = learned.of_parts(["E1", "E3", "E9"], CODES, near - 0.08)
    high = learned.of_parts(["E1", "E3", "E9"], CODES, near)
    assert (low - low[0]).tolist() == pytest.approx((high - high[0]).tolist(), abs=2e-6)


def test_rows_of_a_former_method_teach_who_accepts_and_nothing_of_parts() -> None:
    former = a_log(50, seed=1, matcher_version="former-1-abc")
    latter = [replace(row, shown_at=row.shown_at + timedelta(days=99)) for row in a_log(50, seed=2)]
    ranking = LearnedRanking().fit([*former, *latter])
    learned = ranking.adjustment_
    assert (learned.method, ranking.n_needs_) == (METHOD, 50)
    trials = sum(trials for _, trials in learned.acceptance.counts.values())
    assert trials == 100


@pytest.mark.parametrize(
    "rows",
    [[], [a_shown()], [a_shown(fate=GOOD)], [a_shown(fate=Fate(is_asked=True)), a_shown(1)]],
)
def test_without_successes_and_failures_nothing_is_learned(rows) -> None:
    with pytest.raises(TooFewError):
        LearnedRanking().fit(rows)


def test_lists_in_which_all_score_alike_give_no_reach() -> None:
    same = tuple(Part(code, 0.1) for code in CODES)
    rows = [replace(row, parts=same) for row in a_log()]
    learned = LearnedRanking().fit(rows).adjustment_
    assert learned.reach == 0.0
    assert lead(learned, "E3", "E1") == 0.0


def test_the_same_rows_in_any_order_teach_the_same_to_the_byte() -> None:
    rows = a_log()
    one, other = LearnedRanking().fit(rows), LearnedRanking(random_state=7).fit(rows[::-1])
    assert json.dumps(one.adjustment_.to_data()) == json.dumps(other.adjustment_.to_data())
    assert one.adjustment_.version == other.adjustment_.version


def test_parameters_stay_as_given_and_a_clone_is_unfitted() -> None:
    ranking = LearnedRanking(C=0.5, silent_reasons=("m_overload",))
    before = ranking.get_params()
    assert ranking.fit(a_log()) is ranking
    assert ranking.get_params() == before
    assert clone(ranking).get_params() == before
    assert not hasattr(clone(ranking), "adjustment_")


# What was learned


def test_what_was_learned_survives_as_data() -> None:
    learned = LearnedRanking().fit(a_log()).adjustment_
    data = json.loads(json.dumps(learned.to_data()))
    assert Adjustment.from_data(data) == learned
    assert Adjustment.from_data(data).version == learned.version
    assert len(learned.version) == 8


def test_data_of_another_format_is_refused() -> None:
    with pytest.raises(ForeignStateError):
        Adjustment.from_data({"format": 0})


def test_nobody_is_moved_further_than_a_usual_list_reaches() -> None:
    learned = an_adjustment(acceptance_weight=9.0)
    codes = tuple(PART_CODES)
    moved = learned.of_parts(["X01", "X02"], codes, np.full((2, len(codes)), 0.3))
    assert np.abs(moved).max() <= learned.reach


def test_it_suits_only_parts_of_the_same_method_and_codes() -> None:
    learned = an_adjustment()
    assert learned.suits(scale_of(measured().weights), PART_CODES)
    assert not learned.suits("other", PART_CODES)
    assert not learned.suits(learned.method, PART_CODES[1:])


# The matcher with what was learned


def test_the_learned_part_is_one_more_addend_and_changes_the_order() -> None:
    plain, taught = a_matcher(), a_matcher().adopt(an_adjustment())
    need = collection().needs[0]
    before = {each.expert_id: each for each in plain.rank(need, k=10)}
    for candidate in taught.rank(need, k=10):
        *base, learned = candidate.parts
        former = before[candidate.expert_id]
        assert tuple(base) == former.parts
        assert learned.code == LEARNED
        assert candidate.score == round(former.score + learned.value, 6)
        assert candidate.cautions == former.cautions
    assert taught.version_ == f"{plain.version_}+{an_adjustment().version}"


def test_adopting_nothing_brings_the_base_score_back() -> None:
    plain = a_matcher()
    again = a_matcher().adopt(an_adjustment()).adopt(None)
    assert again.version_ == plain.version_
    assert again.rank(a_need()) == plain.rank(a_need())


def test_what_was_learned_over_other_parts_is_not_adopted() -> None:
    foreign = an_adjustment(method="other")
    assert Matcher.can_adopt(an_adjustment())
    assert not Matcher.can_adopt(foreign)
    with pytest.raises(ForeignStateError, match="parts of other"):
        a_matcher().adopt(foreign)


def test_what_was_learned_over_parts_of_other_weights_is_not_adopted() -> None:
    heavier = replace(measured().weights, text=9.0)
    assert not Matcher.can_adopt(an_adjustment(), heavier)
    assert Matcher.can_adopt(an_adjustment(method=scale_of(heavier)), heavier)
    with pytest.raises(ForeignStateError):
        Matcher(heavier, learned=an_adjustment()).fit(collection().experts[:2])


def test_why_an_expert_stands_where_he_stands_tells_the_learned_part() -> None:
    taught = a_matcher().adopt(an_adjustment())
    today = date(2026, 9, 1)
    for candidate in taught.propose(a_need(), k=3, today=today).candidates:
        found = taught.why(a_need(), candidate.expert_id, today=today)
        assert found.candidate == candidate
        assert found.candidate.parts[-1].code == LEARNED


# The trial


def test_a_version_that_puts_good_meetings_higher_wins_on_later_needs() -> None:
    earlier, later = split(a_log(240), 0.5)
    learned = LearnedRanking().fit(earlier).adjustment_
    trial = try_out(learned, None, later)
    assert (trial.needs, trial.is_won) == (120, True)
    assert 0.0 < trial.low < trial.difference < trial.high
    assert trial.candidate > 0.0 > trial.present
    assert trial == try_out(learned, None, later[::-1])


def test_against_itself_a_version_wins_nothing() -> None:
    earlier, later = split(a_log(240), 0.5)
    learned = LearnedRanking().fit(earlier).adjustment_
    trial = try_out(learned, learned, later)
    assert (trial.difference, trial.low, trial.high, trial.is_won) == (0.0, 0.0, 0.0, False)


def test_fewer_needs_than_asked_for_prove_nothing() -> None:
    earlier, later = split(a_log(240), 0.5)
    learned = LearnedRanking().fit(earlier).adjustment_
    assert try_out(learned, None, later, least_needs=120).is_won
    assert not try_out(learned, None, later, least_needs=121).is_won


def test_a_higher_confidence_asks_for_more() -> None:
    earlier, later = split(a_log(240), 0.5)
    learned = LearnedRanking().fit(earlier).adjustment_
    assert try_out(learned, None, later, confidence=0.5).low > try_out(learned, None, later).low


def test_outcomes_that_depend_on_nothing_promote_nothing() -> None:
    won = 0
    for seed in range(6):
        chance = np.random.default_rng(seed)
        rows = [
            replace(row, fate=GOOD if chance.random() < 0.6 else REFUSED)
            if row.fate.is_asked
            else row
            for row in a_log(200, seed)
        ]
        earlier, later = split(rows, 0.5)
        learned = LearnedRanking().fit(earlier).adjustment_
        won += try_out(learned, None, later).is_won
    assert won == 0


@pytest.mark.parametrize(
    "rows",
    [[], [a_shown(fate=REFUSED)], a_log(60, matcher_version="other-1-abc")],
)
def test_nothing_is_proven_without_comparable_successes(rows) -> None:
    learned = LearnedRanking().fit(a_log()).adjustment_
    trial = try_out(learned, None, rows)
    assert (trial.low, trial.high, trial.successes, trial.is_won) == (0.0, 0.0, 0, False)
