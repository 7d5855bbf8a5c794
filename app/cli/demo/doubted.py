"""What was doubted in the demo: ratings, appeals, recorded times, words of reports, doubles."""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from app.cli.demo.history import Event
from app.cli.demo.stage import Stage, Told, instant
from app.domain.actor import Role
from app.domain.calendar import Month
from app.domain.service_record import ActualTimes, CorrectionOp, Span
from app.domain.ticket import Call, CallResult
from app.models.appeal import Appeal
from app.models.outcome import Rating
from app.models.ticket import Ticket
from app.services import appeals, corrections, errata, persons, tickets
from app.services.persons import WalkIn


class Doubted:
    """Plays how an officer, and another one after him, looked into what somebody doubted."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def events(self) -> Iterator[Event]:
        """Yield all of it."""
        told = self._stage.told("doubts.json")
        for ticket in told["tickets"]:
            for call in ticket["calls"]:
                do = partial(self._call, ticket["service"], call)
                yield Event(instant(call["at"]), ticket["service"], do)
        for appeal in told["appeals"]:
            yield from self._appeal(appeal)
        for each in told["corrections"]:
            yield Event(instant(each["at"]), each["service"], partial(self._correct, each))
        for erratum in told["errata"]:
            yield Event(instant(erratum["at"]), "erratum", partial(self._erratum, erratum))
        for double in told["doubles"]:
            yield Event(instant(double["at"]), "double", partial(self._double, double))

    def _call(self, service: str, told: Told) -> None:
        outcome = self._stage.outcome(self._stage.session(service).id)
        rated = select(Rating.id).where(Rating.outcome_id == outcome.id)
        ticket = self._stage.find(select(Ticket).where(Ticket.rating_id.in_(rated)))
        call = Call(
            called=told["called"],
            called_at=instant(told["at"]),
            result=CallResult(told["result"]),
            said=told["said"],
            done=told["done"],
        )
        self._stage.by(Role.OFFICER, tickets.note_call, ticket.id, call)

    def _appeal(self, told: Told) -> Iterator[Event]:
        name = told["service"]
        yield Event(instant(told["opened_at"]), name, partial(self._open, told))
        if told["answered_at"]:
            yield Event(instant(told["answered_at"]), name, partial(self._answer, told))

    def _open(self, told: Told) -> None:
        session = self._stage.session(told["service"])
        mentor = self._stage.mentor_of(session)
        self._stage.by(mentor, appeals.open_appeal, session.id, told["statement"])

    def _answer(self, told: Told) -> None:
        session = self._stage.session(told["service"])
        appeal = self._stage.find(select(Appeal).where(Appeal.service_session_id == session.id))
        self._stage.by(Role.OFFICER, appeals.explain, appeal.id, told["answer"])

    def _correct(self, told: Told) -> None:
        times = ActualTimes(Span(instant(told["starts"]), instant(told["ends"])), 0)
        session = self._stage.session(told["service"])
        given = (session.id, CorrectionOp.SET_ACTUAL_TIMES, times, told["reason"])
        made = self._stage.by(Role.OFFICER, corrections.propose, *given)
        decide = corrections.approve if told["then"] == "approve" else corrections.refuse
        self._stage.by(Role.APPROVER, decide, made.id)

    def _erratum(self, told: Told) -> None:
        made = self._stage.by(
            Role.OFFICER, errata.propose, Month.parse(told["month"]), told["words"]
        )
        if told["then"]:
            decide = errata.approve if told["then"] == "approve" else errata.refuse
            self._stage.by(Role.APPROVER, decide, made.id)

    def _double(self, told: Told) -> None:
        came = self._stage.by(Role.OFFICER, persons.register, WalkIn(name=told["name"]))
        person_id = self._stage.need(told["need"]).person_id
        made = self._stage.by(
            Role.OFFICER, persons.propose_double, came.id, person_id, told["grounds"]
        )
        self._stage.by(Role.APPROVER, persons.approve_double, made.id)
