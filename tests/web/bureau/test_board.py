"""The open board at the desk, and needs that nobody fits."""

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.board_post import PostStatus
from app.models.board_post import BoardPost
from app.models.need import Need
from app.services import board_posts, experts, proposals
from tests.builders import a_need, a_person, staff
from tests.founder_road import plays, road

__all__ = ["plays", "road"]

LOAN = "想申请创业担保贷款，听说有贴息，没有房子抵押，打我电话13800138000找李晓。"
TEXT = "想申请创业担保贷款，没有房子抵押，不知道要不要找人担保，想找懂贷款的人问问。"
OFFER = "我做过三年小额贷款，可以先帮您看材料。"


@pytest.fixture
def unmatched(road) -> Need:
    return match(road, road.a_need(text=LOAN, topic="guaranteed_loan"))


def match(road, need: Need) -> Need:
    with road.store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    road.store.execute(SYSTEM, proposals.refresh, need.id, pool)
    road.need = need
    return need


def path(road, act: str = "") -> str:
    return f"/bureau/needs/{road.need.id}/board{act}"


def test_the_nearest_are_shown_apart_and_marked_as_weak(road, desk, unmatched) -> None:
    page = desk.get(f"/bureau/needs/{unmatched.id}")
    assert "没有合适的导师" in page
    assert "最接近的几位（偏弱）" in page
    assert "都没有达到合适的程度" in page
    assert "通常由这些人解答" in page
    assert page.index("最接近的几位") < page.index("张敏")
    assert "张榜请导师揭榜" in page


def test_who_would_fit_but_for_a_rule_is_counted_at_the_desk(road, desk) -> None:
    need = road.a_need()
    road.store.execute(road.mentor, experts.pause, road.expert.id)
    match(road, need)
    page = desk.get(f"/bureau/needs/{need.id}")
    assert "有人本来合适，但按规则现在不能接：暂停服务 1 位" in page


def test_the_queue_tells_what_is_missing_and_where_a_need_stands(road, desk, unmatched) -> None:
    page = desk.get("/bureau/needs?waiting=unmatched")
    assert unmatched.reference in page
    assert "缺：" in page
    assert "没有合适的导师" in page
    assert unmatched.reference in desk.get("/bureau/needs?waiting=asked")
    assert unmatched.reference not in desk.get("/bureau/needs?waiting=board")
    road.store.execute(staff(road.store), board_posts.draft, unmatched.id, TEXT)
    page = desk.get("/bureau/needs?waiting=board")
    assert unmatched.reference in page
    assert "等创业者同意" in page


def test_the_text_begins_with_the_founders_words_blotted_out(road, desk, unmatched) -> None:
    page = desk.get(path(road))
    assert "打我电话〔已隐去〕找〔已隐去〕。</textarea>" in page


def test_a_text_is_put_before_the_founder(road, desk, unmatched) -> None:
    desk.post(path(road), text=TEXT, checked="yes")
    assert road.row(BoardPost).status is PostStatus.AWAITING_CONSENT
    page = desk.get(path(road))
    assert "等创业者本人答复" in page
    assert f"{TEXT}</textarea>" in page
    assert "等创业者同意" in desk.get(f"/bureau/needs/{unmatched.id}")


def test_a_text_that_names_somebody_comes_back_with_the_piece(road, desk, unmatched) -> None:
    page = desk.post(path(road), status=422, text=f"{TEXT}李晓", checked="yes")
    assert "文字里有会让人认出创业者的内容，请改写或删去：李晓" in page.get_data(as_text=True)
    page = desk.post(path(road), status=422, text=TEXT)
    assert "还有 1 处需要修改" in page.get_data(as_text=True)
    assert road.rows(BoardPost) == []


def test_the_consent_of_a_founder_without_an_account_is_noted_at_the_desk(road, desk) -> None:
    match(road, a_need(road.store, a_person(road.store, name="王强").id, text=LOAN))
    desk.post(path(road), text=TEXT, checked="yes")
    page = desk.get(path(road))
    assert "创业者没有账户" in page
    version = road.row(BoardPost).version
    desk.post(path(road), path(road, "/agree"), status=422, version=version)
    desk.post(path(road), path(road, "/agree"), version=version, read_out="yes")
    assert road.row(BoardPost).status is PostStatus.OPEN
    assert "已张榜" in desk.get(path(road))


def test_nobody_agrees_for_a_founder_with_an_account(road, desk, unmatched) -> None:
    desk.post(path(road), text=TEXT, checked="yes")
    version = road.row(BoardPost).version
    page = desk.post(path(road), path(road, "/agree"), 422, version=version, read_out="yes")
    assert "创业者有账户" in page.get_data(as_text=True)


def test_claims_are_read_at_the_desk_and_the_post_is_taken_down(road, desk, unmatched) -> None:
    post = road.store.execute(staff(road.store), board_posts.draft, unmatched.id, TEXT)
    road.store.execute(road.founder, board_posts.agree, post.id)
    with road.store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    road.store.execute(road.mentor, board_posts.claim, post.id, OFFER, pool)
    page = desk.get(path(road))
    assert OFFER in page
    assert "张敏" in page
    assert OFFER in desk.get(f"/bureau/needs/{unmatched.id}")
    page = desk.post(path(road), status=409, text=TEXT, checked="yes")
    assert "这个需求已经张榜" in page.get_data(as_text=True)
    desk.post(path(road), path(road, "/withdraw"))
    assert road.row(BoardPost).status is PostStatus.WITHDRAWN


def test_a_need_that_is_booked_is_not_written_up(road, desk) -> None:
    road.requested()
    page = desk.get(path(road))
    assert "这个需求现在不用张榜" in page
    assert "<textarea" not in page


def test_what_was_never_written_is_not_taken_down(road, desk, unmatched) -> None:
    desk.post(path(road), path(road, "/withdraw"), 404)


def test_auditors_and_streets_write_no_posts(road, enter, store, unmatched) -> None:
    enter(staff(store, Role.AUDITOR)).get(path(road), 403)
    enter(staff(store, Role.STREET_LIAISON, street="tangye")).get(path(road), 403)
