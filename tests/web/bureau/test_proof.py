"""证据包 on the report of a closed month."""

import hashlib
import io

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.calendar import Month
from app.models.audit_entry import AccessEntry
from app.services import audit_entries
from tests.builders import staff
from tests.bundles import VERIFIER, verifier

AUGUST = Month(2026, 8)
REPORT = "/bureau/reports/2026-08"
BUNDLE = f"{REPORT}/evidence"


@pytest.fixture
def closed(year):
    year.district.close(AUGUST, "09-25 10:00")
    return year.district


def seal(district) -> None:
    store = district.store
    store.execute(SYSTEM, audit_entries.seal, store.audit_key())


def test_the_bundle_of_a_closed_month_is_handed_out_and_its_taking_noted(closed, enter) -> None:
    seal(closed)
    desk = enter(staff(closed.store, Role.AUDITOR))
    assert f'href="{BUNDLE}"' in desk.get(REPORT)
    answer = desk.client.get(BUNDLE)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert 'filename="evidence-2026-08.zip"' in answer.headers["Content-Disposition"]
    assert answer.data == desk.client.get(BUNDLE).data
    found, notes = verifier.verify(io.BytesIO(answer.data))
    assert found.faults == []
    assert notes[0][1][0] == "2026-08"
    taken = [entry.subject for entry in closed.rows(AccessEntry)]
    assert taken.count(BUNDLE) == 2


def test_the_program_to_verify_it_is_handed_out_with_its_hash_on_the_report(closed, enter) -> None:
    seal(closed)
    desk = enter(staff(closed.store, Role.APPROVER))
    content = desk.client.get("/bureau/verify_bundle.py").data
    assert content == VERIFIER.read_bytes()
    assert hashlib.sha256(content).hexdigest() in desk.get(REPORT)


def test_who_may_not_read_the_trail_is_neither_offered_nor_given_it(closed, enter) -> None:
    seal(closed)
    desk = enter(staff(closed.store, Role.OFFICER))
    assert "evidence" not in desk.get(REPORT)
    desk.get(BUNDLE, 403)
    desk.get("/bureau/verify_bundle.py", 403)


def test_an_open_month_and_one_not_sealed_yet_are_told_so(closed, enter) -> None:
    desk = enter(staff(closed.store, Role.AUDITOR))
    assert BUNDLE not in desk.get(REPORT)
    assert "正在封存" in desk.get(BUNDLE, 422)
    desk.get("/bureau/reports/2026-09/evidence", 404)
    desk.get("/bureau/reports/2026-13/evidence", 422)
