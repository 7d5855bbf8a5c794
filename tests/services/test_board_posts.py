from datetime import timedelta

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.availability import Mode
from app.domain.board_post import (
    AlreadyOpenError,
    ClaimStatus,
    FounderAnswersError,
    FullError,
    PostGoneError,
    PostStatus,
    TiedError,
)
from app.domain.booking import BookingStatus
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.expert import OutOfTermError, PausedError
from app.domain.need import NeedClosedError, NeedInServiceError, NeedStatus
from app.models.audit_entry import AuditEntry
from app.models.board_post import BoardClaim, BoardPost
from app.models.booking import Booking
from app.models.expert import DeclaredInterest
from app.models.job import Job
from app.models.need import Need
from app.services import board_posts, bookings, experts, needs, proposals
from app.services.bookings import Choice
from tests.builders import (
    a_founder,
    a_mentor,
    a_need,
    a_person,
    a_venture,
    an_expert,
    keep,
    staff,
)
from tests.moments import at, day
from tests.scenes import Plays
from tests.services.scene import set_scene

TEXT = "想开一家小店，不知道该登记个体户还是公司，也不知道要带哪些材料，想找人当面问一问。"
OFFER = "我在窗口办了十年登记，可以先帮您看材料，再陪您跑一次。"


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


@pytest.fixture
def need(scene) -> Need:
    return a_need(scene.store, scene.founder.person_id)


def drafted(scene, need, text=TEXT) -> BoardPost:
    return scene.store.execute(scene.officer, board_posts.draft, need.id, text)


def opened(scene, need) -> BoardPost:
    return scene.store.execute(scene.founder, board_posts.agree, drafted(scene, need).id)


def claim(scene, post, actor=None, offer=OFFER) -> BoardClaim:
    with scene.store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    return scene.store.execute(actor or scene.mentor, board_posts.claim, post.id, offer, pool)


def posts(scene) -> list[BoardPost]:
    return scene.rows(BoardPost)


def actions(scene, row) -> list[str]:
    entries = scene.rows(AuditEntry, AuditEntry.entity_id == row.id)
    return [entry.action for entry in entries]


# The text


def test_a_text_is_put_before_the_founder_and_shown_to_nobody_yet(scene, need) -> None:
    post = drafted(scene, need)
    assert (post.status, post.text, post.topics) == (
        PostStatus.AWAITING_CONSENT,
        TEXT,
        ["registration"],
    )
    assert actions(scene, post) == ["board_post.drafted"]
    with scene.store.read(scene.mentor) as reader:
        assert reader.session.get(BoardPost, post.id) is None
    scene.work()
    (told,) = scene.told(scene.founder, "board_post.drafted")
    assert told.href == f"/needs/{need.id}/board"


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        (f"{TEXT}打电话13800138000找我。", "13800138000"),
        (f"我叫李晓，{TEXT}", "李晓"),
        (f"禾墒科技刚起步，{TEXT}", "禾墒科技"),
        (f"店在花园路128号，{TEXT}", "花园路128号"),
    ],
)
def test_a_text_that_tells_who_the_founder_is_is_refused_with_the_piece(scene, text, piece) -> None:
    venture = a_venture(scene.store, scene.founder.person_id, name="禾墒科技（筹）")
    need = a_need(scene.store, scene.founder.person_id, venture_id=venture.id)
    with pytest.raises(InvalidInputError) as refused:
        drafted(scene, need, text)
    (fault,) = refused.value.errors
    assert (fault.field, fault.code) == ("text", "board_post.private")
    assert piece in str(fault.facts["pieces"])
    assert posts(scene) == []


def test_a_partner_and_a_venture_left_out_of_the_need_are_not_told_either(scene, need) -> None:
    a_venture(scene.store, scene.founder.person_id, name="青岚卤味（筹）")
    with pytest.raises(InvalidInputError):
        drafted(scene, need, f"青岚卤味想扩店。{TEXT}")


