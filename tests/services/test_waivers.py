from datetime import timedelta

import pytest

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.domain.expert import RecusalError
from app.domain.need import NeedClosedError, NeedStatus
from app.domain.waiver import (
    NothingToWaiveError,
    NotWaivableError,
    SameOfficerError,
    WaiverCheckedError,
    WaiverRule,
    WaiverStatus,
    WaiverWaitsError,
)
from app.models.audit_entry import AuditEntry
from app.models.expert import DeclaredInterest
from app.models.need import Need
from app.models.service_record import ServiceRecord
from app.models.waiver import Waiver
from app.services import audit_entries, bookings, outcomes, proposals, service_sessions, waivers
from app.services.outcomes import Record
from app.services.service_sessions import Finish
from app.unit_of_work import UnitOfWork
from tests.builders import a_founder, a_need, keep, staff
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import Scene, set_scene

WHEN = "09-18 14:00"
CONFLICT = WaiverRule.CONFLICT


class Desk(Scene):
    """A scene in which the mentor holds a stake in the founder's venture."""

    def tie(self, kind: str = "ci4_equity") -> None:
        keep(
            self.store,
            DeclaredInterest(
                expert_id=self.expert.id,
                conflict_type=kind,
                organisation="",
                person_id=self.founder.person_id,
            ),
        )

    def need(self, **values) -> Need:
        return a_need(self.store, self.founder.person_id, **values)

    def propose(self, need: Need, actor: Actor | None = None, **options) -> Waiver:
        given = {"reason": "唯一熟悉该工艺的专家", "founder_agrees": True, **options}
        return self.store.execute(
            actor or self.officer,
            waivers.propose,
            need.id,
            self.expert.id,
            CONFLICT,
            given["reason"],
            founder_agrees=given["founder_agrees"],
        )

    def second(self) -> Actor:
        return staff(self.store, Role.OFFICER, name="小陈")

    def waived(self, need: Need) -> Waiver:
        return self.store.execute(self.second(), waivers.approve, self.propose(need).id)

    def book(self, need: Need):
        choice = bookings.Choice(
            need_id=need.id, expert_id=self.expert.id, starts_at=at(WHEN), mode="onsite"
        )
        return self.store.execute(self.founder, bookings.request_now, choice)

    def hold_meeting(self) -> None:
        """Hold the meeting that was accepted, record and confirm it."""
        session = self.session()
        self.clock.put(at("09-18 13:55"))
        self.store.execute(self.founder, service_sessions.check_in, session.id)
        self.clock.put(at("09-18 15:00"))
        held = Finish(actual_start=at(WHEN), actual_end=at("09-18 14:50"))
        self.store.execute(self.mentor, service_sessions.finish, session.id, held)
        written = Record("怎么选工艺？", "先做小试。", [], "advised")
        outcome = self.store.execute(self.mentor, outcomes.record, session.id, written)
        self.store.execute(self.founder, outcomes.confirm, outcome.id, agrees=True)

    def decision(self) -> ServiceRecord:
        return max(self.rows(ServiceRecord), key=lambda record: record.number)


def a_tied_desk(store, clock) -> Desk:
    found = Desk(**vars(set_scene(store, clock)))
    found.tie()
    return found


@pytest.fixture
def plays() -> Plays:
    return {"desk": a_tied_desk}


@pytest.fixture
def desk(scene: Desk) -> Desk:
    return scene


def test_a_waived_pairing_is_proposed_booked_held_and_counted_apart(desk: Desk) -> None:
    need = desk.need()
    with pytest.raises(RecusalError):
        desk.book(need)
    waiver = desk.waived(need)
    assert (waiver.status, waiver.kinds) == (WaiverStatus.APPROVED, ["ci4_equity"])

    with desk.store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    made = desk.store.execute(desk.founder, proposals.refresh, need.id, pool)
    assert made.excluded == []
    booking = desk.book(need)
    desk.store.execute(desk.mentor, bookings.accept, booking.id)
    desk.hold_meeting()

    decision = desk.decision()
    assert (decision.status, decision.apart) == ("counted_apart", "waived_conflict")


def test_both_officers_stand_in_the_trail_and_the_reason_only_as_a_hash(desk: Desk) -> None:
    waiver = desk.waived(desk.need())
    entries = desk.rows(AuditEntry, AuditEntry.entity_id == waiver.id)
    assert [entry.action for entry in entries] == ["waiver.proposed", "waiver.approved"]
    assert len({entry.actor_id for entry in entries}) == 2
    assert '"founder_agrees":true' in entries[0].body
    assert "唯一熟悉" not in "".join(entry.body for entry in entries)
    assert '"kinds":["ci4_equity"]' in entries[1].body
    with desk.store.read(SYSTEM) as reader:
        report = audit_entries.verify(reader, desk.store.audit_key())
    assert report.faults == []
    assert report.rows > 0


def test_everybody_concerned_is_told(desk: Desk) -> None:
    waiver = desk.propose(desk.need())
    desk.work()
    (message,) = desk.told(desk.officer, "waiver.proposed")
    assert message.href == f"/bureau/needs/{waiver.need_id}/waivers/{desk.expert.id}"
    assert desk.told(desk.founder, "waiver.approved") == []

    desk.store.execute(desk.second(), waivers.approve, waiver.id)
    desk.work()

    (told,) = desk.told(desk.founder, "waiver.approved")
    assert "持股、投资或约定投资" in told.text
    assert told.href == f"/needs/{waiver.need_id}/mentors"
    assert len(desk.letters(told)) == 1
    (told,) = desk.told(desk.mentor, "waiver.approved")
    assert "评审仍要回避" in told.text


