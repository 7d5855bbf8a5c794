"""书面答复 between a founder, an official and the desk, on their pages."""

from typing import Any

import pytest

from app.domain.booking import BookingStatus
from app.domain.expert import ExpertCategory
from app.models.booking import Booking
from app.models.written_answer import WrittenAnswer
from app.services import written_answers
from tests.builders import a_mentor, an_expert, staff
from tests.founder_road import FounderRoad
from tests.scenes import Plays

ANSWER = "个体工商户登记在区政务大厅一楼办，带身份证和经营场所证明，当天就能办好。"
QUESTION = "个体户办营业执照要带哪些材料？"


def official_road(store: Any, clock: Any) -> FounderRoad:
    road = FounderRoad(store, clock)
    road.expert = an_expert(store, name="田野", category=ExpertCategory.OFFICIAL)
    road.mentor = a_mentor(store, road.expert)
    road.proposed()
    return road


@pytest.fixture
def plays() -> Plays:
    return {"road": official_road}


def ask_path(road: FounderRoad) -> str:
    return f"/needs/{road.need.id}/ask-in-writing?mentor={road.expert.id}"


def asked(road: FounderRoad) -> WrittenAnswer:
    return road.store.execute(
        road.founder, written_answers.ask, road.need.id, road.expert.id, QUESTION
    )


def now(road: FounderRoad) -> WrittenAnswer:
    return road.row(WrittenAnswer)


def test_an_official_is_asked_from_the_list_and_the_words_can_be_changed(road, desk) -> None:
    assert ask_path(road).replace("&", "&amp;") in desk.get(f"/needs/{road.need.id}/mentors")
    page = desk.get(ask_path(road))
    assert f"{road.need.text}</textarea>" in page
    assert "一般性的政策和办事指导，不代表审批意见" in page
    answer = desk.post(ask_path(road), question=QUESTION)
    assert answer.location == f"/written-answers/{now(road).id}"
    page = desk.get(answer.location)
    assert "等田野书面答复" in page
    assert "9月18日 10:00 前答复" in page


def test_a_short_question_comes_back_and_a_second_one_is_refused(road, desk) -> None:
    page = desk.post(ask_path(road), 422, question="怎么办").get_data(as_text=True)
    assert "怎么办</textarea>" in page
    desk.post(ask_path(road), question=QUESTION)
    page = desk.post(ask_path(road), 409, question=QUESTION).get_data(as_text=True)
    assert "已经请这位导师书面答复这个需求了" in page


def test_the_official_writes_and_the_founder_says_whether_it_helped(road, desk, enter) -> None:
    row = asked(road)
    official = enter(road.mentor)
    official.token = desk.csrf(official.client, "/mentor")["csrf_token"]
    assert "/mentor/written-answers" in official.get("/mentor")
    assert QUESTION in official.get("/mentor/written-answers")
    path = f"/mentor/written-answers/{row.id}"
    page = official.get(path)
    assert "不代表审批意见" in page
    refused = official.post(path, 422, answer="好。", version=row.version)
    assert "好。</textarea>" in refused.get_data(as_text=True)
    official.post(path, answer=ANSWER, version=row.version)
    assert "等对方看" in official.get(path)

    own = f"/written-answers/{row.id}"
    page = desk.get(own)
    assert ANSWER in page
    assert "预约当面谈" in page
    version = now(road).version
    desk.post(f"{own}/say", 422, version=version)
    desk.post(f"{own}/say", helped="no", version=version)
    assert "您看过了：没有解决" in desk.get(own)
    assert "已计为一件图文答复" in official.get(path)
    desk.post(f"{own}/say", 409, helped="yes", version=now(road).version)


def test_the_official_may_ask_for_a_meeting_instead(road, desk, enter) -> None:
    row = asked(road)
    official = enter(road.mentor)
    official.token = desk.csrf(official.client, "/mentor")["csrf_token"]
    path = f"/mentor/written-answers/{row.id}"
    official.post(f"{path}/decline", 422, note="", version=row.version)
    official.post(f"{path}/decline", note="要看材料原件，请约见面。", version=row.version)
    page = desk.get(f"/written-answers/{row.id}")
    assert "要看材料原件，请约见面。" in page
    assert f"/needs/{road.need.id}/book?mentor={road.expert.id}" in page


def test_an_offer_on_a_request_is_put_before_the_founder(road, desk, enter) -> None:
    booking = road.requested()
    official = enter(road.mentor)
    official.token = desk.csrf(official.client, "/mentor")["csrf_token"]
    path = f"/mentor/requests/{booking.id}/offer-in-writing"
    assert path in official.get("/mentor")
    official.post(path)
    own = f"/written-answers/{now(road).id}"
    assert "田野可以书面答复您" in desk.get(own)
    desk.post(f"{own}/take", version=now(road).version)
    assert road.row(Booking).status is BookingStatus.WITHDRAWN
    assert "等田野书面答复" in desk.get(own)
    desk.post(f"{own}/withdraw", version=now(road).version)
    assert "已撤回" in desk.get(own)


def test_the_desk_asks_for_who_cannot(road, enter) -> None:
    officer = staff(road.store)
    desk = enter(officer)
    desk.token = desk.csrf(desk.client, "/bureau/desk")["csrf_token"]
    path = f"/bureau/needs/{road.need.id}/ask-in-writing?mentor={road.expert.id}"
    assert path.replace("&", "&amp;") in desk.get(f"/bureau/needs/{road.need.id}")
    desk.post(path, 422, question="怎么办")
    desk.post(path, question=QUESTION)
    assert now(road).person_id == road.founder.person_id
    assert QUESTION in desk.get(path)


def test_nobody_reads_what_others_asked(road, enter) -> None:
    row = asked(road)
    other = an_expert(road.store, name="高源", category=ExpertCategory.OFFICIAL)
    stranger = enter(a_mentor(road.store, other))
    for path in (f"/written-answers/{row.id}", f"/mentor/written-answers/{row.id}"):
        stranger.get(path, 404)