@pytest.mark.parametrize("text", ["", "太短了", "长" * 601])
def test_a_text_too_short_or_too_long_is_refused(scene, need, text) -> None:
    with pytest.raises(InvalidInputError):
        drafted(scene, need, text)


def test_the_same_text_again_changes_nothing_and_another_one_is_asked_anew(scene, need) -> None:
    first = drafted(scene, need)
    assert drafted(scene, need).version == first.version
    again = drafted(scene, need, f"{TEXT}谢谢。")
    assert (again.id, again.version) == (first.id, first.version + 1)
    assert actions(scene, first) == ["board_post.drafted", "board_post.drafted"]
    scene.work()
    assert len(scene.told(scene.founder, "board_post.drafted")) == 2


def test_a_trade_in_free_words_stays_off_the_board(scene) -> None:
    free = a_need(scene.store, scene.founder.person_id, industry="李晓的独门手艺")
    assert drafted(scene, free).industry is None
    coded = a_need(scene.store, scene.founder.person_id, industry="emerging_services")
    assert drafted(scene, coded).industry == "emerging_services"


@pytest.mark.parametrize(
    ("status", "refusal"),
    [(NeedStatus.BOOKED, NeedInServiceError), (NeedStatus.WITHDRAWN, NeedClosedError)],
)
def test_only_a_need_that_waits_is_written_up(scene, status, refusal) -> None:
    need = a_need(scene.store, scene.founder.person_id, status=status)
    with pytest.raises(refusal):
        drafted(scene, need)


def test_who_may_not_write_posts_writes_none(scene, need) -> None:
    for actor in (scene.founder, staff(scene.store, Role.AUDITOR)):
        with pytest.raises(ForbiddenError):
            scene.store.execute(actor, board_posts.draft, need.id, TEXT)
    with pytest.raises(NotFoundError):
        scene.store.execute(scene.mentor, board_posts.draft, need.id, TEXT)


# The founder's answer


def test_the_founder_agrees_and_the_text_goes_up_for_ten_working_days(scene, need) -> None:
    post = opened(scene, need)
    assert (post.status, post.consented_at) == (PostStatus.OPEN, at("09-16 10:00"))
    assert post.expires_at == at("10-01 00:00")
    with scene.store.read(scene.mentor) as reader:
        assert reader.session.get(BoardPost, post.id).text == TEXT
    scene.work()
    (told,) = scene.told(scene.officer, "board_post.opened")
    assert "9月30日" in told.text
    (told,) = scene.told(scene.mentor, "board_post.opened")
    assert told.href == f"/mentor/board/{post.id}"
    assert "李晓" not in told.text


def test_mentors_of_other_topics_or_out_of_term_are_not_told(scene, need) -> None:
    other = a_mentor(scene.store, an_expert(scene.store, topics=["agritech"]))
    gone = a_mentor(scene.store, an_expert(scene.store, term=None))
    opened(scene, need)
    scene.work()
    assert scene.told(other, "board_post.opened") == []
    assert scene.told(gone, "board_post.opened") == []


def test_agreeing_twice_opens_once(scene, need) -> None:
    post = opened(scene, need)
    scene.clock.put(at("09-17 10:00"))
    again = scene.store.execute(scene.founder, board_posts.agree, post.id)
    assert again.consented_at == at("09-16 10:00")
    assert actions(scene, post).count("board_post.opened") == 1
    assert len(scene.rows(Job, Job.kind == "expire_board_post")) == 1


def test_a_text_that_was_changed_after_it_was_read_is_not_agreed_to(scene, need) -> None:
    seen = drafted(scene, need).version
    post = drafted(scene, need, f"{TEXT}谢谢。")
    with pytest.raises(PostGoneError):
        scene.store.execute(scene.founder, board_posts.agree, post.id, version=seen)
    assert posts(scene)[0].status is PostStatus.AWAITING_CONSENT


