"""A service put down to the wrong enterprise, and one that rightly took longer than planned."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.calendar import Month
from app.domain.clock import FixedClock
from app.domain.correction import (
    NothingChangesError,
    OwnMeetingError,
    SamePersonError,
    ServesNobodyError,
    VentureChoice,
    from_stored,
)
from app.domain.errors import InvalidInputError
from app.domain.service_record import Correction, CorrectionOp
from app.domain.venture import EntityType
from app.models.expert import DeclaredInterest
from app.models.period import Adjustment
from app.models.person import Venture
from app.models.service_record import Correction as CorrectionRow
from app.models.service_session import ServiceSession
from app.services import corrections, venture_registrations, ventures
from app.services.service_records import preview
from app.services.venture_registrations import Registered
from app.unit_of_work import Store
from tests.acquainted import People, acquainted
from tests.builders import a_person, a_venture, keep
from tests.bundles import ENTRIES, changed, exported, read, seal, verdict, verifier
from tests.gathering import Hall, open_hall
from tests.scenes import Plays, after
from tests.services.test_corrections import times
from tests.turns import on_each

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
VENTURE, OVERRUN = CorrectionOp.SET_VENTURE, CorrectionOp.SET_OVERRUN


def once_met(store: Store, clock: FixedClock) -> People:
    """An hour was advised by one mentor, for the firm of the founder."""
    people = acquainted(store, clock)
    people.meet("09-17 14:00", 60)
    return people


@after(once_met)
def long_met(people: People) -> People:
    """Of the hour that was planned two became, as a correction says."""
    longer = times("09-17 14:00", 120)
    people.district.correct(
        people.sessions[0], CorrectionOp.SET_ACTUAL_TIMES, longer, "09-18 09:00"
    )
    return people


@pytest.fixture
def plays() -> Plays:
    return {"people": once_met, "long": long_met, "heard": lectured}


@pytest.fixture
def people(scene: People) -> People:
    return scene


@pytest.fixture
def long(scene: People) -> People:
    return scene


@pytest.fixture
def heard(scene: tuple[Hall, ServiceSession]) -> tuple[Hall, ServiceSession]:
    return scene


def a_team(people: People, **values: Any) -> Venture:
    """Return a second venture of the founder, not registered."""
    given = {"name": "王强第二个项目", "area": "east_new_area", "industry": "retail", **values}
    return a_venture(people.district.store, people.founder.person_id, **given)


def lectured(store: Store, clock: FixedClock) -> tuple[Hall, ServiceSession]:
    """Somebody heard a lecture to its end."""
    hall = open_hall(store, clock)
    activity = hall.announced()
    hall.join(hall.founder(), activity)
    clock.put(activity.starts_at)
    hall.sign_in(activity, "李晓", "13800138000")
    return hall, hall.close(activity)


def put_right(people: People, venture: Venture | None, moment: str | None = None) -> CorrectionRow:
    choice = VentureChoice(venture.id if venture else None)
    return people.district.correct(people.sessions[0], VENTURE, choice, moment)


def served(people: People, month: Month = SEPTEMBER) -> tuple[int, int]:
    own = people.district.measures(month).own
    return own.enterprises, own.teams


def inputs(people: People, session: ServiceSession | None = None) -> Any:
    return people.district.decision(session or people.sessions[0]).inputs


@on_each
def test_the_venture_is_counted_with_its_labels_and_the_record_stays(people) -> None:
    assert served(people) == (1, 0)
    team = a_team(people)
    put_right(people, team)

    assert served(people) == (0, 1)
    said = inputs(people)
    assert said["venture"] == {"venture_id": str(team.id), "registered_on": None}
    labels = said["dimensions"]
    assert (labels["area"], labels["industry"]) == ("east_new_area", "retail")
    kept = people.district.one(ServiceSession)
    assert kept.venture_id == people.founder.venture.id
    assert labels["department"] == kept.department


def test_a_service_for_no_venture_serves_the_person_alone(people) -> None:
    put_right(people, None)
    assert served(people) == (0, 0)
    assert people.district.decision(people.sessions[0]).status == "counted"
    assert people.district.measures(SEPTEMBER).own.distinct_persons == 1


def test_a_venture_of_another_district_has_its_own_column(people) -> None:
    put_right(people, a_team(people, area="outside"))
    assert people.district.decision(people.sessions[0]).apart == "outside_district"
    put_right(people, people.founder.venture)
    assert people.district.decision(people.sessions[0]).status == "counted"


def test_parts_of_one_service_part_when_one_was_for_another_venture(people) -> None:
    district, pair = people.district, (people.mentor, people.founder)
    first = district.served(*pair, "09-18 09:00", 35)
    second = district.served(*pair, "09-18 10:00", 30)
    assert district.decision(second).reason == "merged"
    district.correct(second, VENTURE, VentureChoice(a_team(people).id))
    assert [district.decision(each).status for each in (first, second)] == ["counted", "counted"]


def test_a_tie_to_the_right_venture_takes_the_service_out(people) -> None:
    theirs = a_team(people, name="何氏食品")
    tie = DeclaredInterest(
        expert_id=people.mentor.expert.id,
        conflict_type="ci4_equity",
        organisation=theirs.name,
        credit_code=None,
        starts_on=date(2025, 3, 1),
    )
    keep(people.district.store, tie)
    assert people.district.decision(people.sessions[0]).reason is None

    put_right(people, theirs)
    assert people.district.decision(people.sessions[0]).reason == "conflict_of_interest"


def test_what_is_learnt_of_the_right_venture_decides_the_service_anew(people) -> None:
    district, team = people.district, a_team(people)
    put_right(people, team)
    shown = Registered(EntityType.COMPANY, "91350100M000100Y43", date(2026, 9, 1), "营业执照副本")
    district.store.execute(district.officer, venture_registrations.note, team.id, shown)
    assert served(people) == (1, 0)

    stranger = a_person(district.store, name="赵敏")
    keep(
        district.store,
        DeclaredInterest(
            expert_id=people.mentor.expert.id,
            conflict_type="ci5_kin",
            organisation="",
            person_id=stranger.id,
        ),
    )
    district.store.execute(district.officer, ventures.link, team.id, stranger.id)
    assert district.decision(people.sessions[0]).reason == "conflict_of_interest"


def test_of_a_closed_month_the_figures_stay_and_are_restated(people) -> None:
    district, team = people.district, a_team(people, area="outside")
    district.close(SEPTEMBER, "10-13 09:00")
    corrected = put_right(people, team, "10-20 10:00")

    counts = district.measures(SEPTEMBER)
    assert (counts.as_reported.enterprises, counts.restated.enterprises) == (1, 0)
    posted = district.one(Adjustment)
    assert (posted.correction_id, posted.posted_month) == (corrected.id, "2026-10")
    assert posted.deltas["measures"]["sessions"] == -1
    restated = counts.restated.additive.sessions
    assert counts.as_reported.additive.sessions + posted.deltas["measures"]["sessions"] == restated


@on_each
def test_the_preview_tells_what_then_happens(people) -> None:
    district, session = people.district, people.sessions[0]
    team = a_team(people)
    proposed = district.store.execute(
        district.officer, corrections.propose, session.id, VENTURE, VentureChoice(team.id), "核实"
    )
    with district.store.read(district.approver) as reader:
        value = from_stored(VENTURE, proposed.value)
        told = preview(reader, session.id, Correction(str(session.id), reader.now, VENTURE, value))
    (month,) = told.months
    assert month.moved == {"enterprises": (1, 0), "teams": (0, 1)}

    district.store.execute(district.approver, corrections.approve, proposed.id)
    assert served(people) == (0, 1)


def test_what_is_already_so_is_no_correction_nor_is_a_venture_of_nobody_there(people) -> None:
    district, session = people.district, people.sessions[0]

    def propose(operation: CorrectionOp, value: Any) -> None:
        given = (session.id, operation, value, "核实")
        district.store.execute(district.officer, corrections.propose, *given)

    with pytest.raises(NothingChangesError):
        propose(VENTURE, VentureChoice(people.founder.venture.id))
    with pytest.raises(NothingChangesError):
        propose(OVERRUN, False)
    theirs = a_venture(district.store, a_person(district.store).id, name="别人的项目")
    for key, code in (
        (session.id, "venture.not_found"),
        (theirs.id, "paper_entry.not_of_venture"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            propose(VENTURE, VentureChoice(key))
        assert [(each.field, each.code) for each in refused.value.errors] == [("value", code)]
    assert district.rows(CorrectionRow) == []


def test_a_lecture_is_for_no_venture(heard) -> None:
    hall, session = heard
    theirs = VentureChoice(hall.venture(1).id)
    with pytest.raises(ServesNobodyError):
        hall.store.execute(
            hall.officer, corrections.propose, session.id, VENTURE, theirs, "听众的企业"
        )


def test_an_approved_overrun_counts_the_real_time_and_can_be_taken_back(long) -> None:
    district, session = long.district, long.sessions[0]
    assert district.decision(session).minutes == 90

    district.correct(session, OVERRUN, True)
    decision = district.decision(session)
    assert (decision.minutes, decision.mentor_minutes) == (120, 120)
    assert inputs(long)["is_overrun_approved"] is True

    district.correct(session, OVERRUN, False)
    assert district.decision(session).minutes == 90


def test_of_a_closed_month_an_overrun_is_an_adjustment(long) -> None:
    district, session = long.district, long.sessions[0]
    district.close(SEPTEMBER, "10-13 09:00")
    district.correct(session, OVERRUN, True, "10-14 10:00")
    counts = district.measures(SEPTEMBER)
    assert counts.as_reported.additive.session_minutes == 90
    assert counts.restated.additive.session_minutes == 120
    assert district.one(Adjustment).deltas["measures"] == {
        "session_minutes": 30,
        "mentor_minutes": 30,
    }


def test_an_overrun_takes_two_people_neither_of_whom_had_a_hand_in_the_meeting(long) -> None:
    district, session = long.district, long.sessions[0]
    given = (session.id, OVERRUN, True, "老师多讲了一小时")
    proposed = district.store.execute(district.approver, corrections.propose, *given)
    with pytest.raises(SamePersonError):
        district.store.execute(district.approver, corrections.approve, proposed.id)

    theirs = district.store.execute(district.officer, corrections.propose, *given)
    served_there = replace(district.approver, person_id=long.mentor.expert.person_id)
    with pytest.raises(OwnMeetingError):
        district.store.execute(served_there, corrections.approve, theirs.id)
    assert district.decision(session).minutes == 90


def sealed(people: People) -> dict[str, bytes]:
    seal(people.district.store)
    return exported(people.district.store)


@on_each
def test_the_bundle_recounts_a_corrected_venture_and_names_who_tampers(long) -> None:
    district, session, team = long.district, long.sessions[0], a_team(long)
    put_right(long, team)
    district.correct(session, OVERRUN, True)
    seal(district.store)
    district.close(SEPTEMBER, "10-13 09:00")
    seal(district.store)
    files = exported(district.store)
    assert verdict(files) == []
    figures = {row["measure"]: row["value"] for row in read(files, "figures.json")}
    assert (figures["enterprises"], figures["teams"], figures["session_minutes"]) == (0, 1, 120)

    other = str(long.founder.venture.id)
    named = verdict(_with_value(files, "set_venture", lambda value: {**value, "venture_id": other}))
    assert any("(corrections" in line and "was changed" in line for line in named)
    assert any("venture.venture_id was counted as" in line for line in named)
    named = verdict(_with_value(files, "set_overrun", lambda _: False))
    assert any("is_overrun_approved was counted as true" in line for line in named)

    put_right(long, long.founder.venture, "10-20 10:00")
    assert verdict(sealed(long)) == []


def _with_value(files: dict[str, bytes], operation: str, change: Any) -> dict[str, bytes]:
    """Return the files with what a correction says changed, and its leaf and seals made to fit."""

    def edit(entries: list[Any]) -> None:
        for entry in entries:
            body = json.loads(entry.get("body", "{}"))
            row = body.get("row") or {}
            if body.get("entity") == "corrections" and row["operation"] == operation:
                row["value"] = change(row["value"])
                entry["body"] = verifier.canonical(body)

    return changed(files, ENTRIES, edit)
