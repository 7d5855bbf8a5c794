"""The diagnoses of a month in its evidence bundle: who signed which text, and never the text."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.domain.actor import Role
from app.domain.calendar import Month
from app.domain.diagnosis import Dissent
from app.models.diagnosis import DiagnosisReport
from app.queries.audit_entries import chain_of_session
from app.services import periods
from tests.builders import staff
from tests.bundles import ENTRIES, changed, exported, read, seal, verdict, verifier
from tests.diagnosing import Room, issued
from tests.moments import at
from tests.scenes import Plays, after
from tests.turns import on_each

SECRET = "现在不宜按年收费"
SEPTEMBER = Month(2026, 9)


@after(issued)
def closed(room: Room) -> Room:
    """A report signed by all, one of them with a dissent, in a month that is closed and sealed."""
    (report,) = room.rows(DiagnosisReport)
    room.sign(1, report)
    room.sign(2, report, Dissent(2, SECRET))
    room.clock.put(at("10-13 09:00"))
    room.store.execute(staff(room.store, Role.APPROVER), periods.close, SEPTEMBER)
    seal(room.store)
    return room


@pytest.fixture
def plays() -> Plays:
    return {"room": closed}


@pytest.fixture
def room(scene: Room) -> Room:
    return scene


def edited(files: dict[str, bytes], table: str, change: Callable[[Any], None]) -> dict[str, bytes]:
    """Return the files with the first row of the table changed in the trail."""

    def edit(entries: list[Any]) -> None:
        for entry in entries:
            body = json.loads(entry.get("body", "{}"))
            if body.get("entity") == table:
                change(body["row"])
                entry["body"] = verifier.canonical(body)
                return
        raise AssertionError(f"nothing of {table}")

    return changed(files, ENTRIES, edit)


@on_each
def test_reports_and_signatures_are_listed_by_hash_and_none_of_their_words(room) -> None:
    files = exported(room.store)
    assert verdict(files) == []
    (report,) = read(files, "reports.json")
    (row,) = room.rows(DiagnosisReport)
    assert (report["digest"], len(report["signers"])) == (row.digest, 3)
    signatures = read(files, "signatures.json")
    assert {each["digest"] for each in signatures} == {row.digest}
    assert sorted(each["dissented"] for each in signatures) == [[], [], [2]]
    told = [json.loads(e["body"])["entity"] for e in read(files, ENTRIES) if "body" in e]
    assert {"diagnoses", "diagnosis_findings", "diagnosis_signatures"} <= {*told}
    text = b"\n".join(files.values()).decode()
    for words in (SECRET, "问题 1", "建议 2", "先把客户定清楚"):
        assert words not in text


def test_a_signature_taken_out_or_put_under_another_text_is_named(room) -> None:
    files = exported(room.store)
    (report,) = read(files, "reports.json")

    named = verdict(changed(files, "signatures.json", lambda rows: rows[:-1]))
    assert any("diagnosis_signatures" in n and "missing from the inputs" in n for n in named)
    assert any("counts as signed, the signature of" in n for n in named)

    named = verdict(changed(files, "reports.json", lambda rows: rows[0].update(digest="0" * 64)))
    assert any(f"diagnosis_reports {report['id']}: digest is" in n for n in named)
    assert any(f"another text than report {report['id']}" in n for n in named)


def test_a_signer_added_or_a_finding_changed_in_the_trail_is_named(room) -> None:
    files = exported(room.store)

    def sign_for(row: Any) -> None:
        row["expert_id"] = "01990000-0000-7000-8000-000000000001"

    named = verdict(edited(files, "diagnosis_signatures", sign_for))
    assert any("(diagnosis_signatures" in n and "was changed" in n for n in named)
    assert any("expert_id is" in n for n in named)

    def advance(row: Any) -> None:
        row["due_on"] = "2026-09-30"

    named = verdict(edited(files, "diagnosis_findings", advance))
    assert any("(diagnosis_findings" in n and "was changed" in n for n in named)


def test_a_stranger_among_the_signatures_is_named(room) -> None:
    def sign_too(rows: list[Any]) -> None:
        rows[0]["expert_id"] = "01990000-0000-7000-8000-000000000001"

    named = verdict(changed(exported(room.store), "signatures.json", sign_too))
    assert any("is none of those who sign report" in n for n in named)


def test_the_evidence_of_the_meeting_tells_of_all_of_it(room) -> None:
    with room.store.read(room.table.officer) as reader:
        chain = chain_of_session(reader, room.session_id)
    actions = {entry.action for entry in chain}
    assert {
        "diagnosis.opened",
        "diagnosis_finding.written",
        "diagnosis_report.issued",
        "diagnosis_report.signed",
    } <= actions
    assert SECRET not in str(chain)
