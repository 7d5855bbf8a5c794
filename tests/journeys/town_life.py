"""What is said of the meetings of a town, what is learnt of its people, and how its time goes."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.domain.actor import SYSTEM
from app.domain.calendar import Month, local_day
from app.domain.correction import VentureChoice
from app.domain.dismissal import Ground
from app.domain.outcome import OutcomeStatus
from app.domain.recusal import Interest
from app.domain.service_record import ActualTimes, CorrectionOp, Ruling, Span, closing_opens_at
from app.domain.waiver import WaiverRule
from app.models.outcome import Dispute
from app.models.person import Venture
from app.models.service_session import ServiceSession
from app.queries.service_counts.closed import closed_months, next_to_close
from app.services import (
    corrections,
    dismissals,
    disputes,
    experts,
    outcomes,
    persons,
    service_records,
    service_sessions,
    waivers,
)
from app.unit_of_work import UnitOfWork
from tests.journeys.counted import longer
from tests.journeys.district import WRITTEN
from tests.journeys.town import CONFIRMABLE, LENGTHS, PAUSES, PLANNED, Act, Town

WAITS = (1, 3, 8, 25)
RULINGS = (Ruling.DELIVERED, Ruling.NO_SHOW_FOUNDER, Ruling.EXCUSED)
LAST = date(2026, 12, 20)
CLOSE_WORKING_DAY = 5


class TownLife(Town):
    """A town with everything that may happen in it."""

    # ---- meetings with what is said of them

    def served(self, act: Act) -> None:
        """Hold it, record it and have the founder confirm."""
        self.hold(act)
        self.record(Act("record"))
        self.confirm(Act("confirm", c=1))

    def doubted(self, act: Act) -> None:
        """Hold it, record it and have the founder say that it was otherwise."""
        self.hold(act)
        self.record(Act("record"))
        self.confirm(Act("confirm"))

    def signed(self, act: Act) -> None:
        """Enter what was signed on paper, and have it compared."""
        self.paper(act)
        self.compare(Act("compare"))

    def waived(self, act: Act) -> None:
        """Hold what two officers have let pass in spite of a tie."""
        self.tie(act)
        need = self._need(act)
        made = self.run(
            self.district.officer,
            *(waivers.propose, need.id, self.mentor(act.a).expert.id, WaiverRule.CONFLICT, "唯一"),
            founder_agrees=True,
        )
        self.run(self.district.approver, waivers.approve, made.id)
        self._finish(act, self._agreed(act, need))

    def contested(self, act: Act) -> None:
        """Report that the founder did not come, which he contests."""
        self.miss(act)
        self.contest(act)

    def split(self, act: Act) -> None:
        """Enter one service as two rows, with a pause between them, both compared."""
        begins = self.now - timedelta(hours=16)
        pause = timedelta(minutes=35 + PAUSES[act.c % len(PAUSES)])
        for starts_at in (begins, begins + pause):
            self._enter(act, starts_at, 35)
            self.compare(Act("compare"))

    # ---- words, rulings, corrections

    def record(self, act: Act) -> None:
        session, mentor, _ = self.one_of_sessions(act.a, OutcomeStatus.AWAITING_RECORD)
        self.run(mentor.actor, outcomes.record, session.id, WRITTEN)

    def confirm(self, act: Act) -> None:
        session, _, founder = self.one_of_sessions(act.a, *CONFIRMABLE)
        outcome = self.district.outcome_of(session)
        agrees = act.c % 4 != 0
        said = {"agrees": agrees, "remark": None if agrees else "只谈了十分钟"}
        self.run(founder.actor, outcomes.confirm, outcome.id, **said)

    def compare(self, act: Act) -> None:
        session, _, _ = self.one_of_sessions(act.a, *CONFIRMABLE)
        outcome = self.district.outcome_of(session)
        self.run(self.clerk, outcomes.confirm_on_paper, outcome.id, "档案柜 3-12")

    def contest(self, act: Act) -> None:
        missed = self.district.rows(ServiceSession, ServiceSession.status == "no_show")
        session = missed[act.a % max(1, len(missed))]
        founder = next(f for f in self.founders if f.person_id == session.founder_person_id)
        self.run(founder.actor, service_sessions.contest, session.id, "来过，没有人")

    def rule(self, act: Act) -> None:
        open_now = self.district.rows(Dispute, Dispute.ruled_at.is_(None))
        dispute = open_now[act.a % max(1, len(open_now))]
        ruling = RULINGS[act.b % len(RULINGS)]
        session = self.district.one(ServiceSession, ServiceSession.id == dispute.service_session_id)
        is_missed = session.no_show is not None and ruling is Ruling.DELIVERED
        start = session.planned_starts_at
        actual = ActualTimes(Span(start, start + PLANNED)) if is_missed else None
        self.run(self.ruler, disputes.rule, dispute.id, ruling, "已核实", actual=actual)

    def correct(self, act: Act) -> None:
        session, _, founder = self.one_of_sessions(act.a)
        operation = list(CorrectionOp)[act.b % len(CorrectionOp)]
        start = (session.actual_start or session.planned_starts_at) + timedelta(days=act.c % 3 - 1)
        length = timedelta(minutes=LENGTHS[act.c % len(LENGTHS)])
        value = {
            CorrectionOp.REMOVE_ATTENDEE: founder.person_id,
            CorrectionOp.SET_ACTUAL_TIMES: ActualTimes(Span(start, start + length)),
            CorrectionOp.SET_TOPIC: "marketing",
            CorrectionOp.SET_VENTURE: self._another_venture(act.c),
            CorrectionOp.SET_OVERRUN: act.c % 2 == 0,
            CorrectionOp.VOID: None,
        }[operation]
        officer, approver = self.district.officer, self.district.approver
        made = self.run(officer, corrections.propose, session.id, operation, value, "抽查核实")
        if act.c % 5:
            self.run(approver, corrections.approve, made.id)

    def _another_venture(self, number: int) -> VentureChoice:
        venture = self.founder(number).venture if number % 3 else None
        return VentureChoice(venture.id if venture else None)

    # ---- what is learnt of people

    def link(self, act: Act) -> None:
        one, other = (self.founder(number).person_id for number in (act.a, act.b))
        made = self.run(self.district.officer, persons.propose_double, one, other, "证件相同")
        self.run(self.district.approver, persons.approve_double, made.id)

    def identify(self, act: Act) -> None:
        self.run(self.district.officer, persons.identify, self.founder(4).person_id, "居民身份证")

    def tie(self, act: Act) -> None:
        mentor, venture = self.mentor(act.a), self.founder(act.b).venture
        if venture is None:
            raise IndexError
        interest = Interest(
            conflict_type="ci4_equity", organisation=venture.name, starts_on=date(2025, 3, 1)
        )
        self.run(mentor.actor, experts.declare_interest, mentor.expert.id, interest)

    def extend(self, act: Act) -> None:
        until = date(2026, 10, 5 + act.a % 26)
        key = self.mentors[2].expert.id
        self.run(self.district.approver, experts.extend, key, "临时延聘", until)

    def dismiss(self, act: Act) -> None:
        mentor = self.mentors[2]
        proposal = (Ground.MISCONDUCT, "有关部门来函。")
        row = self.run(self.district.officer, dismissals.propose, mentor.expert.id, *proposal)
        self.run(mentor.actor, dismissals.hear, row.id, "没有意见。")
        self.run(self.district.approver, dismissals.approve, row.id, "解聘")

    def register(self, act: Act) -> None:
        """Have it become known since when the team is a company."""
        on = local_day(self.now) - timedelta(days=act.a)

        def note(uow: UnitOfWork) -> None:
            venture = uow.load(Venture, self.founders[1].venture.id)  # type: ignore[union-attr]
            venture.entity_type, venture.registered_on = "individual", on
            uow.flush()
            held = select(ServiceSession.id).where(ServiceSession.venture_id == venture.id)
            service_records.count_all(uow, uow.all(held), cause="venture.registered")

        self.run(SYSTEM, note)

    def stricter(self, act: Act) -> None:
        """Change the least length of a consultation from the first of the next month on."""
        following = Month.of(local_day(self.now)).following()
        longer(self.district, LENGTHS[act.a % 4], following.first_on)

    # ---- time

    def wait(self, act: Act) -> None:
        later = self.now + timedelta(days=WAITS[act.a % len(WAITS)], minutes=7)
        if local_day(later) > LAST:
            raise IndexError
        self.district.clock.put(later)

    def close(self, act: Act) -> None:
        """Close the month that is next, on its closing day or some days late."""
        month, opens_at = self.run(SYSTEM, _next_closing)
        late = timedelta(days=act.a % 3, hours=9)
        if local_day(opens_at + late) > LAST:
            raise IndexError
        self.district.clock.put(max(self.district.clock.now(), opens_at + late))
        self.district.close(month, f"{self.now:%m-%d %H:%M}")


def _next_closing(uow: UnitOfWork) -> tuple[Month, datetime]:
    month = next_to_close(uow, closed_months(uow)) or Month(2026, 9)
    return month, closing_opens_at(month, uow.calendar, CLOSE_WORKING_DAY)
