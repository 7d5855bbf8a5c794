from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.clock import FixedClock
from app.domain.errors import ForbiddenError, NotFoundError
from app.domain.proposal import (
    SHORTLIST,
    ForeignVersionError,
    IllegalVersionStepError,
    LearningOffError,
    NoneLiveError,
    NotProvenError,
    PlacedBy,
    TooFewOutcomesError,
    VersionsChangedError,
    VersionState,
)
from app.models.audit_entry import AuditEntry
from app.models.person import Person
from app.models.proposal import (
    LearningSwitch,
    MatcherVersion,
    MatchRound,
    Proposal,
    ShadowList,
)
from app.queries.matcher_versions import list_versions
from app.services import audit_entries, proposals
from app.services.proposals import FittedPool, MatcherCache
from app.services.proposals import places as proposals_places
from app.unit_of_work import Store, UnitOfWork
from matching import PlaceSharing
from matching.scorer import PART_CODES
from tests.builders import a_founder, a_group, a_need, an_expert, staff
from tests.moments import START
from tests.past_lists import Past, a_past
from tests.scenes import Plays


@pytest.fixture
def admin(store: Store) -> Actor:
    return staff(store, Role.SYS_ADMIN)


def a_usual_past(store: Store, _clock: FixedClock) -> Past:
    return a_past(store)


@pytest.fixture
def plays() -> Plays:
    return {"past": a_usual_past}


@pytest.fixture
def past(scene: Past) -> Past:
    return scene


def fitted(store: Store) -> FittedPool:
    with store.read(SYSTEM) as reader:
        return proposals.fit_matcher(reader)


def everything(store: Store, model: Any) -> list[Any]:
    with store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(model).order_by(model.id)))


def actions(store: Store) -> list[str]:
    found = [entry.action for entry in everything(store, AuditEntry)]
    return [each for each in found if each.startswith(("matcher_version.", "learning."))]


def states(store: Store) -> dict[int, VersionState]:
    return {row.number: row.state for row in everything(store, MatcherVersion)}


def a_list(store: Store, need: Any = None) -> list[Proposal]:
    """Return the list of a new need as it is made now."""
    asked = need or a_need(store, a_founder(store).person_id)
    made: MatchRound = store.execute(SYSTEM, proposals.refresh, asked.id, fitted(store))
    with store.read(SYSTEM) as reader:
        of_round = select(Proposal).where(Proposal.match_round_id == made.id)
        return list(reader.session.scalars(of_round.order_by(Proposal.rank)))


def live(store: Store, admin: Actor) -> MatcherVersion:
    store.execute(admin, proposals.learn)
    return store.execute(admin, proposals.promote)


def everybody_changes(store: Store, past: Past, clock: FixedClock) -> None:
    """Go on by more than two years; whoever accepted now declines, and the other way round."""
    clock.put(START + timedelta(days=740))
    a_past(store, begins_at=START + timedelta(days=700), experts=past.experts[::-1])


# Learning


def test_the_earlier_half_teaches_a_version(store, admin, past, clock) -> None:
    made = store.execute(admin, proposals.learn)

    assert (made.number, made.state) == (1, VersionState.LEARNED)
    assert (made.created_at, made.created_by_id) == (START, admin.account_id)
    assert made.learned_until == past.needs[54].created_at
    assert made.evidence["learned_from_needs"] == 55
    assert made.evidence["trial"]["needs"] == 55
    assert made.evidence["trial"]["low"] > 0.0
    assert set(made.weights["part_weights"]) == set(PART_CODES)
    assert made.weights["acceptance"]["counts"].keys() == {str(each.id) for each in past.experts}
    assert actions(store) == ["matcher_version.learned"]


def test_learning_again_makes_another_version_and_leaves_the_former(store, admin, past) -> None:
    first = store.execute(admin, proposals.learn)
    second = store.execute(admin, proposals.learn)
    assert states(store) == {1: VersionState.LEARNED, 2: VersionState.LEARNED}
    assert first.name == second.name