def test_until_the_second_officer_agrees_the_rule_holds(desk: Desk) -> None:
    need = desk.need()
    waiver = desk.propose(need)
    with pytest.raises(RecusalError):
        desk.book(need)
    desk.store.execute(desk.second(), waivers.refuse, waiver.id)
    with pytest.raises(RecusalError):
        desk.book(need)
    with pytest.raises(WaiverCheckedError):
        desk.store.execute(desk.second(), waivers.approve, waiver.id)


def test_who_proposed_is_not_the_second_officer(desk: Desk) -> None:
    waiver = desk.propose(desk.need())
    for verdict in (waivers.approve, waivers.refuse):
        with pytest.raises(SameOfficerError):
            desk.store.execute(desk.officer, verdict, waiver.id)
    assert desk.rows(Waiver)[0].status is WaiverStatus.PROPOSED


def test_the_database_itself_wants_two_officers(desk: Desk) -> None:
    waiver = desk.propose(desk.need())

    def forge(uow: UnitOfWork) -> None:
        row = uow.load(Waiver, waiver.id)
        row.status, row.checked_by_id, row.checked_at = "approved", row.made_by_id, uow.now
        uow.audit("test.forged", row)

    with pytest.raises(SameOfficerError):
        desk.store.execute(SYSTEM, forge)


def test_a_waiver_is_never_deleted(desk: Desk) -> None:
    waiver = desk.propose(desk.need())

    def drop(uow: UnitOfWork) -> None:
        uow.session.delete(uow.load(Waiver, waiver.id))

    with pytest.raises(ConflictError) as refusal:
        desk.store.execute(SYSTEM, drop)
    assert refusal.value.code == "ledger.append_only"


def test_one_waiver_waits_at_a_time(desk: Desk) -> None:
    need = desk.need()
    first = desk.propose(need)
    with pytest.raises(WaiverWaitsError):
        desk.propose(need, desk.second())
    again = {
        name: getattr(first, name)
        for name in ("need_id", "expert_id", "rule", "kinds", "reason", "status", "made_at")
    }
    with pytest.raises(WaiverWaitsError):
        keep(desk.store, Waiver(**again, made_by_id=desk.second().account_id))


def test_a_waiver_holds_for_its_need_alone(desk: Desk) -> None:
    desk.waived(desk.need())
    with pytest.raises(RecusalError):
        desk.book(desk.need())


def test_a_tie_of_another_kind_that_comes_later_forbids_again(desk: Desk) -> None:
    need = desk.need()
    desk.waived(need)
    desk.tie("ci2_board")
    with pytest.raises(RecusalError):
        desk.book(need)
    # Both kinds are waived by two waivers together.
    assert desk.waived(need).kinds == ["ci2_board"]
    assert desk.book(need).lead_expert_id == desk.expert.id


@pytest.mark.parametrize(
    ("kind", "service"), [("ci6_dispute", "consultation"), ("ci4_equity", "review")]
)
def test_what_cannot_be_waived_is_refused(desk: Desk, kind: str, service: str) -> None:
    desk.tie(kind)
    with pytest.raises(NotWaivableError):
        desk.propose(desk.need(session_type=service))
    assert desk.rows(Waiver) == []


def test_where_nothing_forbids_there_is_nothing_to_waive(desk: Desk) -> None:
    other = a_need(desk.store, a_founder(desk.store, name="王强").person_id)
    with pytest.raises(NothingToWaiveError):
        desk.propose(other)


@pytest.mark.parametrize(
    ("options", "field"),
    [({"reason": " "}, "reason"), ({"founder_agrees": False}, "founder_agrees")],
)
def test_a_waiver_needs_a_reason_and_a_founder_who_knows(desk: Desk, options, field) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        desk.propose(desk.need(), **options)
    assert [fault.field for fault in refusal.value.errors] == [field]


def test_a_need_that_is_over_takes_no_waiver(desk: Desk) -> None:
    with pytest.raises(NeedClosedError):
        desk.propose(desk.need(status=NeedStatus.CLOSED))


def test_only_the_bureau_waives(desk: Desk) -> None:
    need = desk.need()
    with pytest.raises(ForbiddenError):
        desk.propose(need, desk.founder)
    with pytest.raises(ForbiddenError):
        desk.propose(need, staff(desk.store, Role.AUDITOR))
    with pytest.raises(NotFoundError):
        desk.propose(need, desk.mentor)
    waiver = desk.propose(need)
    for actor in (
        desk.founder,
        desk.mentor,
        staff(desk.store, Role.STREET_LIAISON, street="tangye"),
    ):
        with pytest.raises(NotFoundError):
            desk.store.execute(actor, waivers.approve, waiver.id)


def test_a_waiver_that_came_after_the_meeting_counts_nothing(desk: Desk, store) -> None:
    other = a_founder(store, name="王强")
    need = a_need(store, other.person_id)
    choice = bookings.Choice(
        need_id=need.id, expert_id=desk.expert.id, starts_at=at(WHEN), mode="onsite"
    )
    desk.founder = other
    booking = store.execute(other, bookings.request_now, choice)
    store.execute(desk.mentor, bookings.accept, booking.id)
    desk.hold_meeting()
    assert desk.decision().status == "counted"

    desk.tie()
    desk.clock.put(desk.clock.now() + timedelta(hours=1))
    desk.waived(need)

    decision = desk.decision()
    assert (decision.reason, decision.cause) == ("conflict_of_interest", "waiver.approved")
