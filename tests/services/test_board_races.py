"""Experts who press at the same moment: each claim stands once, the first one first."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.domain.actor import SYSTEM, Actor
from app.models.audit_entry import AuditEntry
from app.models.board_post import BoardClaim, BoardPost
from app.queries.booking_pages import proposals_page
from app.services import board_posts, proposals
from tests.builders import a_mentor, a_need, an_expert
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import Scene, set_scene
from tests.turns import on_both as dialect

__all__ = ["dialect"]

TEXT = "想开一家小店，不知道该登记个体户还是公司，想找人当面问一问。"
OFFER = "我在窗口办了十年登记，可以先帮您看材料，再陪您跑一次。"
PATIENCE = 30


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


@pytest.fixture
def post(scene) -> BoardPost:
    need = a_need(scene.store, scene.founder.person_id)
    drafted = scene.store.execute(scene.officer, board_posts.draft, need.id, TEXT)
    return scene.store.execute(scene.founder, board_posts.agree, drafted.id)


def claim_at_once(scene: Scene, post: BoardPost, mentors: list[Actor]) -> list[Any]:
    with scene.store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    together = threading.Barrier(len(mentors))

    def press(mentor: Actor) -> Any:
        together.wait(PATIENCE)
        return scene.store.execute(mentor, board_posts.claim, post.id, OFFER, pool)

    with ThreadPoolExecutor(len(mentors)) as threads:
        return list(threads.map(press, mentors, timeout=PATIENCE))


def claimants(scene: Scene, post: BoardPost) -> list[str]:
    with scene.store.read(scene.founder) as reader:
        return [view.expert.name for view in proposals_page(reader, post.need_id).claims]


def test_two_experts_who_claim_at_once_both_stand_in_one_lasting_order(scene, post) -> None:
    other = a_mentor(scene.store, an_expert(scene.store, name="钱宁"))
    claim_at_once(scene, post, [scene.mentor, other])
    made = sorted(scene.rows(BoardClaim), key=lambda claim: claim.number)
    assert [claim.number for claim in made] == [1, 2]
    assert {claim.expert_id for claim in made} == {scene.expert.id, other.expert_id}
    first = claimants(scene, post)
    assert first[0] == ("张敏" if made[0].expert_id == scene.expert.id else "钱宁")
    scene.clock.put(at("09-17 10:00"))
    third = a_mentor(scene.store, an_expert(scene.store, name="孙立"))
    claim_at_once(scene, post, [third])
    assert claimants(scene, post) == [*first, "孙立"]


def test_one_expert_who_presses_twice_at_once_claims_once(scene, post) -> None:
    one, other = claim_at_once(scene, post, [scene.mentor, scene.mentor])
    assert one.id == other.id
    assert len(scene.rows(BoardClaim)) == 1
    assert len(scene.rows(AuditEntry, AuditEntry.action == "board_claim.offered")) == 1
    scene.work()
    assert len(scene.told(scene.founder, "board_claim.offered")) == 1