def test_a_refused_text_is_never_shown_and_another_may_be_written(scene, need) -> None:
    post = drafted(scene, need)
    for _ in range(2):
        scene.store.execute(scene.founder, board_posts.refuse, post.id)
    assert actions(scene, post) == ["board_post.drafted", "board_post.refused"]
    with pytest.raises(PostGoneError):
        scene.store.execute(scene.founder, board_posts.agree, post.id)
    assert drafted(scene, need).id != post.id
    scene.work()
    assert len(scene.told(scene.officer, "board_post.refused")) == 1


def test_nobody_answers_for_a_founder_who_has_an_account(scene, need) -> None:
    post = drafted(scene, need)
    for act in (board_posts.agree, board_posts.refuse):
        with pytest.raises(FounderAnswersError):
            scene.store.execute(scene.officer, act, post.id)
    with pytest.raises(NotFoundError):
        scene.store.execute(a_founder(scene.store, name="王强"), board_posts.agree, post.id)
    with pytest.raises(NotFoundError):
        scene.store.execute(scene.mentor, board_posts.agree, post.id)


def test_an_officer_notes_the_consent_of_a_founder_without_an_account(scene) -> None:
    walk_in = a_person(scene.store, name="王强")
    need = a_need(scene.store, walk_in.id)
    post = scene.store.execute(scene.officer, board_posts.agree, drafted(scene, need).id)
    assert post.status is PostStatus.OPEN
    (entry,) = scene.rows(AuditEntry, AuditEntry.action == "board_post.opened")
    assert '"is_read_out":true' in entry.body
    with pytest.raises(ForbiddenError):
        scene.store.execute(staff(scene.store, Role.AUDITOR), board_posts.agree, post.id)


def test_what_stands_on_the_board_is_not_written_over(scene, need) -> None:
    opened(scene, need)
    with pytest.raises(AlreadyOpenError):
        drafted(scene, need, f"{TEXT}谢谢。")


def test_a_text_is_not_agreed_to_once_the_need_is_booked(scene, need) -> None:
    post = drafted(scene, need)
    book(scene, need)
    with pytest.raises(PostGoneError):
        scene.store.execute(scene.founder, board_posts.agree, post.id)


# Claims


def book(scene, need, when="09-18 14:00") -> Booking:
    choice = Choice(
        need_id=need.id, expert_id=scene.expert.id, starts_at=at(when), mode=Mode.ONSITE
    )
    return scene.store.execute(scene.founder, bookings.request_now, choice)


def test_a_claim_holds_the_experts_words_and_the_reasons_for_him(scene, need) -> None:
    made = claim(scene, opened(scene, need))
    assert (made.status, made.offer, made.expert_id) == (
        ClaimStatus.OFFERED,
        OFFER,
        scene.expert.id,
    )
    assert made.reasons
    assert "overall" not in {reason["code"] for reason in made.reasons}
    assert round(sum(part["value"] for part in made.parts), 6) == made.score
    assert actions(scene, made) == ["board_claim.offered"]
    scene.work()
    (told,) = scene.told(scene.founder, "board_claim.offered")
    assert "张敏" in told.title
    assert told.href == f"/needs/{need.id}/mentors"


def test_claiming_twice_is_one_claim_and_other_words_take_the_place_of_the_first(
    scene, need
) -> None:
    post = opened(scene, need)
    first = claim(scene, post)
    assert claim(scene, post).id == first.id
    assert claim(scene, post, offer=f"{OFFER}周末也行。").offer == f"{OFFER}周末也行。"
    assert len(scene.rows(BoardClaim)) == 1
    assert actions(scene, first) == ["board_claim.offered", "board_claim.changed"]
    scene.work()
    assert len(scene.told(scene.founder, "board_claim.offered")) == 1


def test_a_claim_tells_the_expert_nothing_of_the_need_or_its_founder(scene, need) -> None:
    claim(scene, opened(scene, need))
    with scene.store.read(scene.mentor) as reader:
        assert reader.session.get(Need, need.id) is None