def test_too_few_outcomes_teach_nothing(store, admin) -> None:
    with pytest.raises(TooFewOutcomesError):
        store.execute(admin, proposals.learn)
    a_past(store, needs=40)
    with pytest.raises(TooFewOutcomesError) as refused:
        store.execute(admin, proposals.learn)
    assert refused.value.facts == {"least": 30}
    assert everything(store, MatcherVersion) == []


def test_what_another_method_showed_teaches_no_version_of_this_one(store, admin) -> None:
    a_past(store, version="former-1-000000000000")
    with pytest.raises(ForeignVersionError):
        store.execute(admin, proposals.learn)


def test_what_was_shown_more_than_two_years_ago_teaches_nothing(store, admin) -> None:
    a_past(store, begins_at=START - timedelta(days=750))
    with pytest.raises(TooFewOutcomesError):
        store.execute(admin, proposals.learn)


def test_who_a_founder_is_changes_nothing_that_is_learned(store, admin, past) -> None:
    before = store.execute(admin, proposals.learn).weights

    def another_life(uow: UnitOfWork) -> None:
        uow.session.execute(update(Person).values(name="王秀英", street="hongjialou"))

    store.execute(SYSTEM, another_life)
    for person in everything(store, Person):
        a_group(store, person, "college_graduate")
    assert store.execute(admin, proposals.learn).weights == before
    assert set(before["part_weights"]) == set(PART_CODES)


# The shadow


def test_a_version_in_the_shadow_makes_lists_that_nobody_sees(store, admin, past) -> None:
    before = [(row.expert_id, row.score) for row in a_list(store)]
    store.execute(admin, proposals.learn)
    observed = store.execute(admin, proposals.observe)
    assert observed.state is VersionState.SHADOW
    assert everything(store, ShadowList) == []

    shown = a_list(store)

    assert [(row.expert_id, row.score) for row in shown] == before
    assert fitted(store).matcher.learned_ is None
    (beside,) = everything(store, ShadowList)
    assert beside.matcher_version_id == observed.id
    assert beside.match_round_id == shown[0].match_round_id
    assert {place["expert_id"] for place in beside.places} == {str(e.id) for e in past.experts}
    assert [place["score"] for place in beside.places] != [row.score for row in shown]
    assert actions(store) == ["matcher_version.learned", "matcher_version.observed"]


def test_what_is_noted_in_the_shadow_is_what_the_version_shows_once_live(
    store, admin, past
) -> None:
    store.execute(admin, proposals.learn)
    store.execute(admin, proposals.observe)
    need = a_need(store, a_founder(store).person_id)
    a_list(store, need)
    (beside,) = everything(store, ShadowList)
    store.execute(admin, proposals.promote)
    after = [{"expert_id": str(row.expert_id), "score": row.score} for row in a_list(store, need)]
    assert after == beside.places
    assert len(everything(store, ShadowList)) == 1


def test_the_lists_of_the_shadow_are_told_in_figures(store, admin, past) -> None:
    store.execute(admin, proposals.learn)
    store.execute(admin, proposals.observe, 1)
    for _ in range(2):
        a_list(store)
    with store.read(SYSTEM) as reader:
        (row,) = list_versions(reader).items
    assert row.beside is not None
    assert (row.beside.lists, row.beside.in_common) == (2, 1.0)
    assert row.beside.same_first in (0.0, 1.0)


def test_another_version_takes_the_place_in_the_shadow_and_may_come_back(
    store, admin, past
) -> None:
    for _ in range(2):
        store.execute(admin, proposals.learn)
        store.execute(admin, proposals.observe)
    assert states(store) == {1: VersionState.RETIRED, 2: VersionState.SHADOW}
    back = store.execute(admin, proposals.observe, 1)
    assert back.retired_at is None
    assert states(store) == {1: VersionState.SHADOW, 2: VersionState.RETIRED}
    with pytest.raises(IllegalVersionStepError):
        store.execute(admin, proposals.observe, 1)


def test_switched_off_nothing_is_made_in_the_shadow(store, admin, past) -> None:
    store.execute(admin, proposals.learn)
    store.execute(admin, proposals.observe)
    store.execute(admin, proposals.switch_learning, False)
    a_list(store)
    assert everything(store, ShadowList) == []


# Promotion


