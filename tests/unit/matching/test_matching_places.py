from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import Candidate, PlaceSharing

K = 3
ALWAYS_BY_SCORE = PlaceSharing(exploration=0.0)


def ranked(*scores: float) -> list[Candidate]:
    """Return E0, E1 … with these scores."""
    return [Candidate(f"E{at}", score, (), (), ()) for at, score in enumerate(scores)]


SIX = ranked(0.30, 0.29, 0.28, 0.27, 0.26, 0.25)
OFTEN = {f"E{at}": 5 for at in range(6)}


def names(places) -> list[str]:
    return [place.candidate.expert_id for place in places]


def test_the_best_have_the_places_when_all_have_been_shown_alike() -> None:
    places = ALWAYS_BY_SCORE.share("N1", SIX, K, OFTEN)
    assert names(places) == ["E0", "E1", "E2"]
    assert [(place.propensity, place.placed_by) for place in places] == [(1.0, "score")] * 3


def test_who_has_been_shown_least_gets_the_last_place() -> None:
    places = ALWAYS_BY_SCORE.share("N1", SIX, K, OFTEN | {"E3": 2, "E4": 0, "E5": 0})
    assert names(places) == ["E0", "E1", "E4"]
    assert (places[-1].propensity, places[-1].placed_by) == (1.0, "floor")


def test_who_is_below_the_floor_himself_is_not_displaced() -> None:
    places = ALWAYS_BY_SCORE.share("N1", SIX, K, OFTEN | {"E2": 2, "E4": 0})
    assert names(places) == ["E0", "E1", "E2"]
    assert names(ALWAYS_BY_SCORE.share("N1", SIX, K, {})) == ["E0", "E1", "E2"]


def test_nobody_far_below_is_lifted_by_the_floor() -> None:
    far = [*SIX[:3], *ranked(0, 0, 0, 0.1)[3:]]
    places = ALWAYS_BY_SCORE.share("N1", far, K, OFTEN | {"E3": 0})
    assert names(places) == ["E0", "E1", "E2"]
    assert names(ALWAYS_BY_SCORE.set_params(near=0.3).share("N1", far, K, OFTEN | {"E3": 0})) == [
        "E0",
        "E1",
        "E3",
    ]
    ALWAYS_BY_SCORE.set_params(near=0.75)


def test_who_has_been_shown_too_often_gives_way_to_the_next_near_one() -> None:
    places = ALWAYS_BY_SCORE.share("N1", SIX, K, OFTEN | {"E1": 99})
    assert names(places) == ["E0", "E2", "E3"]
    assert {place.propensity for place in places} == {1.0}


def test_whoever_gives_way_does_so_to_somebody_below_the_cap() -> None:
    shown = OFTEN | {"E1": 99, "E3": 99}
    assert names(PlaceSharing(exploration=0.0, cap=2.0).share("N1", SIX, K, shown)) == [
        "E0",
        "E2",
        "E4",
    ]


def test_without_anybody_near_the_most_shown_keeps_his_place() -> None:
    lonely = ranked(0.90, 0.29, 0.28, 0.27)
    places = ALWAYS_BY_SCORE.share("N1", lonely, K, OFTEN | {"E0": 99})
    assert names(places)[0] == "E0"


def test_nearness_holds_for_scores_below_zero() -> None:
    low = ranked(-0.10, -0.20, -0.24, -0.26)
    assert names(ALWAYS_BY_SCORE.share("N1", low, 2, OFTEN | {"E2": 0, "E3": 0})) == ["E0", "E2"]
    assert names(ALWAYS_BY_SCORE.share("N1", low, 2, OFTEN | {"E3": 0})) == ["E0", "E1"]


def test_a_list_of_one_and_a_list_of_all_are_by_score() -> None:
    eager = PlaceSharing(exploration=1.0)
    assert names(eager.share("N1", SIX, 1, OFTEN | {"E4": 0})) == ["E0"]
    assert names(eager.share("N1", SIX[:3], K, OFTEN)) == ["E0", "E1", "E2"]
    assert names(eager.share("N1", SIX[:2], K, OFTEN)) == ["E0", "E1"]
    assert eager.share("N1", [], K, {}) == []


