"""附件 on their page: put in, handed out as they were, struck; each reading is noted."""

import io
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.domain.actor import Role
from app.models.attachment import Attachment
from app.models.audit_entry import AccessEntry, AuditEntry
from tests.attachments import JPEG, PDF, folder, put
from tests.builders import a_founder, staff
from tests.scenes import Plays, after
from tests.services.scene import Scene, set_scene


@after(set_scene)
def held(scene: Scene) -> Scene:
    scene.finished()
    return scene


@pytest.fixture
def plays() -> Plays:
    return {"scene": held}


@pytest.fixture
def enter(app, sign_in):
    return lambda who: sign_in(app.test_client(), who)


def files_of(scene: Scene) -> str:
    return f"/meetings/{scene.session().id}/files"


def send(client, csrf, page: str, name: str, content: bytes, **fields: Any) -> Any:
    sent = {
        **csrf(client, page),
        "kind": "scan",
        **fields,
        "file": FileStorage(io.BytesIO(content), name),
    }
    boundary, body = encode_multipart(sent)
    return client.post(page, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_a_mentor_puts_a_file_in_once_and_gets_it_back(scene, enter, csrf) -> None:
    mentor, page = enter(scene.mentor), files_of(scene)
    hidden = csrf(mentor, page)
    for _press in range(2):
        answer = send(mentor, csrf, page, "签到表.pdf", PDF, **hidden)
        assert (answer.status_code, answer.location) == (303, page)
    (row,) = scene.rows(Attachment)
    shown = mentor.get(page).get_data(as_text=True)
    assert "签到表.pdf" in shown
    assert f'href="/files/{row.id}"' in shown
    answer = mentor.get(f"/files/{row.id}")
    assert (answer.status_code, answer.data) == (200, PDF)
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment; filename")
    assert headers["Content-Type"] == "application/pdf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    looks = scene.rows(AccessEntry, AccessEntry.subject == f"/files/{row.id}")
    assert [look.account_id for look in looks] == [scene.mentor.account_id]
    confirm = f"/sessions/{row.service_session_id}/confirm"
    assert f'href="{page}"' in enter(scene.founder).get(confirm).text


def test_what_is_not_taken_is_said_at_its_field_and_nothing_is_kept(
    scene, serve, sign_in, csrf, tmp_path
) -> None:
    founder = sign_in(serve(attachments=tmp_path).test_client(), scene.founder)
    page = files_of(scene)
    answer = send(founder, csrf, page, "原件.pdf", b"MZ\x00 a program", kind="photo")
    assert answer.status_code == 422
    assert "这种文件不能上传" in answer.text
    assert 'value="photo" checked' in " ".join(answer.text.split()).replace(' id="kind"', "")
    nothing = founder.post(page, data={**csrf(founder, page), "kind": "scan"})
    assert nothing.status_code == 422
    assert send(founder, csrf, page, "原件.pdf", PDF, kind="secret").status_code == 422
    assert scene.rows(Attachment) == []
    assert list(tmp_path.iterdir()) == []


def test_another_founder_finds_neither_page_nor_file(scene, enter, csrf) -> None:
    row = put(scene, scene.founder, scene.session().id)
    stranger = enter(a_founder(scene.store))
    assert stranger.get(files_of(scene)).status_code == 404
    assert stranger.get(f"/files/{row.id}").status_code == 404
    assert enter(scene.mentor).get(f"/files/{row.id}").status_code == 404
    assert enter(scene.founder).get(f"/files/{row.id}").status_code == 200


def test_an_officer_strikes_a_file_with_a_reason_and_still_reads_it(scene, enter, csrf) -> None:
    row = put(scene, scene.founder, scene.session().id, name="照片.jpg", content=JPEG)
    officer, path = enter(scene.officer), f"/files/{row.id}/strike"
    assert (
        officer.post(path, data={**csrf(officer, path), "version": 1, "reason": " "}).status_code
        == 422
    )
    told = {"version": 1, "reason": "<b>拍到别人</b>"}
    answer = officer.post(path, data={**csrf(officer, path), **told})
    assert (answer.status_code, answer.location) == (303, files_of(scene))
    evidence = officer.get(f"/bureau/sessions/{row.service_session_id}").text
    assert "&lt;b&gt;拍到别人" in evidence
    assert row.sha256 in evidence
    assert officer.get(f"/files/{row.id}").data == JPEG
    again = officer.post(path, data={**csrf(officer, files_of(scene)), **told})
    assert again.status_code == 409
    assert len(scene.rows(AuditEntry, AuditEntry.action == "attachment.struck")) == 1
    auditor = enter(staff(scene.store, Role.AUDITOR))
    assert auditor.get(f"/files/{row.id}").status_code == 200
    assert auditor.get(path).status_code == 403


def test_a_file_changed_on_disk_is_not_handed_out(scene, enter, csrf) -> None:
    row = put(scene, scene.founder, scene.session().id, name="一份.pdf", content=PDF + b"\n")
    path = folder()._path(row.sha256)
    path.write_bytes(PDF + b"!")
    try:
        answer = enter(scene.founder).get(f"/files/{row.id}")
    finally:
        path.unlink()
    assert answer.status_code == 409
    assert "和存入时不一样" in answer.text


def test_a_file_may_be_larger_than_a_form_and_not_larger_than_ten_megabytes(
    scene, enter, csrf
) -> None:
    founder, page = enter(scene.founder), files_of(scene)
    large = PDF + b"%" * (2 * 1024 * 1024) + b"\n%%EOF"
    assert send(founder, csrf, page, "大.pdf", large).status_code == 303
    assert send(founder, csrf, page, "太大.pdf", large * 6).status_code == 413
    (row,) = scene.rows(Attachment)
    assert row.size == len(large)
