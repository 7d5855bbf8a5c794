"""Activities announced, changed, called off and waited for by the API."""

from tests.gathering import Hall
from tests.moments import at

PATH = "/activities"


def body(hall: Hall, **values: object) -> dict[str, object]:
    usual = {
        "kind": "lecture",
        "title": "创业补贴怎么申请",
        "summary": "讲清条件与材料。",
        "starts_at": at("09-12 09:00").isoformat(),
        "ends_at": at("09-12 10:30").isoformat(),
        "experts": [str(hall.experts[0].id)],
        "department": "hrss",
        "place": "报告厅",
        "seat_total": 1,
    }
    return {**usual, **values}


def test_an_officer_announces_changes_and_calls_off(hall: Hall, as_) -> None:
    officer, founder = as_(hall.officer), as_(hall.founder())
    made = officer.post(PATH, body(hall))
    assert (made.status_code, made.headers["Location"]) == (
        201, f"/api/v1{PATH}/{made.json['id']}",
    )  # fmt: skip
    path = f"{PATH}/{made.json['id']}"
    assert founder.get(path).json == made.json
    taken = officer.post(PATH, body(hall, title="另一场"))
    assert (taken.status_code, taken.json["code"]) == (409, "booking.time_taken")
    faulty = officer.post(PATH, body(hall, ends_at=at("09-12 08:00").isoformat(), experts=["1"]))
    assert (faulty.status_code, faulty.json["errors"][0]["field"]) == (422, "experts[0]")
    back = officer.post(PATH, body(hall, ends_at=at("09-12 08:00").isoformat()))
    assert (back.status_code, back.json["errors"][0]["field"]) == (422, "ends_at")

    seen = {"If-Match": f'"{made.json["version"]}"'}
    changed = officer.send("PUT", path, json=body(hall, title="新名称", seat_total=9), headers=seen)
    assert (changed.json["title"], changed.json["seat_total"]) == ("新名称", 9)
    stale = officer.send("PUT", path, json=body(hall), headers=seen)
    assert (stale.status_code, stale.json["code"]) == (409, "version.stale")
    off = officer.post(f"{path}/cancel", {"reason": "停电"})
    assert (off.json["status"], founder.get(path).json["status"]) == ("cancelled", "cancelled")
    over = officer.send("PUT", path, json=body(hall))
    assert (over.status_code, over.json["code"]) == (409, "activity.over")
    for refused in (founder.post(PATH, body(hall)), founder.send("PUT", path, json=body(hall))):
        assert refused.status_code == 403
    criteria = [{"name": "创新", "weight": 40}, {"name": "市场", "weight": 60}]
    review = body(hall, kind="review", seat_total=0, criteria=criteria, mean="trimmed")
    judged = officer.post(PATH, review).json
    assert (judged["criteria"], judged["mean"]) == (criteria, "trimmed")


def test_a_full_lecture_is_waited_for_until_a_seat_is_kept(hall: Hall, as_) -> None:
    lecture = hall.announced(seat_total=1)
    path = f"{PATH}/{lecture.id}"
    line = f"{path}/waiting-list"
    seated, first, second = (as_(hall.founder(name)) for name in ("李晓", "王强", "赵敏"))
    free = first.post(line)
    assert (free.status_code, free.json["code"]) == (422, "activity.seat_free")
    seated.post(f"{path}/join")
    assert first.post(line).json["place"] == 1
    waits = second.post(line).json
    assert (waits["place"], waits["status"], waits["until"]) == (2, "waiting", None)
    assert second.get("/waiting-list").json == {"items": [], "seats": [waits]}
    again = second.post(line)
    assert (again.status_code, again.json["code"]) == (409, "waiting_list.already")

    seated.post(f"{path}/leave")

    read = first.get(path).json
    assert (read["seat_taken"], read["waiting"]) == (1, 2)
    assert read["place_in_line"]["until"] == "2026-09-01T21:00:00+08:00"
    stale = first.post(f"{line}/leave", headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json["code"]) == (409, "version.stale")
    left = first.post(f"{line}/leave").json
    assert (left["status"], left["place"]) == ("left", 0)
    over = first.post(f"{line}/leave")
    assert (over.status_code, over.json["code"]) == (409, "waiting_list.out_of_line")
    taken = second.post(f"{path}/join").json
    assert (taken["seat"], taken["place_in_line"]["status"]) == ("joined", "taken")
    full = first.post(f"{path}/join")
    assert (full.status_code, full.json["code"]) == (409, "activity.full")
    mentor = as_(hall.mentor_of(1))
    assert mentor.post(line).json["place"] == 1
    assert len(mentor.get("/waiting-list").json["seats"]) == 1
