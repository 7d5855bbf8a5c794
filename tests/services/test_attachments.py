"""Files of a meeting: kept once, seen by whom they concern, struck and never taken out."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.domain.actor import SYSTEM, Role
from app.domain.attachment import (
    MOST_OF_ONE_MEETING,
    FileDamagedError,
    FileState,
    KnownFileError,
    StruckError,
    TooManyError,
)
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.self_audit import Check
from app.models.attachment import Attachment
from app.models.audit_entry import AuditEntry
from app.queries.attachments import attachments_of
from app.queries.self_audits import damaged_files
from app.services import attachments, audit_entries
from app.unit_of_work import unscoped
from tests.attachments import JPEG, PDF, TEXT, folder, put
from tests.builders import a_founder, a_mentor, an_expert, staff
from tests.scenes import Plays, after
from tests.services.scene import Scene, set_scene
from tests.turns import on_each


@after(set_scene)
def held(scene: Scene) -> Scene:
    scene.finished()
    return scene


@pytest.fixture
def plays() -> Plays:
    return {"scene": held}


def seen(scene: Scene, who) -> set[str]:
    with scene.store.read(who) as reader:
        return {row.name for row in attachments_of(reader, scene.session().id)}


def faults(scene: Scene) -> list[str]:
    with scene.store.read(SYSTEM) as reader:
        report = audit_entries.verify(reader, scene.store.audit_key())
    return [str(fault["kind"]) for fault in report.faults]


def test_a_file_is_audited_by_its_hash_and_never_by_its_name(scene: Scene) -> None:
    row = put(scene, scene.mentor, scene.session().id, name="李晓的通话.jpg", content=JPEG)
    (entry,) = scene.rows(AuditEntry, AuditEntry.action == "attachment.added")
    assert row.sha256 in entry.body
    assert "李晓" not in entry.body
    assert faults(scene) == []


def test_the_same_bytes_lie_there_once(scene: Scene) -> None:
    for who in (scene.mentor, scene.founder):
        put(scene, who, scene.session().id, name="甲.txt", content=TEXT)
    rows = scene.rows(Attachment)
    assert len(rows) == 2
    assert list(folder().names()).count(rows[0].sha256) == 1
    with pytest.raises(KnownFileError):
        put(scene, scene.founder, scene.session().id, name="乙.txt", content=TEXT)


def test_each_side_sees_its_own_and_what_is_for_both_and_the_bureau_all(scene: Scene) -> None:
    session_id = scene.session().id
    put(scene, scene.mentor, session_id, name="导师.pdf")
    put(scene, scene.founder, session_id, name="创业者.pdf")
    put(scene, scene.officer, session_id, name="窗口.jpg", content=JPEG, is_for_both=True)
    assert seen(scene, scene.mentor) == {"导师.pdf", "窗口.jpg"}
    assert seen(scene, scene.founder) == {"创业者.pdf", "窗口.jpg"}
    every = {"导师.pdf", "创业者.pdf", "窗口.jpg"}
    assert seen(scene, scene.officer) == seen(scene, staff(scene.store, Role.AUDITOR)) == every
    strangers = [a_founder(scene.store), a_mentor(scene.store, an_expert(scene.store))]
    for stranger in strangers:
        assert seen(scene, stranger) == set()
        with pytest.raises(NotFoundError):
            put(scene, stranger, session_id)


def test_a_struck_file_stays_with_its_reason_and_leaves_the_other_side(scene: Scene) -> None:
    row = put(scene, scene.mentor, scene.session().id, is_for_both=True)
    with pytest.raises(ForbiddenError):
        scene.store.execute(scene.founder, attachments.strike, row.id, "不是我的")
    with pytest.raises(InvalidInputError):
        scene.store.execute(scene.officer, attachments.strike, row.id, "  ")
    struck = scene.store.execute(scene.officer, attachments.strike, row.id, "传到别的见面去了")
    assert (struck.struck_by_id, struck.struck_reason) == (
        scene.officer.account_id,
        "传到别的见面去了",
    )
    assert seen(scene, scene.founder) == set()
    assert seen(scene, scene.mentor) == seen(scene, scene.officer) == {"原件.pdf"}
    assert folder().read(row.sha256) == PDF
    with pytest.raises(StruckError):
        scene.store.execute(scene.mentor, attachments.strike, row.id, "再一次")
    # The same file may be put in again, rightly this time.
    put(scene, scene.mentor, scene.session().id)
    assert faults(scene) == []


def test_an_auditor_puts_nothing_in(scene: Scene) -> None:
    with pytest.raises(ForbiddenError):
        put(scene, staff(scene.store, Role.AUDITOR), scene.session().id)
    assert scene.rows(Attachment) == []


def test_a_meeting_takes_so_many_files_and_no_more(scene: Scene, monkeypatch) -> None:
    assert MOST_OF_ONE_MEETING == 40
    monkeypatch.setattr("app.domain.attachment.MOST_OF_ONE_MEETING", 1)
    put(scene, scene.mentor, scene.session().id)
    with pytest.raises(TooManyError):
        put(scene, scene.founder, scene.session().id)


@on_each
def test_no_row_is_deleted_and_a_changed_one_is_named(scene: Scene) -> None:
    row = put(scene, scene.mentor, scene.session().id)
    with scene.store.engine.connect() as connection, unscoped(), pytest.raises(DBAPIError):
        connection.execute(text("DELETE FROM attachments"))
    assert faults(scene) == []
    with scene.store.engine.begin() as connection, unscoped():
        changed = text("UPDATE attachments SET sha256 = :other")
        connection.execute(changed, {"other": "0" * 64})
    assert faults(scene) == ["row.differs"]
    assert row.sha256 != "0" * 64


def test_bytes_changed_on_disk_are_refused_and_found_at_night(scene: Scene, tmp_path) -> None:
    from_disk = type(folder())(tmp_path)
    rows = {}
    for name, content in (("甲.pdf", PDF), ("乙.txt", TEXT), ("丙.jpg", JPEG)):
        rows[name] = put(scene, scene.officer, scene.session().id, name=name, content=content)
        from_disk.keep(content)

    def found() -> set[tuple[Check, str]]:
        with scene.store.read(SYSTEM) as reader:
            return {(each.check, each.facts["sha256"]) for each in damaged_files(reader, from_disk)}

    assert found() == set()
    changed, gone = rows["甲.pdf"].sha256, rows["乙.txt"].sha256
    path = tmp_path / changed[:2] / changed
    path.write_bytes(PDF.replace(b"1.7", b"1.6"))
    (tmp_path / gone[:2] / gone).unlink()
    for sha256, state in ((changed, FileState.CHANGED), (gone, FileState.MISSING)):
        with pytest.raises(FileDamagedError) as caught:
            from_disk.read(sha256)
        assert caught.value.facts == {"state": state}
    assert found() == {(Check.FILE_CHANGED, changed), (Check.FILE_MISSING, gone)}
    # Putting the same file in again mends it.
    from_disk.keep(PDF)
    assert found() == {(Check.FILE_MISSING, gone)}
