"""The demo's year of services as events in time, each done by whoever would do it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import SYSTEM, Actor
from app.domain.availability import Mode
from app.domain.clock import FixedClock
from app.domain.service_session import NO_SHOW_GRACE, NoShow
from app.models.action_item import ActionItem
from app.models.outcome import Outcome
from app.models.proposal import Proposal
from app.models.service_session import ServiceSession
from app.services import bookings, outcomes, service_sessions
from app.services.bookings import Choice
from app.services.jobs import cancel_open
from app.services.outcomes import Action, Record
from app.services.service_sessions import Finish
from app.unit_of_work import Store, UnitOfWork

Story = Mapping[str, Any]
PLACE = "历城区创业孵化基地"
# Of older services nobody needs to be told any more.
STALE = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which part: founders and mentors by the references of the files.

    `bookings` are those made so far, by the story they belong to.
    """

    needs: dict[str, UUID]
    founders: dict[str, Actor]
    experts: Mapping[str, UUID]
    mentors: Mapping[str, Actor]
    bookings: dict[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """Something done at an instant."""

    at: datetime
    story: str
    do: Callable[[], object]


class History:
    """Stories replayed through the use cases, at the time at which they happened."""

    def __init__(self, store: Store, clock: FixedClock, cast: Cast, until: datetime) -> None:
        self._store = store
        self._clock = clock
        self._cast = cast
        self._until = until

    def play(self, events: Iterable[Event]) -> int:
        """Do what happened up to the end, in order of time, and return how much that was."""
        played = 0
        for event in sorted(events, key=lambda event: event.at):
            if event.at <= self._until:
                self._clock.put(event.at)
                event.do()
                played += 1
        return played

    def service(self, story: Story) -> Iterator[Event]:
        """Yield what happened in one past service, from its request to the founder's word."""
        name = story["id"]
        requested, starts = _instant(story["requested_at"]), _instant(story["starts_at"])
        yield Event(requested, name, lambda: self._request(story))
        yield Event(_soon(requested, starts), name, lambda: self._accept(story))
        if story["no_show"]:
            missed_at = starts + NO_SHOW_GRACE
            yield Event(missed_at, name, lambda: self._miss(story))
            return
        ended = _instant(story["actual_end"])
        yield Event(_instant(story["actual_start"]), name, lambda: self._check_in(story))
        late = timedelta(days=story.get("recorded_after_days", 0))
        yield Event(ended + timedelta(minutes=40), name, lambda: self._finish(story))
        yield Event(ended + timedelta(minutes=41) + late, name, lambda: self._record(story))
        said = ended + late + timedelta(days=1, hours=2)
        if story["confirmation"] in ("confirmed", "disputed"):
            yield Event(said, name, lambda: self._say(story))
        elif story["confirmation"] == "unconfirmed":
            yield Event(ended + timedelta(days=14), name, lambda: self._lapse(story))

    def ahead(self, story: Story, now: datetime) -> Iterator[Event]:
        """Yield what has been agreed about a meeting that still lies ahead."""
        starts = _instant(story["starts_at"])
        horizon = timedelta(days=45)
        if not now + timedelta(days=3) < starts < now + horizon:
            return
        yield Event(now - timedelta(hours=3), story["id"], lambda: self._request(story))
        if story["status"] == "accepted":
            yield Event(now - timedelta(hours=1), story["id"], lambda: self._accept(story))

    def _request(self, story: Story) -> None:
        starts_at = _instant(story["starts_at"])
        need_id = self._cast.needs[story["need_ref"]]
        expert_id = self._cast.experts[story["expert_ref"]]
        choice = Choice(
            need_id=need_id,
            expert_id=expert_id,
            proposal_id=self._proposed(need_id, expert_id),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=story["planned_minutes"]),
            mode=Mode(story["mode"]),
            session_type=story["session_type"],
            place=PLACE if story["mode"] == Mode.ONSITE else "",
        )
        founder = self._cast.founders[story["need_ref"]]
        booking = self._store.execute(founder, bookings.request_now, choice)
        self._cast.bookings[story["id"]] = booking.id

    def _proposed(self, need_id: UUID, expert_id: UUID) -> UUID | None:
        with self._store.read(SYSTEM) as reader:
            found = select(Proposal.id).where(
                Proposal.need_id == need_id, Proposal.expert_id == expert_id
            )
            return reader.session.scalars(found.order_by(Proposal.id.desc())).first()

    def _accept(self, story: Story) -> None:
        self._store.execute(self._mentor(story), bookings.accept, self._cast.bookings[story["id"]])

    def _check_in(self, story: Story) -> None:
        session = self._session(story)
        for actor in (self._mentor(story), self._cast.founders[story["need_ref"]]):
            self._store.execute(actor, service_sessions.check_in, session.id)

    def _miss(self, story: Story) -> None:
        session, missing = self._session(story), NoShow(story["no_show"])
        self._store.execute(
            self._mentor(story), service_sessions.report_no_show, session.id, missing
        )
        self._hush(story, session.id)

    def _finish(self, story: Story) -> None:
        session = self._session(story)
        facts = Finish(
            actual_start=_instant(story["actual_start"]),
            actual_end=_instant(story["actual_end"]),
            break_minutes=story["break_minutes"],
        )
        self._store.execute(self._mentor(story), service_sessions.finish, session.id, facts)
        self._hush(story, session.id)

    def _record(self, story: Story) -> None:
        session = self._session(story)
        written = Record(
            question=story["question"],
            advice=story["advice"],
            actions=_actions(story["actions"]),
            result=story["result"],
        )
        self._store.execute(self._mentor(story), outcomes.record, session.id, written)
        self._hush(story, session.id)

    def _say(self, story: Story) -> None:
        outcome = self._outcome(story)
        self._store.execute(
            self._cast.founders[story["need_ref"]],
            outcomes.confirm,
            outcome.id,
            agrees=story["confirmation"] == "confirmed",
            rating=story["rating"],
            remark=story["remark"],
        )
        self._hush(story, outcome.service_session_id)

    def _lapse(self, story: Story) -> None:
        outcome = self._outcome(story)
        self._store.execute(SYSTEM, outcomes.lapse, outcome.id)
        self._hush(story, outcome.service_session_id)

    def _hush(self, story: Story, session_id: UUID) -> None:
        if _instant(story["starts_at"]) + STALE > self._until:
            return

        def forget(uow: UnitOfWork) -> None:
            for subject in (self._cast.bookings[story["id"]], session_id):
                cancel_open(uow, subject, kinds=("notify",))
            of_session = select(ActionItem.id).where(ActionItem.service_session_id == session_id)
            for item_id in uow.all(of_session):
                cancel_open(uow, item_id)

        self._store.execute(SYSTEM, forget)

    def _mentor(self, story: Story) -> Actor:
        return self._cast.mentors[story["expert_ref"]]

    def _session(self, story: Story) -> ServiceSession:
        booking_id = self._cast.bookings[story["id"]]
        with self._store.read(SYSTEM) as reader:
            found = select(ServiceSession).where(ServiceSession.booking_id == booking_id)
            return reader.session.scalars(found).one()

    def _outcome(self, story: Story) -> Outcome:
        session = self._session(story)
        with self._store.read(SYSTEM) as reader:
            found = select(Outcome).where(Outcome.service_session_id == session.id)
            return reader.session.scalars(found).one()


def _soon(requested: datetime, starts: datetime) -> datetime:
    # Mentors answer in the evening, at the latest when half of the lead time is gone.
    return requested + min(timedelta(hours=9), (starts - requested) / 2)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _actions(rows: Sequence[Mapping[str, str]]) -> list[Action]:
    owners = {"founder": "创业者", "expert": "导师"}
    return [
        Action(
            row["text"], owners.get(row["owner"], row["owner"]), date.fromisoformat(row["due_on"])
        )
        for row in rows
    ]
