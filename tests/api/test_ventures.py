"""A registration noted by the API: once, and only what a register says."""

from app.domain.actor import Role
from app.models.venture_registration import VentureRegistration
from tests.api.asking import faults
from tests.api.conftest import As
from tests.builders import a_venture, staff
from tests.founder_road import FounderRoad

CODE = "91350100M000100Y43"


def test_an_officer_notes_that_a_venture_has_registered(road: FounderRoad, as_: As) -> None:
    assert road.founder.person_id is not None
    venture = a_venture(road.store, road.founder.person_id, name="李晓工作室")
    path = f"/ventures/{venture.id}/registration"
    shown = {
        "entity_type": "company",
        "venture_credit_code": CODE,
        "registered_on": "2025-03-01",
        "document": "营业执照副本",
    }
    officer = as_(staff(road.store, Role.OFFICER))
    wrong = officer.post(path, {**shown, "venture_credit_code": CODE[:-1] + "4"})
    assert (wrong.status_code, set(faults(wrong))) == (422, {"venture_credit_code"})
    team = officer.post(path, {**shown, "entity_type": "team"})
    assert (team.status_code, set(faults(team))) == (422, {"entity_type"})
    assert as_(road.founder).post(path, shown).status_code == 403

    told = [officer.post(path, shown).json for _ in range(2)]
    assert told[0] == told[1]
    assert (told[0]["credit_code"], told[0]["registered_on"]) == (CODE, "2025-03-01")
    (kept,) = road.rows(VentureRegistration)
    assert str(kept.id) == told[0]["id"]
