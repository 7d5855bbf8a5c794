"""What the demo's bureau did about its experts: marks, honours, certificates, claims, terms."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy import select

from app.cli.demo.history import Event
from app.cli.demo.stage import Stage, Told, instant
from app.domain.actor import Role
from app.domain.dismissal import Ground
from app.domain.stand_down import StandDownOrder
from app.models.appraisal import Appraisal
from app.models.dismissal import Dismissal
from app.models.expert import Appointment
from app.models.stand_down import StandDown
from app.services import appraisals, certificates, claims, dismissals, experts, honours, stand_downs
from app.services.experts import Renewal
from app.services.honours import HonourEntry


class Overseen:
    """Plays what an officer enters of experts and the approver decides on."""

    def __init__(self, stage: Stage, key: bytes) -> None:
        self._stage = stage
        self._key = key

    def events(self) -> Iterator[Event]:
        """Yield all of it."""
        told = self._stage.told("duty.json")
        plays = {
            "honours": self._honour,
            "certificates": self._certificate,
            "letters": self._letter,
            "claims": self._claim,
            "renewals": self._renew,
            "stand_downs": self._stand_down,
            "appraisals": self._appraise,
            "resignations": self._resign,
            "dismissals": self._propose,
        }
        for kind, play in plays.items():
            for each in told[kind]:
                yield Event(instant(each["at"]), kind, partial(play, each))
        for each in told["appraisals"]:
            if each["corrected"]:
                at = instant(each["corrected"]["at"])
                yield Event(at, "appraisals", partial(self._correct, each))
        for each in told["stand_downs"]:
            yield Event(instant(each["lifted_at"]), "stand_downs", partial(self._lift, each))
        for each in told["dismissals"]:
            yield Event(instant(each["heard_at"]), "dismissals", partial(self._hear, each))
            yield Event(instant(each["decided_at"]), "dismissals", partial(self._decide, each))

    def _honour(self, told: Told) -> None:
        until = told["valid_until"]
        entry = HonourEntry(
            kind=told["kind"],
            document=told["document"],
            given_by=told["given_by"],
            given_on=date.fromisoformat(told["given_on"]),
            valid_until=date.fromisoformat(until) if until else None,
            note=told["note"],
        )
        row = self._stage.by(Role.OFFICER, honours.enter, self._expert(told), entry)
        if told["then"]:
            decide = honours.confirm if told["then"] == "confirm" else honours.refuse
            self._stage.by(Role.APPROVER, decide, row.id)

    def _certificate(self, told: Told) -> None:
        first_on, last_on = (date.fromisoformat(told[name]) for name in ("first_on", "last_on"))
        mentor = self._stage.cast.mentors[told["expert"]]
        given = (self._expert(told), first_on, last_on, self._key)
        row = self._stage.by(mentor, certificates.issue, *given)
        if told["withdrawn"]:
            self._stage.by(Role.APPROVER, certificates.withdraw, row.id, told["withdrawn"])

    def _letter(self, told: Told) -> None:
        of_his = Appointment.expert_id == self._expert(told)
        term = self._stage.find(select(Appointment).where(of_his))
        self._stage.by(Role.APPROVER, certificates.issue_letter, term.id, self._key)

    def _claim(self, told: Told) -> None:
        venture_id = self._stage.need(told["need"]).venture_id
        seen_on = date.fromisoformat(told["seen_on"])
        given = (self._expert(told), venture_id, told["evidence"], seen_on)
        row = self._stage.by(Role.OFFICER, claims.claim, *given)
        if told["then"]:
            self._stage.by(Role.APPROVER, claims.approve, row.id)

    def _renew(self, told: Told) -> None:
        renewal = Renewal(
            document=told["document"],
            starts_on=date.fromisoformat(told["starts_on"]),
            ends_on=date.fromisoformat(told["ends_on"]),
            reason=told["reason"],
        )
        self._stage.by(Role.APPROVER, experts.renew, self._expert(told), renewal)

    def _stand_down(self, told: Told) -> None:
        first_on, last_on = (date.fromisoformat(told[name]) for name in ("first_on", "last_on"))
        given = StandDownOrder(first_on, last_on, told["reason"])
        self._stage.by(Role.APPROVER, stand_downs.order, self._expert(told), given)

    def _lift(self, told: Told) -> None:
        of_his = StandDown.expert_id == self._expert(told)
        row_id = self._stage.find(select(StandDown.id).where(of_his))
        self._stage.by(Role.APPROVER, stand_downs.lift, row_id)

    def _appraise(self, told: Told) -> None:
        session = self._stage.session(told["service"])
        given = (session.id, session.lead_expert_id, told["score"], told["words"])
        self._stage.by(Role.OFFICER, appraisals.appraise, *given)

    def _correct(self, told: Told) -> None:
        session, new = self._stage.session(told["service"]), told["corrected"]
        row_id = self._stage.find(
            select(Appraisal.id).where(Appraisal.service_session_id == session.id)
        )
        given = (row_id, new["score"], new["words"], new["reason"])
        self._stage.by(Role.OFFICER, appraisals.correct, *given)

    def _resign(self, told: Told) -> None:
        self._stage.by(Role.APPROVER, experts.resign, self._expert(told), told["document"])

    def _propose(self, told: Told) -> None:
        given = (self._expert(told), Ground(told["ground"]), told["statement"])
        self._stage.by(Role.OFFICER, dismissals.propose, *given)

    def _hear(self, told: Told) -> None:
        mentor = self._stage.cast.mentors[told["expert"]]
        self._stage.by(mentor, dismissals.hear, self._dismissal(told), told["words"])

    def _decide(self, told: Told) -> None:
        row_id = self._dismissal(told)
        if told["then"] == "approve":
            self._stage.by(Role.APPROVER, dismissals.approve, row_id, told["document"])
        else:
            self._stage.by(Role.APPROVER, dismissals.refuse, row_id)

    def _dismissal(self, told: Told) -> UUID:
        of_his = Dismissal.expert_id == self._expert(told)
        return self._stage.find(select(Dismissal.id).where(of_his))

    def _expert(self, told: Told) -> UUID:
        return self._stage.cast.experts[told["expert"]]
