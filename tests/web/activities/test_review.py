"""Scenario 5, the review: one of the judges holds a post at one of the projects."""

from datetime import date

from app.models.activity import Activity, ReviewProject
from app.models.expert import DeclaredInterest
from app.models.service_session import ServiceSession
from tests.builders import keep
from tests.gathering import Hall
from tests.moments import at


def a_review(hall: Hall, desk) -> str:
    form = {
        "kind": "review",
        "title": "创业大赛初评",
        "summary": "十二个项目，现场评分。",
        "on": "2026-09-18",
        "starts": "09:00",
        "ends": "12:00",
        "place": "评审室",
        "criteria": "创新 40\n市场 60",
        "mean": "plain",
        "department": "hrss",
        **{f"expert_{number}": str(expert.id) for number, expert in enumerate(hall.experts)},
    }
    unweighed = desk.post(
        "/bureau/activities/new?kind=review",
        "/bureau/activities/new",
        status=422,
        **{**form, "criteria": "创新 40"},
    )
    assert "合计 100" in unweighed
    return desk.post("/bureau/activities/new?kind=review", "/bureau/activities/new", **form)


def test_the_blocked_judge_marks_the_others_and_his_minutes_of_the_slot_go(
    hall: Hall, browser, as_
) -> None:
    desk = browser(hall.officer)
    ventures = [hall.venture(number) for number in (1, 2)]
    tie = DeclaredInterest(
        expert_id=hall.experts[1].id,
        conflict_type="ci1_employment",
        organisation=ventures[0].name,
        starts_on=date(2024, 1, 1),
    )
    keep(hall.store, tie)
    page = a_review(hall, desk)
    review = hall.rows(Activity)[0]
    for venture in ventures:
        found = desk.get(f"{page}/review?q={venture.name}")
        assert f'value="{venture.id}"' in found
        desk.post(f"{page}/review", f"{page}/review/projects", venture_id=str(venture.id))

    hall.clock.put(at("09-18 09:30"))
    blocked, free = hall.rows(ReviewProject)
    own = f"/mentor/reviews/{review.id}"
    assert "您回避这个项目" in browser(hall.mentor_of(1)).get(own)
    for number in range(3):
        judge = browser(hall.mentor_of(number))
        for project in (blocked, free):
            if (number, project) == (1, blocked):
                continue
            marks = {f"mark_{project.id}_{each}": str(80 + number) for each in range(2)}
            judge.post(own, f"{own}/projects/{project.id}/sheet", **marks)
    assert "已提交，不能再改" in browser(hall.mentor_of(0)).get(own)
    again = as_(hall.mentor_of(0)).post(f"/review-projects/{free.id}/sheet", {"marks": [1, 1]})
    assert (again.status_code, again.json["code"]) == (409, "activity.sheet_frozen")

    ensure_counted(hall, desk, page)


def ensure_counted(hall: Hall, desk, page: str) -> None:
    desk.post(f"{page}/review", f"{page}/review/publish")
    protocol = desk.get(f"{page}/review/protocol")
    assert "81.00" in protocol
    assert "刘总" in protocol
    hall.clock.put(at("09-18 12:00"))
    told = {"starts": "09:00", "ends": "12:00", "note": "纪要在评审柜第 3 号。"}
    desk.post(page, f"{page}/close", **told)

    decision = hall.decision(hall.rows(ServiceSession)[0])
    assert (decision.column, decision.review_projects, decision.person_ids) == ("review", 2, ())
    minutes = dict(decision.expert_minutes)
    assert [minutes[str(expert.id)] for expert in hall.experts] == [180, 165, 180]