def test_a_proven_version_goes_live_and_ranks(store, admin, past) -> None:
    before = a_list(store)
    promoted = live(store, admin)

    assert (promoted.state, promoted.promoted_at) == (VersionState.LIVE, START)
    assert promoted.promoted_by_id == admin.account_id
    assert promoted.evidence["trial"]["is_won"] is True
    after = a_list(store)
    made = everything(store, MatchRound)[-1]
    assert made.matcher_version.endswith(f"+{promoted.name}")
    for row in after:
        assert [part["code"] for part in row.parts] == [*PART_CODES, "learned"]
        assert round(sum(part["value"] for part in row.parts), 6) == row.score
    learned = {row.expert_id: row.parts[-1]["value"] for row in after}
    declining, accepting = past.experts
    assert learned[accepting.id] > learned[declining.id]
    assert {row.expert_id for row in before} == {row.expert_id for row in after}


def test_what_is_not_proven_stays_in_the_shadow(store, admin) -> None:
    a_past(store, luck=0.5)
    store.execute(admin, proposals.learn)
    with pytest.raises(NotProvenError) as refused:
        store.execute(admin, proposals.promote)
    assert refused.value.facts["low"] <= 0.0
    assert states(store) == {1: VersionState.LEARNED}
    assert "matcher_version.promoted" not in actions(store)


def test_a_trial_at_promotion_looks_at_all_that_was_shown_since(store, admin, past) -> None:
    store.execute(admin, proposals.learn)
    a_past(store, needs=30, begins_at=START - timedelta(days=20), experts=past.experts)
    promoted = store.execute(admin, proposals.promote, 1)
    assert promoted.evidence["trial"]["needs"] == 85


def test_a_version_must_beat_what_is_live_now(store, admin, past) -> None:
    live(store, admin)
    store.execute(admin, proposals.learn)
    with pytest.raises(NotProvenError) as refused:
        store.execute(admin, proposals.promote)
    facts = refused.value.facts
    assert (facts["low"], facts["high"]) == (0.0, 0.0)
    assert states(store) == {1: VersionState.LIVE, 2: VersionState.LEARNED}


def test_the_version_in_the_shadow_is_promoted_before_a_newer_one(store, admin, past) -> None:
    store.execute(admin, proposals.learn)
    store.execute(admin, proposals.observe)
    store.execute(admin, proposals.learn)
    assert store.execute(admin, proposals.promote).number == 1
    assert states(store) == {1: VersionState.LIVE, 2: VersionState.LEARNED}


def test_a_better_version_takes_the_place_of_the_live_one(store, admin, past, clock) -> None:
    first = live(store, admin)
    everybody_changes(store, past, clock)

    second = live(store, admin)

    assert second.replaces_id == first.id
    assert states(store) == {1: VersionState.RETIRED, 2: VersionState.LIVE}
    assert set(actions(store)[-2:]) == {"matcher_version.superseded", "matcher_version.promoted"}


@pytest.mark.parametrize("number", [None, 7])
def test_without_such_a_version_there_is_nothing_to_promote(store, admin, number) -> None:
    with pytest.raises(NotFoundError):
        store.execute(admin, proposals.promote, number)


def test_what_is_live_is_not_promoted_again(store, admin, past) -> None:
    live(store, admin)
    with pytest.raises(IllegalVersionStepError):
        store.execute(admin, proposals.promote, 1)


def test_the_database_lets_only_one_version_be_live(store, admin, past) -> None:
    live(store, admin)
    store.execute(admin, proposals.learn)

    def force(uow: UnitOfWork) -> None:
        (row,) = uow.all(select(MatcherVersion).where(MatcherVersion.number == 2))
        row.state, row.promoted_at = VersionState.LIVE, uow.now
        uow.audit("test.forced", row)

    with pytest.raises(VersionsChangedError):
        store.execute(SYSTEM, force)


# Going back


def test_going_back_from_the_first_version_leaves_the_base_alone(store, admin, past) -> None:
    before = [row.score for row in a_list(store)]
    live(store, admin)
    assert store.execute(admin, proposals.roll_back) is None

    assert states(store) == {1: VersionState.RETIRED}
    assert actions(store)[-1] == "matcher_version.rolled_back"
    assert [row.score for row in a_list(store)] == before
    with pytest.raises(NoneLiveError):
        store.execute(admin, proposals.roll_back)


