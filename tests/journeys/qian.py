"""钱大妈's autumn: registered on paper, of a sensitive group, served before and after a closing."""

from dataclasses import dataclass

from app.domain.actor import SYSTEM, Role
from app.domain.calendar import Month
from app.domain.person import GroupProof
from app.domain.self_audit import Finding
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.services import persons, self_audits
from app.unit_of_work import Store
from tests.builders import an_account, an_actor
from tests.bundles import seal
from tests.desk import SHEET, ServiceDesk, a_desk
from tests.journeys.district import District, Founder
from tests.scenes import after

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
GROUP, CODE, PHONE = "就业困难人员", "hardship_employment", "13800001234"


@dataclass
class Qian:
    """A closed September and an open October, in each of which she and a neighbour were served."""

    desk: ServiceDesk
    she: Founder
    neighbour: Founder
    september: ServiceSession
    october: ServiceSession

    @property
    def district(self) -> District:
        return self.desk.district

    def findings(self) -> tuple[Finding, ...]:
        """Return what the nightly look over the books would find."""
        with self.store.read(SYSTEM) as reader:
            return self_audits.look_over(reader, reader.today, lambda _done, _of: None).findings

    @property
    def store(self) -> Store:
        return self.desk.store


def _founder(desk: ServiceDesk, person: Person, login: str) -> Founder:
    account = an_account(desk.store, Role.FOUNDER, person=person, login=login)
    return Founder(an_actor(account, Role.FOUNDER), None, person)


@after(a_desk)
def an_autumn(desk: ServiceDesk) -> Qian:
    told = {"group": CODE, "group_consent": SHEET, "document": "居民身份证", "street": "tangye"}
    person = desk.registers(**told, venture="钱大妈面点铺")
    other = desk.registers("赵大爷", phone="13700009999", **told)
    for each in (person, other):
        desk.store.execute(
            desk.district.officer, persons.verify_group, each.id, CODE, GroupProof.CERTIFICATE
        )
    she, neighbour = _founder(desk, person, "qian"), _founder(desk, other, "zhao")
    mentor, district = desk.mentor, desk.district
    september = district.served(mentor, she, "09-18 14:00")
    district.served(mentor, neighbour, "09-21 14:00")
    seal(desk.store)
    district.close(SEPTEMBER, "10-13 09:00")
    seal(desk.store)
    october = district.served(mentor, she, "10-14 14:00")
    district.served(mentor, neighbour, "10-15 14:00")
    district.wait_until("10-16 09:00")
    return Qian(desk, she, neighbour, september, october)