def test_a_claim_taken_back_can_be_made_again(scene, need) -> None:
    post = opened(scene, need)
    made = claim(scene, post)
    for _ in range(2):
        scene.store.execute(scene.mentor, board_posts.withdraw_claim, made.id)
    assert scene.rows(BoardClaim)[0].status is ClaimStatus.WITHDRAWN
    again = claim(scene, post)
    assert (again.id, again.status, again.ended_at) == (made.id, ClaimStatus.OFFERED, None)
    assert actions(scene, made) == [
        "board_claim.offered",
        "board_claim.withdrawn",
        "board_claim.offered",
    ]


@pytest.mark.parametrize("offer", ["", "可以。", "长" * 501])
def test_an_offer_too_short_or_too_long_is_refused(scene, need, offer) -> None:
    post = opened(scene, need)
    with pytest.raises(InvalidInputError):
        claim(scene, post, offer=offer)
    assert scene.rows(BoardClaim) == []


def test_a_tie_keeps_an_expert_from_claiming_and_is_not_named(scene) -> None:
    venture = a_venture(scene.store, scene.founder.person_id, name="禾墒科技（筹）")
    need = a_need(scene.store, scene.founder.person_id, venture_id=venture.id)
    tie = DeclaredInterest(
        expert_id=scene.expert.id, conflict_type="ci4_equity", organisation="禾墒科技（筹）"
    )
    keep(scene.store, tie)
    post = opened(scene, need)
    with pytest.raises(TiedError) as refused:
        claim(scene, post)
    assert refused.value.facts == {}
    assert scene.rows(BoardClaim) == []


def test_an_expert_does_not_claim_his_own_need(scene) -> None:
    need = a_need(scene.store, scene.expert.person_id)
    post = scene.store.execute(scene.officer, board_posts.draft, need.id, TEXT)
    keep_open(scene, post)
    with pytest.raises(TiedError):
        claim(scene, post)


def keep_open(scene, post) -> None:
    def open_it(uow) -> None:
        row = uow.load(BoardPost, post.id)
        row.status, row.consented_at = PostStatus.OPEN, uow.now
        row.expires_at = uow.now + timedelta(days=9)

    scene.store.execute(SYSTEM, open_it)


def test_who_is_in_no_term_or_pauses_or_is_full_cannot_claim(scene, need) -> None:
    post = opened(scene, need)
    past = (day("01-01").replace(year=2024), day("09-15"))
    ended = a_mentor(scene.store, an_expert(scene.store, name="钱宁", term=past))
    with pytest.raises(OutOfTermError):
        claim(scene, post, ended)
    full = an_expert(scene.store, name="孙立", monthly_limit=0)
    with pytest.raises(FullError):
        claim(scene, post, a_mentor(scene.store, full))
    scene.store.execute(scene.mentor, experts.pause, scene.expert.id)
    with pytest.raises(PausedError):
        claim(scene, post)
    assert scene.rows(BoardClaim) == []


def test_only_an_expert_claims(scene, need) -> None:
    post = opened(scene, need)
    with pytest.raises(NotFoundError):
        claim(scene, post, scene.officer)
    made = claim(scene, post)
    other = a_mentor(scene.store, an_expert(scene.store, name="钱宁"))
    with pytest.raises(NotFoundError):
        scene.store.execute(other, board_posts.withdraw_claim, made.id)


def test_a_claim_is_booked_like_any_proposal_and_answered_by_the_expert(scene, need) -> None:
    claim(scene, opened(scene, need))
    booking = book(scene, need)
    accepted = scene.store.execute(scene.mentor, bookings.accept, booking.id)
    assert accepted.status is BookingStatus.ACCEPTED