def test_a_draw_gives_the_last_place_to_one_of_the_next() -> None:
    drawn = Counter()
    for need in range(300):
        *first, last = PlaceSharing(exploration=1.0, depth=2).share(f"N{need}", SIX, K, OFTEN)
        assert names(first) == ["E0", "E1"]
        assert (last.propensity, last.placed_by) == (0.5, "draw")
        drawn[last.candidate.expert_id] += 1
    assert set(drawn) == {"E3", "E4"}
    assert min(drawn.values()) > 100


def test_the_logged_propensity_is_how_often_it_happens() -> None:
    shown = OFTEN | {"E4": 0}
    sharing = PlaceSharing(exploration=0.4)
    last = [sharing.share(f"N{need}", SIX, K, shown)[-1] for need in range(2_000)]
    told = {place.candidate.expert_id: place.propensity for place in last}
    assert told == pytest.approx({"E3": 0.4 / 3, "E4": 0.6 + 0.4 / 3, "E5": 0.4 / 3})
    found = Counter(names(last))
    for expert_id, propensity in told.items():
        assert found[expert_id] / 2_000 == pytest.approx(propensity, abs=0.03)


def test_whoever_is_usual_keeps_the_rest_of_the_chance() -> None:
    sharing = PlaceSharing(exploration=0.4)
    last = [sharing.share(f"N{need}", SIX, K, OFTEN)[-1] for need in range(40)]
    usual = [place for place in last if place.placed_by == "score"]
    assert {(place.candidate.expert_id, place.propensity) for place in usual} == {("E2", 0.6)}
    assert 10 < len(usual) < 40


def test_the_same_need_and_seed_draw_the_same() -> None:
    one, other = PlaceSharing(exploration=0.5), PlaceSharing(exploration=0.5, random_state=1)
    lists = [one.share(f"N{need}", SIX, K, OFTEN) for need in range(40)]
    assert lists == [one.share(f"N{need}", SIX, K, OFTEN) for need in range(40)]
    assert lists != [other.share(f"N{need}", SIX, K, OFTEN) for need in range(40)]


@given(
    scores=st.lists(st.integers(-5, 40), max_size=12),
    shown=st.lists(st.integers(0, 30), min_size=12, max_size=12),
    k=st.integers(1, 6),
    cap=st.sampled_from((1.0, 2.0, 3.0)),
    near=st.sampled_from((0.0, 0.75, 1.0)),
    draw=st.integers(0, 99),
)
def test_a_list_stands_in_the_order_of_scores_and_holds_nobody_twice(
    scores, shown, k, cap, near, draw
) -> None:
    candidates = ranked(*sorted((score / 100 for score in scores), reverse=True))
    showings = {f"E{at}": times for at, times in enumerate(shown)}
    sharing = PlaceSharing(exploration=0.5, cap=cap, near=near, depth=4)

    places = sharing.share(f"N{draw}", candidates, k, showings)

    found = [place.candidate.score for place in places]
    assert found == sorted(found, reverse=True)
    assert len(places) == len(set(names(places))) == min(k, len(candidates))
    assert all(0.0 < place.propensity <= 1.0 for place in places)
    assert all(place.placed_by == "score" for place in places[:-1])
    assert set(names(places)) <= {each.expert_id for each in candidates[: k + 4]}
    assert places == sharing.share(f"N{draw}", candidates, k, showings)


def test_only_the_next_of_the_depth_may_come_in() -> None:
    places = PlaceSharing(exploration=0.0, depth=1).share("N1", SIX, K, OFTEN | {"E4": 0})
    assert names(places) == ["E0", "E1", "E2"]


def test_candidates_are_handed_on_as_they_are() -> None:
    worded = [replace(each, reasons=("why",)) for each in SIX]
    assert PlaceSharing().share("N1", worded, K, OFTEN)[0].candidate is worded[0]
