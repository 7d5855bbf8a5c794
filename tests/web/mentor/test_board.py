from uuid import uuid4

import pytest

from app.domain.board_post import ClaimStatus
from app.models.board_post import BoardClaim, BoardPost
from app.models.expert import Expert
from app.services import board_posts, bookings
from app.unit_of_work import UnitOfWork
from tests.builders import staff

TEXT = "想开一家小店，不知道该登记个体户还是公司，想找人当面问一问。"
OFFER = "我在窗口办了十年登记，可以先帮您看材料，再陪您跑一次。"
BOARD = "/mentor/board"


@pytest.fixture
def post(road) -> BoardPost:
    drafted = road.store.execute(staff(road.store), board_posts.draft, road.need.id, TEXT)
    return road.store.execute(road.founder, board_posts.agree, drafted.id)


def claim(visit, post, offer: str = OFFER, **sent):
    path = f"{BOARD}/{post.id}"
    return visit.post(path, offer=offer, **sent)


def test_the_board_shows_what_is_asked_and_nothing_of_who_asks(road, visit, post) -> None:
    page = visit.get(BOARD)
    assert TEXT in page
    assert "注册登记、变更与注销" in page
    assert "张榜到 9月30日" in page
    for private in ("李晓", road.need.reference, str(road.need.id), road.need.text):
        assert private not in page
        assert private not in visit.get(f"{BOARD}/{post.id}")


def test_an_empty_board_says_what_will_be_here(visit) -> None:
    assert "现在榜上没有问题" in visit.get(BOARD)


def test_claiming_is_told_and_stands_among_ones_own(road, visit, post) -> None:
    answer = claim(visit, post)
    assert (answer.status_code, answer.location) == (303, BOARD)
    page = visit.get(BOARD)
    assert "已揭榜。我们已经告诉创业者" in page
    assert OFFER in page
    assert "等创业者看过以后选时间" in page
    assert "现在榜上没有问题" in page
    assert road.row(BoardClaim).expert_id == road.expert.id


def test_a_second_press_claims_once(road, visit, post) -> None:
    path = f"{BOARD}/{post.id}"
    fields = {**visit.hidden(path), "offer": OFFER}
    for _ in range(2):
        assert visit.client.post(path, data=fields).status_code == 303
    assert len(road.rows(BoardClaim)) == 1


def test_an_offer_too_short_is_told_at_its_field_and_kept(road, visit, post) -> None:
    answer = claim(visit, post, "可以。")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "“您想怎样帮这位创业者？”至少 10 字" in page
    assert "可以。" in page
    assert road.rows(BoardClaim) == []


def test_a_rule_that_stands_against_it_is_told_on_the_page(road, visit, post) -> None:
    def fill(uow: UnitOfWork) -> None:
        uow.load(Expert, road.expert.id).monthly_limit = 0

    road.store.execute(road.mentor, fill)
    answer = claim(visit, post)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "您的服务次数已到上限" in page
    assert OFFER in page


def test_a_claim_is_taken_back(road, visit, post) -> None:
    claim(visit, post)
    made = road.row(BoardClaim)
    answer = visit.post(f"{BOARD}/claims/{made.id}/withdraw", came_from=BOARD)
    assert (answer.status_code, answer.location) == (303, BOARD)
    assert road.row(BoardClaim).status is ClaimStatus.WITHDRAWN
    page = visit.get(BOARD)
    assert "已撤回揭榜" in page
    assert "再次揭榜" in page


def test_a_post_taken_down_hides_its_text_from_who_claimed_it(road, visit, post) -> None:
    claim(visit, post)
    road.store.execute(road.founder, board_posts.withdraw, post.id)
    page = visit.get(BOARD)
    assert "需求方已撤榜" in page
    assert TEXT not in page
    assert TEXT not in visit.get(f"{BOARD}/{post.id}")


def test_a_post_that_ran_out_stands_for_who_claimed_it(road, visit, post) -> None:
    claim(visit, post)
    road.put(post.expires_at)
    page = visit.get(BOARD)
    assert "张榜已到期，创业者仍然可以选您" in page
    assert "这个榜现在不能揭" in visit.get(f"{BOARD}/{post.id}")


def test_a_booked_need_is_off_the_board(road, visit, post) -> None:
    claim(visit, post)
    booking = road.requested()
    assert "创业者已经约了导师" in visit.get(BOARD)
    road.store.execute(road.mentor, bookings.accept, booking.id)
    answer = claim(visit, post, f"{OFFER}周末也行。")
    assert answer.status_code in (404, 409, 303)


def test_a_post_that_is_not_there_is_not_found(visit, post) -> None:
    assert visit.status(f"{BOARD}/{uuid4()}") == 404
    assert (
        visit.client.post(
            f"{BOARD}/claims/{uuid4()}/withdraw", data=visit.hidden(BOARD)
        ).status_code
        == 404
    )
