"""A review of the demo: announced, judged on sheets, ranked and closed."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select

from app.cli.demo.history import Event
from app.cli.demo.stage import Stage, Told, instant
from app.domain.activity import ActivityKind, Criterion, Plan
from app.domain.actor import Role
from app.models.activity import Activity, ReviewProject
from app.models.place import Place
from app.services import activities

KIND = "review"


class Judged:
    """Plays the officer who runs a review and the experts who judge."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._told: Told = stage.told("review.json")
        self._starts_at = instant(self._told["starts_at"])
        self._ends_at = self._starts_at + timedelta(minutes=self._told["minutes"])

    def events(self) -> Iterator[Event]:
        """Yield all of it."""
        yield Event(instant(self._told["announced_at"]), KIND, self._announce)
        for place, sheets in enumerate(self._told["sheets"], start=1):
            at = self._ends_at - timedelta(minutes=place)
            yield Event(at, KIND, partial(self._judge, sheets))
        yield Event(self._ends_at + timedelta(hours=1), KIND, self._close)

    def _announce(self) -> None:
        told = self._told
        plan = Plan(
            kind=ActivityKind.REVIEW,
            title=told["title"],
            summary=told["summary"],
            starts_at=self._starts_at,
            ends_at=self._ends_at,
            experts=tuple(self._stage.cast.experts[ref] for ref in told["experts"]),
            department=told["department"],
            place_id=self._stage.find(select(Place.id).where(Place.code == told["place"])),
            criteria=tuple(Criterion(name, weight) for name, weight in told["criteria"]),
        )
        made = self._stage.by(Role.OFFICER, activities.announce, plan)
        for ref in told["projects"]:
            venture_id = self._stage.need(ref).venture_id
            self._stage.by(Role.OFFICER, activities.add_project, made.id, venture_id)

    def _judge(self, told: Told) -> None:
        judge = self._stage.cast.mentors[told["expert"]]
        for place, (marks, remark) in enumerate(zip(told["marks"], told["remarks"], strict=True)):
            project_id = self._stage.find(
                select(ReviewProject.id).where(
                    ReviewProject.activity_id == self._review(), ReviewProject.position == place + 1
                )
            )
            self._stage.by(judge, activities.submit_sheet, project_id, marks, remark)

    def _close(self) -> None:
        self._stage.by(Role.OFFICER, activities.publish, self._review())
        facts = activities.Closing(
            actual_start=self._starts_at, actual_end=self._ends_at, note=self._told["note"]
        )
        self._stage.by(Role.OFFICER, activities.close, self._review(), facts)

    def _review(self) -> UUID:
        of_it = (Activity.title == self._told["title"], Activity.starts_at == self._starts_at)
        return self._stage.find(select(Activity.id).where(*of_it))
