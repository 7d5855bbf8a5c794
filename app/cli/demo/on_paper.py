"""What a sub-district of the demo took down on paper: consents, needs, a signed sheet."""

from collections.abc import Callable, Iterator
from datetime import date, time
from functools import partial

from sqlalchemy import select

from app.cli.demo.history import Event
from app.cli.demo.stage import Stage, Told, instant
from app.domain.actor import Role
from app.domain.calendar import local_day
from app.domain.consent import ConsentKind, PaperConsent
from app.domain.need import Channel
from app.domain.service_record import SessionType
from app.models.need import Need
from app.models.paper_sheet import PaperSheet, PaperSheetRow
from app.models.person import Person
from app.services import desk_entries, erasures, needs, outcomes, persons
from app.services.needs import NeedInput
from app.services.paper_entries import Sheet, SheetRow
from app.services.persons import Registration, WalkIn


class OnPaper:
    """Plays a clerk of a sub-district, and the officer who compares what he typed in."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def events(self) -> Iterator[Event]:
        """Yield all of it."""
        told = self._stage.told("paper.json")
        for each in told["walk_ins"]:
            yield Event(instant(each["at"]), "walk_in", partial(self._register, each))
        for each in told["needs"]:
            yield Event(instant(each["at"]), "desk_need", partial(self._need, each))
            # Answered across the table the day after.
            at = instant(each["withdrawn_at"])
            yield Event(at, "desk_need", partial(self._need_settled, each))
        for kind, take in (
            ("withdrawals", persons.withdraw_group_consent_on_paper),
            ("erasures", erasures.erase_on_paper),
        ):
            for each in told[kind]:
                yield Event(instant(each["at"]), kind, partial(self._sign_away, take, each))
        for each in told["sheets"]:
            yield Event(instant(each["at"]), "sheet", partial(self._sheet, each))
            yield Event(instant(each["compared_at"]), "sheet", partial(self._compare, each))

    def _register(self, told: Told) -> None:
        consent = _signed(told)
        given = Registration(
            walk_in=WalkIn(
                name=told["name"],
                phone=told["phone"],
                birth_year=told["birth_year"],
                document=told["document"],
            ),
            consent=consent,
            venture=told["venture"],
            group=told["group"],
            # A sensitive group is told on a sheet of its own.
            group_consent=consent if told["group_seen"] else None,
            group_seen=told["group_seen"],
        )
        self._stage.by(Role.STREET_LIAISON, desk_entries.register_person, given)

    def _sign_away(self, take: Callable[..., object], told: Told) -> None:
        """Have somebody take back what is kept of him: a sensitive group, or everything."""
        person_id = self._stage.find(select(Person.id).where(Person.name == told["name"]))
        self._stage.by(Role.STREET_LIAISON, take, person_id, _signed(told))

    def _need(self, told: Told) -> None:
        person_id = self._stage.find(select(Person.id).where(Person.name == told["name"]))
        given = NeedInput(
            text=told["text"],
            session_type=SessionType.CONSULTATION.value,
            added=tuple(told["topics"]),
            channel=Channel.STREET,
        )
        self._stage.by(Role.STREET_LIAISON, desk_entries.take_need, given, person_id)

    def _need_settled(self, told: Told) -> None:
        person_id = self._stage.find(select(Person.id).where(Person.name == told["name"]))
        of_it = (Need.person_id == person_id, Need.text == told["text"])
        need_id = self._stage.find(select(Need.id).where(*of_it))
        self._stage.by(Role.STREET_LIAISON, needs.withdraw, need_id)

    def _sheet(self, told: Told) -> None:
        sheet = Sheet(
            number=told["number"],
            day=date.fromisoformat(told["day"]),
            filed_at=told["filed_at"],
            place=told["place"],
            rows=[_row(position, row) for position, row in enumerate(told["rows"], start=1)],
        )
        self._stage.by(Role.STREET_LIAISON, desk_entries.enter_sheet, sheet)

    def _compare(self, told: Told) -> None:
        """Have the officer compare the first rows with their signatures; the rest waits."""
        sheet = select(PaperSheet.id).where(PaperSheet.number == told["number"])
        for position in range(1, told["compared"] + 1):
            session_id = self._stage.find(
                select(PaperSheetRow.service_session_id).where(
                    PaperSheetRow.paper_sheet_id.in_(sheet), PaperSheetRow.position == position
                )
            )
            outcome = self._stage.outcome(session_id)
            remark = told["filed_at"]
            self._stage.by(Role.OFFICER, outcomes.confirm_on_paper, outcome.id, remark)


def _signed(told: Told) -> PaperConsent:
    return PaperConsent(
        kind=ConsentKind.SIGNATURE,
        given_on=local_day(instant(told["at"])),
        filed_at=told["filed_at"],
    )


def _row(position: int, told: Told) -> SheetRow:
    consented = told.get("consented_on")
    return SheetRow(
        position=position,
        name=told["name"],
        expert=told["expert"],
        session_type=SessionType.CONSULTATION.value,
        topic=told["topic"],
        text=told["text"],
        advice=told["advice"],
        result=told["result"],
        starts=time.fromisoformat(told["starts"]),
        ends=time.fromisoformat(told["ends"]),
        phone=told["phone"],
        birth_year=told["birth_year"],
        document=told.get("document"),
        consented_on=date.fromisoformat(consented) if consented else None,
    )
