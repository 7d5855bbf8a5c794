import pytest

from app.domain.actor import SYSTEM
from app.domain.board_post import ClaimStatus, PostStatus
from app.domain.need import NeedStatus
from app.models.board_post import BoardClaim, BoardPost
from app.models.need import Need
from app.services import board_posts, proposals
from tests.builders import a_founder, an_expert, staff

LOAN = "想申请创业担保贷款，听说有贴息，没有房子抵押，要不要找人担保？"
TEXT = "想申请创业担保贷款，没有房子抵押，不知道要不要找人担保，想找懂贷款的人问问。"
OFFER = "我做过三年小额贷款，可以先帮您看材料。"


@pytest.fixture
def unmatched(road) -> Need:
    road.need = road.a_need(text=LOAN, topic="guaranteed_loan")
    with road.store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    road.store.execute(road.founder, proposals.refresh, road.need.id, pool)
    return road.need


@pytest.fixture
def post(road, unmatched) -> BoardPost:
    return road.store.execute(staff(road.store), board_posts.draft, unmatched.id, TEXT)


def claimed(road, post) -> BoardClaim:
    road.store.execute(road.founder, board_posts.agree, post.id)
    with road.store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    return road.store.execute(road.mentor, board_posts.claim, post.id, OFFER, pool)


def mentors(road, desk) -> str:
    return desk.get(f"/needs/{road.need.id}/mentors")


def board(road, act: str = "") -> str:
    return f"/needs/{road.need.id}/board{act}"


def test_nobody_fits_is_said_plainly_with_what_is_missing_and_who_answers_by_when(
    road, desk, unmatched
) -> None:
    page = mentors(road, desk)
    assert "<h1>还没有找到合适的导师</h1>" in page
    assert "我们不想随便推荐一位" in page
    assert "现在缺的是熟悉这些事的导师" in page
    assert "来自您写的“想申请创业担保贷款”" in page
    assert "经办人正在为您找，会在 9月17日 周四 24:00 前联系您" in page
    assert "张敏" not in page
    assert 'class="slot"' not in page


def test_home_says_that_the_bureau_is_looking(road, desk, unmatched) -> None:
    page = desk.get("/me")
    assert "人社局正在为您找导师" in page
    assert "9月17日 周四 24:00 前联系您" in page


def test_a_need_of_which_nothing_is_understood_asks_for_more_words(road, desk) -> None:
    road.need = road.a_need(text="您好您好您好您好您好您好！")
    desk.post(f"/needs/{road.need.id}/refresh")
    assert "我们也可能没有看懂您的问题" in mentors(road, desk)


def test_the_text_is_shown_as_experts_would_read_it_and_asked_plainly(road, desk, post) -> None:
    assert "请您看一段文字" in mentors(road, desk)
    assert "看一段文字，答复能不能张榜" in desk.get("/me")
    page = desk.get(board(road))
    assert "能不能把您的问题张榜？" in page
    assert TEXT in page
    assert "随时可以撤榜" in page
    assert "同意张榜" in page
    assert "不同意" in page


def test_agreeing_needs_the_tick_and_the_text_that_was_read(road, desk, post) -> None:
    page = desk.post(board(road, "/agree"), 422, version=post.version).get_data(as_text=True)
    assert "还有 1 处需要修改" in page
    page = desk.post(board(road, "/agree"), 409, version=post.version + 1, agreed="yes")
    assert "这个榜已经有了变化" in page.get_data(as_text=True)
    assert road.row(BoardPost).status is PostStatus.AWAITING_CONSENT


def test_agreeing_opens_the_post_once_and_taking_it_down_is_one_press(road, desk, post) -> None:
    for _ in range(2):
        desk.post(board(road, "/agree"), version=post.version, agreed="yes", key="one")
    page = desk.get(board(road))
    assert "您的问题已经张榜" in page
    assert "撤榜" in page
    assert "您的问题已经张榜" in mentors(road, desk)
    for _ in range(2):
        desk.post(board(road, "/withdraw"), key="two")
    assert road.row(BoardPost).status is PostStatus.WITHDRAWN
    assert "已经撤榜" in desk.get(board(road))


def test_refusing_keeps_the_text_off_the_board(road, desk, post) -> None:
    desk.post(board(road, "/refuse"))
    assert road.row(BoardPost).status is PostStatus.REFUSED
    assert "没有给任何导师看过" in desk.get(board(road))
    desk.post(board(road, "/agree"), 409, version=post.version, agreed="yes")


def test_who_claimed_is_shown_with_his_words_and_times_to_choose(road, desk, post) -> None:
    claimed(road, post)
    page = mentors(road, desk)
    assert "1 位导师愿意帮您" in page
    assert OFFER in page
    assert "这位导师的资料里没有写到这类问题" in page
    assert "为什么推荐" not in page
    assert f"/needs/{road.need.id}/book?mentor={road.expert.id}&amp;mode=onsite" in page
    assert "还没有找到合适的导师" not in page
    assert "我们不想随便推荐一位" not in page
    assert "都不合适也没关系" in page
    assert "1 位导师" in desk.get(board(road))


def test_a_time_of_a_claimant_is_held_and_requested_as_always(road, desk, post) -> None:
    claimed(road, post)
    road.requested()
    assert road.row(Need, Need.id == road.need.id).status is NeedStatus.BOOKED
    assert "这个需求已经约了导师" in mentors(road, desk)


def test_claims_stand_beside_proposals_once_somebody_fits(road, desk, post) -> None:
    claimed(road, post)
    other = an_expert(road.store, name="许言")
    road.proposed(other)
    page = mentors(road, desk)
    assert "为您推荐 1 位导师" in page
    assert page.index("许言") < page.index(OFFER)


def test_a_claim_of_somebody_proposed_anyway_is_shown_once(road, desk, post) -> None:
    claimed(road, post)
    road.proposed(road.expert)
    page = mentors(road, desk)
    assert page.count('class="card mc"') == 1


def test_the_post_of_somebody_else_or_none_is_not_found(road, enter, desk, post) -> None:
    stranger = enter(a_founder(road.store, name="王强"))
    stranger.get(board(road), 404)
    for act in ("/agree", "/refuse", "/withdraw"):
        stranger.post(board(road, act), 404, version=1, agreed="yes")
    road.need = road.a_need()
    desk.get(board(road), 404)
    desk.post(board(road, "/refuse"), 404)
    assert road.row(BoardPost).status is PostStatus.AWAITING_CONSENT


def test_claims_lapsed_or_taken_back_are_not_shown(road, desk, post) -> None:
    made = claimed(road, post)
    road.store.execute(road.mentor, board_posts.withdraw_claim, made.id)
    assert road.row(BoardClaim).status is ClaimStatus.WITHDRAWN
    assert OFFER not in mentors(road, desk)