def test_going_back_lets_the_former_version_rank_again(store, admin, past, clock) -> None:
    first = live(store, admin)
    everybody_changes(store, past, clock)
    live(store, admin)

    restored = store.execute(admin, proposals.roll_back)

    assert restored is not None
    assert (restored.id, restored.retired_at) == (first.id, None)
    assert states(store) == {1: VersionState.LIVE, 2: VersionState.RETIRED}
    assert fitted(store).matcher.version_.endswith(first.name)
    assert set(actions(store)[-2:]) == {"matcher_version.rolled_back", "matcher_version.restored"}


# The switch


def test_switched_off_the_base_ranks_alone_until_it_is_switched_on(store, admin, past) -> None:
    before = [row.score for row in a_list(store)]
    promoted = live(store, admin)
    store.execute(admin, proposals.switch_learning, False)

    assert [row.score for row in a_list(store)] == before
    with store.read(SYSTEM) as reader:
        assert proposals.ranking_number(reader) is None
        assert list_versions(reader).learning_is_on is False
    for refused in (proposals.learn, proposals.observe, proposals.promote):
        with pytest.raises(LearningOffError):
            store.execute(admin, refused)

    store.execute(admin, proposals.switch_learning, True)
    with store.read(SYSTEM) as reader:
        assert proposals.ranking_number(reader) == promoted.number
    assert actions(store)[-2:] == ["learning.switched_off", "learning.switched_on"]


def test_switching_to_what_is_changes_nothing(store, admin) -> None:
    store.execute(admin, proposals.switch_learning, True)
    assert everything(store, LearningSwitch) == []
    store.execute(admin, proposals.switch_learning, False)
    store.execute(admin, proposals.switch_learning, False)
    (row,) = everything(store, LearningSwitch)
    assert (row.is_on, row.switched_by_id) == (False, admin.account_id)


# Who may, and what is proved


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.SEC_ADMIN, Role.AUDITOR])
def test_only_the_system_administrator_teaches_the_matcher(store, role) -> None:
    other = staff(store, role)
    for use_case in (
        proposals.learn,
        proposals.observe,
        proposals.promote,
        proposals.roll_back,
    ):
        with pytest.raises(ForbiddenError):
            store.execute(other, use_case)
    with pytest.raises(ForbiddenError):
        store.execute(other, proposals.switch_learning, False)


def test_versions_are_proved_by_the_trail(store, admin, past) -> None:
    live(store, admin)
    store.execute(admin, proposals.switch_learning, False)
    store.execute(SYSTEM, audit_entries.seal, store.audit_key())
    with store.read(SYSTEM) as reader:
        report = audit_entries.verify(reader, store.audit_key(), {})
    assert report.faults == []
    assert report.is_ok


def test_versions_are_listed_with_who_and_the_proof(store, admin, past) -> None:
    live(store, admin)
    store.execute(SYSTEM, proposals.learn)
    with store.read(SYSTEM) as reader:
        newest, former = list_versions(reader).items
    assert (newest.number, newest.state, newest.created_by) == (2, VersionState.LEARNED, "")
    assert (former.number, former.created_by, former.promoted_by) == (1, admin.name, admin.name)
    assert former.retired_at is None
    assert former.evidence["trial"]["is_won"] is True


# Lists


def test_a_promotion_reaches_the_fitted_pool_without_another_fit(store, admin, past) -> None:
    cache = MatcherCache()
    with store.read(SYSTEM) as reader:
        first = cache.pool(reader)
    promoted = live(store, admin)
    with store.read(SYSTEM) as reader:
        second = cache.pool(reader)
    assert second.matcher.encoder_ is first.matcher.encoder_
    assert second.matcher.version_ == f"{first.matcher.version_}+{promoted.name}"
    assert first.matcher.learned_ is None