def test_a_need_that_is_booked_leaves_the_board_and_comes_back_when_it_waits_again(
    scene, need
) -> None:
    post = opened(scene, need)
    booking = book(scene, need)
    late = a_mentor(scene.store, an_expert(scene.store, name="钱宁"))
    with pytest.raises(NotFoundError):
        claim(scene, post, late)
    scene.store.execute(scene.founder, bookings.withdraw, booking.id, "f_withdrawn")
    assert claim(scene, post, late).status is ClaimStatus.OFFERED


def test_when_the_one_chosen_declines_the_next_claimant_is_asked(scene, need) -> None:
    post = opened(scene, need)
    claim(scene, post)
    other = an_expert(scene.store, name="钱宁")
    claim(scene, post, a_mentor(scene.store, other))
    booking = book(scene, need)
    scene.store.execute(scene.mentor, bookings.decline, booking.id, "m_time_conflict")
    (asked,) = scene.rows(Booking, Booking.status == BookingStatus.REQUESTED)
    assert (asked.lead_expert_id, asked.proposal_id) == (other.id, None)


# Ends


def test_a_post_taken_down_by_its_founder_lapses_its_claims(scene, need) -> None:
    post = opened(scene, need)
    made = claim(scene, post)
    for _ in range(2):
        scene.store.execute(scene.founder, board_posts.withdraw, post.id)
    assert posts(scene)[0].status is PostStatus.WITHDRAWN
    assert scene.rows(BoardClaim)[0].status is ClaimStatus.LAPSED
    assert actions(scene, post)[-1] == "board_post.withdrawn"
    assert actions(scene, made)[-1] == "board_claim.lapsed"
    scene.work()
    assert len(scene.told(scene.officer, "board_post.withdrawn")) == 1
    assert scene.told(scene.founder, "board_post.withdrawn") == []
    assert len(scene.told(scene.mentor, "board_claim.lapsed")) == 1
    with pytest.raises(PostGoneError):
        claim(scene, post)


def test_a_post_taken_down_by_an_officer_is_told_to_its_founder(scene, need) -> None:
    post = opened(scene, need)
    scene.store.execute(scene.officer, board_posts.withdraw, post.id)
    scene.work()
    assert len(scene.told(scene.founder, "board_post.withdrawn")) == 1
    assert scene.told(scene.officer, "board_post.withdrawn") == []
    with pytest.raises(NotFoundError):
        scene.store.execute(scene.mentor, board_posts.withdraw, post.id)


def test_a_post_runs_out_by_itself_and_offers_made_stand(scene, need) -> None:
    post = opened(scene, need)
    claim(scene, post)
    scene.clock.put(at("09-30 23:59"))
    scene.work()
    assert posts(scene)[0].status is PostStatus.OPEN
    scene.clock.put(at("10-01 00:00"))
    scene.work()
    scene.work()
    assert posts(scene)[0].status is PostStatus.EXPIRED
    assert scene.rows(BoardClaim)[0].status is ClaimStatus.OFFERED
    assert len(scene.told(scene.founder, "board_post.expired")) == 1
    assert (
        scene.store.execute(SYSTEM, board_posts.expire, post.id).version == posts(scene)[0].version
    )


def test_a_post_whose_time_is_over_cannot_be_claimed_before_the_job_has_run(scene, need) -> None:
    post = opened(scene, need)
    scene.clock.put(at("10-01 00:00"))
    with pytest.raises(PostGoneError):
        claim(scene, post)


def test_a_need_taken_back_takes_its_post_down(scene, need) -> None:
    post = opened(scene, need)
    claim(scene, post)
    scene.store.execute(scene.founder, needs.withdraw, need.id)
    assert posts(scene)[0].status is PostStatus.WITHDRAWN
    assert scene.rows(BoardClaim)[0].status is ClaimStatus.LAPSED
    plain = a_need(scene.store, scene.founder.person_id)
    scene.store.execute(scene.founder, needs.withdraw, plain.id)
    assert len(posts(scene)) == 1
