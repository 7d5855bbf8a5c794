from uuid import UUID

from app.domain.actor import SYSTEM, Role
from app.services import board_posts, proposals
from tests.api.conftest import As
from tests.builders import staff
from tests.founder_road import FounderRoad

LOAN = "想申请创业担保贷款，听说有贴息，没有房子抵押，要不要找人担保？"
TEXT = "想申请创业担保贷款，没有房子抵押，不知道要不要找人担保，想找懂贷款的人问问。"
OFFER = "我做过三年小额贷款，可以先帮您看材料。"
BODY = {"text": LOAN, "session_type": "consultation"}


def test_nobody_fits_is_said_in_place_of_a_bad_list(road: FounderRoad, as_: As) -> None:
    founder = as_(road.founder)
    path = f"/needs/{founder.post('/needs', BODY).json['id']}/proposals"
    answer = founder.get(path).json
    assert answer["items"] == []
    (missing,) = answer["no_good_match"]["missing"]
    assert missing["topic"] == "guaranteed_loan"
    assert missing["label"] not in ("", missing["concept"])
    assert "score" not in str(answer["no_good_match"])
    officer = as_(staff(road.store, Role.OFFICER)).get(path).json
    assert officer["items"] == []
    assert officer["no_good_match"] == answer["no_good_match"]


def test_a_list_of_good_matches_says_nothing_of_the_kind(road: FounderRoad, as_: As) -> None:
    founder = as_(road.founder)
    path = f"/needs/{road.need.id}/proposals"
    assert founder.post(path).json["no_good_match"] is None
    assert founder.get(path).json["no_good_match"] is None


def test_who_claims_the_need_from_the_board_is_an_item_with_his_words(
    road: FounderRoad, as_: As
) -> None:
    founder = as_(road.founder)
    need_id = UUID(founder.post("/needs", BODY).json["id"])
    drafted = road.store.execute(staff(road.store), board_posts.draft, need_id, TEXT)
    post = road.store.execute(road.founder, board_posts.agree, drafted.id)
    with road.store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    road.store.execute(road.mentor, board_posts.claim, post.id, OFFER, pool)

    (item,) = founder.get(f"/needs/{need_id}/proposals").json["items"]

    assert (item["rank"], item["offer"]) == (1, OFFER)
    assert item["expert"]["id"] == str(road.expert.id)
    assert sum(part["value"] for part in item["parts"]) == item["score"]
    assert len(item["first_free"]) == 3