def test_what_was_learned_over_another_method_does_not_rank(store, admin, past) -> None:
    live(store, admin)

    def age(uow: UnitOfWork) -> None:
        (row,) = uow.all(select(MatcherVersion))
        row.weights = {**row.weights, "method": "former-1"}
        uow.audit("test.aged", row)

    store.execute(SYSTEM, age)
    with store.read(SYSTEM) as reader:
        assert proposals.ranking_number(reader) is None
    assert fitted(store).matcher.learned_ is None
    second = store.execute(admin, proposals.learn)
    assert second.evidence["trial"]["is_won"] is True


def test_a_version_of_another_method_is_neither_observed_nor_promoted(store, admin, past) -> None:
    store.execute(admin, proposals.learn)

    def age(uow: UnitOfWork) -> None:
        (row,) = uow.all(select(MatcherVersion))
        row.weights = {**row.weights, "method": "former-1"}
        uow.audit("test.aged", row)

    store.execute(SYSTEM, age)
    for use_case in (proposals.observe, proposals.promote):
        with pytest.raises(ForeignVersionError):
            store.execute(admin, use_case)


@pytest.fixture
def crowd(store: Store) -> list[Any]:
    """Seven experts of one profile, who can be told apart by their ids alone."""
    return [an_expert(store, name=f"专家{number}") for number in range(7)]


def test_a_list_by_score_is_logged_as_shown_for_sure(store, crowd) -> None:
    rows = a_list(store)
    assert {(row.placed_by, row.propensity) for row in rows[:4]} == {(PlacedBy.SCORE, 1.0)}
    assert len(rows) == 5


def test_who_was_never_shown_gets_the_last_place_in_time(store, crowd, clock) -> None:
    shown: set[Any] = set()
    for number in range(6):
        clock.put(START + timedelta(hours=number))
        rows = a_list(store)
        shown |= {row.expert_id for row in rows}
    assert shown == {expert.id for expert in crowd}
    assert rows[-1].placed_by in (PlacedBy.FLOOR, PlacedBy.DRAW)


def test_asking_again_later_gives_the_same_list(store, crowd, clock) -> None:
    need = a_need(store, a_founder(store).person_id)
    first = a_list(store, need)
    for number in range(1, 5):
        clock.put(START + timedelta(hours=number))
        a_list(store)
    assert [row.id for row in a_list(store, need)] == [row.id for row in first]


def test_a_draw_is_logged_with_its_propensity(store, crowd, monkeypatch) -> None:
    always = PlaceSharing(exploration=1.0)
    monkeypatch.setattr(proposals_places, "SHARING", always)
    last = a_list(store)[-1]
    assert (last.placed_by, last.propensity) == (PlacedBy.DRAW, 0.5)


def test_who_has_the_opened_place_is_told_to_be_listed_and_whom_he_displaced_not(
    store, crowd, monkeypatch
) -> None:
    monkeypatch.setattr(proposals_places, "SHARING", PlaceSharing(exploration=1.0))
    need = a_need(store, a_founder(store).person_id)
    listed = {row.expert_id for row in a_list(store, need)}
    pool = fitted(store)
    with store.read(staff(store)) as reader:
        told = [proposals.explain(reader, need.id, each.id, pool) for each in crowd]
    assert {each.expert.id for each in told if each.is_listed} == listed
    by_rank = {each.expert.id for each in told if each.found.rank <= SHORTLIST}
    assert len(listed - by_rank) == 1


def test_switched_off_no_place_is_shared(store, admin, crowd, clock, monkeypatch) -> None:
    monkeypatch.setattr(proposals_places, "SHARING", PlaceSharing(exploration=1.0))
    store.execute(admin, proposals.switch_learning, False)
    best = [row.expert_id for row in a_list(store)]
    for number in range(1, 4):
        clock.put(START + timedelta(hours=number))
        rows = a_list(store)
        assert [row.expert_id for row in rows] == best
        assert {row.placed_by for row in rows} == {PlacedBy.SCORE}


def test_the_database_refuses_a_propensity_that_is_none(store, crowd) -> None:
    (row, *_) = a_list(store)

    def spoil(uow: UnitOfWork) -> None:
        uow.session.get(Proposal, row.id).propensity = 0.0

    with pytest.raises(Exception, match="ck_proposals_propensity"):
        store.execute(SYSTEM, spoil)
