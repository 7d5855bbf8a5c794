"""A closed August whose head has been told, to draw samples from."""

from dataclasses import dataclass
from datetime import timedelta

from app.adapters.email import Outbox
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.calendar import Month
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.sample import Sample, SampleCall
from app.services import audit_entries, messages, samples
from app.services.samples import Draw
from tests.builders import staff
from tests.journeys.district import District
from tests.scenes import after
from tests.web.bureau.year import Year, a_year

AUGUST = Month(2026, 8)


@dataclass(frozen=True)
class Sampled:
    """The year, and somebody from outside who audits it."""

    year: Year
    auditor: Actor

    @property
    def district(self) -> District:
        return self.year.district

    def seal(self) -> None:
        store = self.district.store
        store.execute(SYSTEM, audit_entries.seal, store.audit_key())

    def publish(self) -> None:
        """Seal, and let the next morning's letter tell the head."""
        self.seal()
        self.district.clock.put(self.district.clock.now() + timedelta(days=1))
        self.district.store.execute(SYSTEM, messages.watch_seal)
        Worker(self.district.store, registry(Outbox(), "https://example.org", "历城")).work()

    def draw(self, who: Actor | None = None, **values) -> Sample:
        asked = Draw(**{"first": AUGUST, "last": AUGUST, "size": 2, "number": "7", **values})
        return self.district.store.execute(who or self.auditor, samples.draw, asked)

    def call(self, who: Actor, sample: Sample, session_id, person_id, call) -> SampleCall:
        given = (sample.id, session_id, person_id, call)
        return self.district.store.execute(who, samples.note_call, *given)


@after(a_year)
def closed_august(year: Year) -> Sampled:
    """August is closed and nothing of it told yet."""
    year.district.close(AUGUST, "09-25 10:30")
    return Sampled(year, staff(year.district.store, Role.AUDITOR, name="审计员"))


@after(closed_august)
def told_august(scene: Sampled) -> Sampled:
    """Somebody was told the head after the closing."""
    scene.publish()
    return scene
