import base64
from typing import Any

import pytest

from app.models.attachment import Attachment
from app.models.audit_entry import AccessEntry
from tests.api.asking import faults
from tests.api.conftest import As
from tests.attachments import PDF
from tests.builders import a_founder
from tests.founder_road import FounderRoad

BODY: dict[str, Any] = {
    "kind": "scan",
    "name": "原件.pdf",
    "content": base64.b64encode(PDF).decode(),
}


def files(road: FounderRoad) -> str:
    return f"/service-sessions/{road.finished().id}/attachments"


def test_a_file_is_put_in_listed_read_and_struck(road: FounderRoad, as_: As) -> None:
    path, mentor = files(road), as_(road.mentor)
    added = mentor.post(path, {**BODY, "is_for_both": True})
    assert (added.status_code, added.json["media_type"]) == (201, "application/pdf")
    assert added.headers["Location"].endswith(f"{path}/{added.json['id']}")
    founder = as_(road.founder)
    assert founder.get(path).json == {"items": [added.json]}
    one = f"{path}/{added.json['id']}"
    content = founder.get(one).json
    assert base64.b64decode(content["content"]) == PDF
    assert content["sha256"] == added.json["sha256"]
    looks = road.rows(AccessEntry, AccessEntry.subject == f"/api/v1{one}")
    assert [look.account_id for look in looks] == [road.founder.account_id]
    stale = {"If-Match": '"7"'}
    answer = mentor.post(f"{one}/strike", {"reason": "传错了"}, headers=stale)
    assert answer.json["code"] == "version.stale"
    struck = mentor.post(f"{one}/strike", {"reason": "传错了"}).json
    assert (struck["struck_reason"], struck["version"]) == ("传错了", 2)
    assert founder.get(path).json == {"items": []}
    assert founder.get(one).status_code == 404


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"content": "not base64!"}, "content", "input.not_base64"),
        ({"content": ""}, "content", "input.required"),
        ({"content": 7}, "content", "input.not_text"),
        ({"content": base64.b64encode(b"MZ\x00").decode()}, "file", "attachment.type_unknown"),
        ({"kind": "secret"}, "kind", "input.unknown_code"),
    ],
)
def test_what_is_not_taken_is_named(road: FounderRoad, as_: As, values, field, code) -> None:
    assert faults(as_(road.mentor).post(files(road), {**BODY, **values})) == {field: code}
    assert road.rows(Attachment) == []


def test_nobody_reads_a_file_by_another_meeting_or_as_a_stranger(
    road: FounderRoad, as_: As
) -> None:
    path = files(road)
    key = as_(road.mentor).post(path, BODY).json["id"]
    stranger = as_(a_founder(road.store))
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"{path}/{key}").status_code == 404
    assert stranger.post(path, BODY).status_code == 404
    other = f"/service-sessions/{key}/attachments/{key}"
    assert as_(road.mentor).get(other).status_code == 404
