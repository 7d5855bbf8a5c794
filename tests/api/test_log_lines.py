from app.domain.availability import Mode
from app.models.log_line import LogLine
from tests.api.asking import faults
from tests.api.conftest import As
from tests.founder_road import FounderRoad

LINE = {
    "kind": "join_log",
    "party": "founder",
    "started_at": "2026-09-16T14:15:00+08:00",
    "ended_at": "2026-09-16T14:50:00+08:00",
    "contact": "李晓的手机",
}


def lines(road: FounderRoad, **values) -> str:
    return f"/service-sessions/{road.finished('09-16 14:00', **values).id}/log-lines"


def test_a_line_is_noted_masked_compared_and_struck(road: FounderRoad, as_: As) -> None:
    path, mentor = lines(road, mode=Mode.PHONE), as_(road.mentor)
    added = mentor.post(path, LINE)
    assert (added.status_code, added.json["contact"]) == (201, "李*")
    seen = as_(road.founder).get(path).json
    assert seen == {"items": [{**added.json, "may_strike": False}], "is_noted": True}
    one = f"{path}/{added.json['id']}/strike"
    stale = mentor.post(one, {"reason": "记错了"}, headers={"If-Match": '"4"'})
    assert stale.json["code"] == "version.stale"
    assert mentor.post(one, {"reason": "记错了"}).json["struck_reason"] == "记错了"
    assert mentor.get(path).json["is_noted"] is None


def test_a_line_that_cannot_be_is_refused(road: FounderRoad, as_: As) -> None:
    path, mentor = lines(road), as_(road.mentor)
    assert mentor.post(path, LINE).json["code"] == "log_line.on_site"
    assert faults(mentor.post(path, {**LINE, "kind": "diary"})) == {"kind": "input.unknown_code"}
    assert as_(road.founder).post(path, LINE).status_code == 403
    assert road.rows(LogLine) == []
