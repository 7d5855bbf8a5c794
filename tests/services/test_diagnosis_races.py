"""Experts who sign at the same moment, and a lead who replaces what is being signed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from app.domain.diagnosis import DiagnosisStatus
from app.models.diagnosis import Diagnosis, DiagnosisReport, DiagnosisSignature
from app.models.service_session import ServiceSession
from app.services import diagnoses
from app.services.diagnoses import signing
from tests.diagnosing import SUMMARY, Room, issued
from tests.scenes import Plays
from tests.turns import on_each

LEAD, SECOND, THIRD = 0, 1, 2
PATIENCE = 30
# As long as one waits in vain for the other, whom the lock keeps out.
MOMENT = 0.5


@pytest.fixture
def plays() -> Plays:
    return {"out": issued}


@pytest.fixture
def out(scene: Room) -> Room:
    return scene


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the locks away, as a control: what they prevent then happens."""

    def loaded(uow: Any, diagnosis_id: Any) -> tuple[ServiceSession, Diagnosis]:
        row = uow.load(Diagnosis, diagnosis_id)
        return uow.load(ServiceSession, row.service_session_id), row

    monkeypatch.setattr(signing, "locked", loaded)


def sign_both_at_once(
    room: Room, monkeypatch: pytest.MonkeyPatch, patience: float = MOMENT
) -> None:
    """Let each signer count the signatures only when the other has written his too, or cannot."""
    (report,) = room.rows(DiagnosisReport)
    both, complete = threading.Barrier(2), signing.is_complete

    def counted(signers: Any, signed: Any) -> bool:
        with suppress(threading.BrokenBarrierError):
            both.wait(patience)
        return complete(signers, signed)

    monkeypatch.setattr(signing, "is_complete", counted)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda who: room.sign(who, report), (SECOND, THIRD), timeout=PATIENCE))
    assert len(room.signed(report)) == 3


@on_each
def test_of_two_who_sign_at_once_the_later_completes_the_report(
    out: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_both_at_once(out, monkeypatch)
    assert out.diagnosis.status is DiagnosisStatus.SIGNED


@pytest.mark.parametrize("dialect", ["postgresql"])
@pytest.mark.usefixtures("unlocked")
def test_without_the_lock_neither_would_complete_it(
    out: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_both_at_once(out, monkeypatch, PATIENCE)
    assert out.diagnosis.status is DiagnosisStatus.SIGNING


def sign_while_replaced(
    room: Room, monkeypatch: pytest.MonkeyPatch, patience: float = MOMENT
) -> bool:
    """Let the signer, all checks behind him, wait for the lead; tell whether he signed first."""
    (report,) = room.rows(DiagnosisReport)
    checked, replaced = threading.Event(), threading.Event()
    ensure = signing.ensure_dissents

    def slow(*args: Any) -> Any:
        checked.set()
        replaced.wait(patience)
        return ensure(*args)

    def replace() -> None:
        checked.wait(PATIENCE)
        room.act(LEAD, diagnoses.revise, room.session_id, "收费写错了")
        room.act(LEAD, diagnoses.issue, room.session_id, SUMMARY)
        replaced.set()

    monkeypatch.setattr(signing, "ensure_dissents", slow)
    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(room.sign, SECOND, report), threads.submit(replace)]
        for each in both:
            each.result(PATIENCE)
    (mark,) = room.rows(DiagnosisSignature, DiagnosisSignature.expert_id == room.expert(SECOND))
    # Keys rise with the moment at which a row is made.
    return mark.id < room.rows(DiagnosisReport)[-1].id  # type: ignore[no-any-return]  # of keys


@on_each
def test_what_is_being_signed_is_replaced_only_afterwards_and_all_are_asked_anew(
    out: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sign_while_replaced(out, monkeypatch)
    first, second = out.rows(DiagnosisReport)
    assert out.signed(first) == {out.expert(LEAD), out.expert(SECOND)}
    assert out.signed(second) == {out.expert(LEAD)}
    assert out.diagnosis.status is DiagnosisStatus.SIGNING


@pytest.mark.parametrize("dialect", ["postgresql"])
@pytest.mark.usefixtures("unlocked")
def test_without_the_lock_a_replaced_version_would_still_be_signed(
    out: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not sign_while_replaced(out, monkeypatch, PATIENCE)
