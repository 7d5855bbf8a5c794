from datetime import timedelta

import pytest

from app.domain.board_post import (
    FullError,
    KeptOutError,
    NoTimeError,
    OtherMeetingError,
    PostGoneError,
    PostStatus,
    TiedError,
    ensure_awaits_consent,
    ensure_offer,
    ensure_postable,
    is_on_board,
    refusal,
)
from app.domain.errors import InvalidInputError
from app.domain.expert import OutOfTermError, PausedError
from tests.moments import START

TEXT = "想开一家小店，不知道该登记个体户还是公司，想找人问问。"


def test_a_text_that_tells_nobody_is_trimmed_and_taken() -> None:
    assert ensure_postable(f"  {TEXT}\n", ["李晓"]) == TEXT


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "input.required"),
        ("想开店。", "input.too_short"),
        ("长" * 601, "input.too_long"),
        (TEXT + "\x00", "input.control_character"),
        (f"我是李晓，{TEXT}", "board_post.private"),
    ],
)
def test_a_text_is_refused_at_its_field(text: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_postable(text, ["李晓"])
    (fault,) = refused.value.errors
    assert (fault.field, fault.code) == ("text", code)


def test_a_refusal_names_the_first_pieces_alone() -> None:
    numbers = [f"1380013800{number}" for number in range(8)]
    with pytest.raises(InvalidInputError) as refused:
        ensure_postable(TEXT + "，".join(numbers), [])
    assert refused.value.facts["pieces"] == "、".join(numbers[:5])


@pytest.mark.parametrize(
    ("offer", "is_taken"), [("可以。", False), ("长" * 501, False), ("帮您看材料再一起跑。", True)]
)
def test_an_offer_has_its_bounds(offer: str, is_taken: bool) -> None:
    if is_taken:
        assert ensure_offer(f" {offer} ") == offer
        return
    with pytest.raises(InvalidInputError):
        ensure_offer(offer)


@pytest.mark.parametrize(
    ("rules", "error"),
    [
        (["mentor_paused", "conflict_of_interest"], TiedError),
        (["mentor_out_of_term", "capacity_reached"], OutOfTermError),
        (["mentor_paused"], PausedError),
        (["capacity_reached"], FullError),
        (["no_common_time", "mode_mismatch"], OtherMeetingError),
        (["language_mismatch"], OtherMeetingError),
        (["no_common_time"], NoTimeError),
        (["a_rule_of_tomorrow"], KeptOutError),
    ],
)
def test_the_gravest_rule_is_told(rules: list[str], error: type[Exception]) -> None:
    assert isinstance(refusal(rules), error)


def test_no_rule_is_no_refusal() -> None:
    assert refusal([]) is None


@pytest.mark.parametrize("status", [each for each in PostStatus if each != "awaiting_consent"])
def test_only_a_text_before_the_founder_is_answered(status: PostStatus) -> None:
    with pytest.raises(PostGoneError):
        ensure_awaits_consent(status)
    ensure_awaits_consent(PostStatus.AWAITING_CONSENT)


def test_a_post_is_on_the_board_while_it_is_open_and_its_time_runs() -> None:
    end = START + timedelta(days=1)
    assert is_on_board(PostStatus.OPEN, end, START)
    assert not is_on_board(PostStatus.OPEN, end, end)
    assert not is_on_board(PostStatus.OPEN, None, START)
    assert not is_on_board(PostStatus.EXPIRED, end, START)
