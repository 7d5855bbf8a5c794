import pytest

from app.domain.errors import InvalidInputError
from app.domain.need import (
    EDITABLE,
    LONGEST_TEXT,
    OPEN,
    NeedClosedError,
    NeedInServiceError,
    NeedStatus,
    Topic,
    TopicState,
    ensure_complete,
    ensure_editable,
    ensure_open,
    ensure_readable,
    settle_topics,
    suggested_service,
)

FOUND = (
    Topic("ip", "clear", "想申请专利"),
    Topic("equity_financing", "clear", "投资人想进来"),
    Topic("agritech", "maybe", "大棚"),
)


def states(topics: tuple[Topic, ...]) -> list[tuple[str, str]]:
    return [(topic.code, topic.state.value) for topic in topics]


def test_what_was_found_stands_when_nobody_says_otherwise() -> None:
    assert settle_topics(FOUND, (), ()) == FOUND


def test_a_struck_topic_stays_on_record_as_struck() -> None:
    topics = settle_topics(FOUND, {"equity_financing"}, ())
    assert states(topics) == [
        ("ip", "found"),
        ("agritech", "found"),
        ("equity_financing", "struck"),
    ]
    assert topics[2].evidence == "投资人想进来"
    assert [topic.code for topic in topics if topic.is_asked] == ["ip", "agritech"]


def test_an_added_topic_stands_first_and_displaces_the_least_sure() -> None:
    topics = settle_topics(FOUND, (), ["marketing"])
    assert states(topics) == [
        ("marketing", "added"),
        ("ip", "found"),
        ("equity_financing", "found"),
    ]


def test_an_added_topic_that_was_found_keeps_its_evidence() -> None:
    topics = settle_topics(FOUND, (), ["agritech"])
    assert topics[0] == FOUND[2]
    assert len(topics) == 3


def test_who_adds_what_he_struck_wants_it() -> None:
    topics = settle_topics(FOUND, {"ip"}, ["ip"])
    assert topics[0].state is TopicState.FOUND


def test_a_topic_struck_that_was_never_found_leaves_no_trace() -> None:
    assert settle_topics(FOUND[:1], {"marketing"}, ()) == FOUND[:1]


def test_a_topic_added_twice_counts_once() -> None:
    assert len(settle_topics((), (), ["ip", "ip", "marketing", "permits"])) == 3


def test_more_than_three_added_topics_are_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        settle_topics((), (), ["ip", "marketing", "permits", "finance_tax"])
    assert [(each.field, each.code) for each in refused.value.errors] == [
        ("topics", "need.too_many_topics")
    ]


@pytest.mark.parametrize("status", list(NeedStatus))
def test_only_drafts_and_submitted_needs_can_be_changed(status: NeedStatus) -> None:
    if status in EDITABLE:
        ensure_editable(status)
        return
    with pytest.raises(NeedInServiceError if status in OPEN else NeedClosedError):
        ensure_editable(status)


@pytest.mark.parametrize("status", list(NeedStatus))
def test_bookings_need_a_need_that_is_open(status: NeedStatus) -> None:
    if status in OPEN:
        ensure_open(status)
        return
    with pytest.raises(NeedClosedError):
        ensure_open(status)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "need.too_short"),
        (" 想 办 执 照 ", "need.too_short"),
        ("想" * (LONGEST_TEXT + 1), "need.too_long"),
        ("我想办营业执照\x00不知道怎么办", "input.control_character"),
    ],
)
def test_a_text_that_cannot_be_understood_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_complete(text)
    assert [(each.field, each.code) for each in refused.value.errors] == [("text", code)]


@pytest.mark.parametrize("text", ["想" * 10, "想" * LONGEST_TEXT, " " + "想" * LONGEST_TEXT + "\n"])
def test_a_text_between_the_bounds_is_taken(text: str) -> None:
    ensure_complete(text)


def test_a_draft_may_be_short_but_must_be_readable() -> None:
    ensure_readable("")
    with pytest.raises(InvalidInputError):
        ensure_readable("\x07")


@pytest.mark.parametrize(
    ("topics", "service"),
    [(0, "consultation"), (1, "consultation"), (2, "diagnosis"), (3, "diagnosis")],
)
def test_several_topics_ask_for_a_diagnosis(topics: int, service: str) -> None:
    assert suggested_service(topics) == service
