"""A written answer: its states, who gives it, and how long its words are."""

import pytest

from app.domain.errors import InvalidInputError
from app.domain.expert import ExpertCategory
from app.domain.written_answer import (
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    SHORTEST_ANSWER,
    SHORTEST_QUESTION,
    TRANSITIONS,
    IllegalStepError,
    NotOfficialError,
    WrittenAnswerEvent,
    WrittenAnswerStatus,
    ensure_answer,
    ensure_official,
    ensure_question,
    next_status,
)

LEGAL = {
    "offered": {"take": "asked", "withdraw": "withdrawn", "expire": "expired"},
    "asked": {
        "answer": "answered",
        "decline": "declined",
        "withdraw": "withdrawn",
        "expire": "expired",
    },
}


@pytest.mark.parametrize("status", WrittenAnswerStatus)
@pytest.mark.parametrize("event", WrittenAnswerEvent)
def test_only_the_steps_of_the_table_are_taken(status, event) -> None:
    wanted = LEGAL.get(status.value, {}).get(event.value)
    if wanted is not None:
        assert next_status(status, event).value == wanted
        return
    with pytest.raises(IllegalStepError) as refused:
        next_status(status, event)
    assert refused.value.facts == {"status": status.value, "event": event.value}


def test_no_step_beside_the_table_is_allowed() -> None:
    assert len(TRANSITIONS) == sum(map(len, LEGAL.values()))


@pytest.mark.parametrize("category", ExpertCategory)
def test_an_official_answers_in_writing_and_nobody_else(category: ExpertCategory) -> None:
    if category is ExpertCategory.OFFICIAL:
        ensure_official(category)
        return
    with pytest.raises(NotOfficialError):
        ensure_official(category)


@pytest.mark.parametrize(
    ("ensure", "field", "shortest", "longest"),
    [
        (ensure_question, "question", SHORTEST_QUESTION, LONGEST_QUESTION),
        (ensure_answer, "answer", SHORTEST_ANSWER, LONGEST_ANSWER),
    ],
)
def test_words_too_few_or_too_many_are_refused_and_others_trimmed(
    ensure, field: str, shortest: int, longest: int
) -> None:
    assert ensure(f"  {'问' * shortest}\r\n ") == "问" * shortest
    assert ensure(f"{'问' * shortest}\r\n答") == f"{'问' * shortest}\n答"
    assert len(ensure("答" * longest)) == longest
    for text, code in (
        ("问" * (shortest - 1), "input.too_short"),
        ("问" * (longest + 1), "input.too_long"),
        (" ", "input.required"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            ensure(text)
        assert [(error.field, error.code) for error in refused.value.errors] == [(field, code)]
