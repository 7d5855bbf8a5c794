"""Rules of a diagnosis, one by one."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.domain.diagnosis import (
    Answer,
    DiagnosisEvent,
    DiagnosisStatus,
    Dissent,
    FindingOwner,
    FindingText,
    IllegalStepError,
    MaterialEvent,
    MaterialStatus,
    NoteKind,
    NoteText,
    Priority,
    ensure_answer,
    ensure_dissents,
    ensure_finding,
    ensure_note,
    ensure_presentation,
    ensure_wanted,
    ensure_word,
    is_complete,
    moved,
    next_material_status,
    next_status,
    report_digest,
)
from app.domain.diagnosis.material import TRANSITIONS as MATERIAL_STEPS
from app.domain.diagnosis.status import TRANSITIONS
from app.domain.errors import InvalidInputError
from tests.moments import at

TODAY = date(2026, 9, 18)
FINDING = FindingText(
    problem=" 收费 ",
    cause="没有算成本",
    effect="亏损",
    recommendation="按年收费",
    priority=Priority.LOW,
    owner=FindingOwner.BUREAU,
    due_on=TODAY,
)


def fields(error: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return [each.field for each in error.value.errors]


@pytest.mark.parametrize("event", DiagnosisEvent)
@pytest.mark.parametrize("status", DiagnosisStatus)
def test_a_diagnosis_takes_its_legal_steps_and_no_other(status, event) -> None:
    if (status, event) in TRANSITIONS:
        assert next_status(status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(IllegalStepError):
            next_status(status, event)


@pytest.mark.parametrize("event", MaterialEvent)
@pytest.mark.parametrize("status", MaterialStatus)
def test_a_line_of_the_data_list_takes_its_legal_steps_and_no_other(status, event) -> None:
    if (status, event) in MATERIAL_STEPS:
        assert next_material_status(status, event) is MATERIAL_STEPS[status, event]
    else:
        with pytest.raises(IllegalStepError):
            next_material_status(status, event)


def test_a_version_can_be_replaced_whenever_one_stands() -> None:
    legal = {status for status, event in TRANSITIONS if event is DiagnosisEvent.REVISE}
    assert legal == set(DiagnosisStatus) - {DiagnosisStatus.DRAFTING}


def test_what_is_wanted_is_said_and_due_today_or_later() -> None:
    assert ensure_wanted(" 报表 ", TODAY, TODAY) == "报表"
    with pytest.raises(InvalidInputError) as refused:
        ensure_wanted(" ", TODAY - timedelta(days=1), TODAY)
    assert fields(refused) == ["text", "due_on"]


def test_what_is_not_there_says_why_and_what_was_received_need_not() -> None:
    lack = Answer(event=MaterialEvent.LACK, reason=" 没有 ", remark=" 无 ")
    assert ensure_answer(lack) == Answer(event=MaterialEvent.LACK, reason="没有", remark="无")
    received = Answer(event=MaterialEvent.RECEIVE, reason="多余的")
    assert ensure_answer(received).reason == ""
    wrong = Answer(event=MaterialEvent.LACK, remark="长" * 301)
    with pytest.raises(InvalidInputError) as refused:
        ensure_answer(wrong)
    assert fields(refused) == ["reason", "remark"]
    with pytest.raises(InvalidInputError) as refused:
        ensure_answer(Answer(event=MaterialEvent.WITHDRAW))
    assert fields(refused) == ["status"]


def test_a_note_has_people_and_words_and_is_not_of_tomorrow() -> None:
    note = NoteText(kind=NoteKind.SURVEY, held_on=TODAY, people=" 王强 ", text=" 看了账 ")
    assert ensure_note(note, TODAY) == replace(note, people="王强", text="看了账")
    wrong = replace(note, held_on=TODAY + timedelta(days=1), people="", text="")
    with pytest.raises(InvalidInputError) as refused:
        ensure_note(wrong, TODAY)
    assert fields(refused) == ["people", "text", "held_on"]


def test_a_finding_has_all_its_parts() -> None:
    assert ensure_finding(FINDING, TODAY) == replace(FINDING, problem="收费")
    wrong = replace(FINDING, problem="", cause=" ", effect="", recommendation="长" * 1001)
    with pytest.raises(InvalidInputError) as refused:
        ensure_finding(wrong, TODAY + timedelta(days=1))
    assert fields(refused) == ["problem", "cause", "effect", "recommendation", "due_on"]


@pytest.mark.parametrize(
    ("key", "place", "order"),
    [("a", 1, "abc"), ("a", 2, "bac"), ("a", 9, "bca"), ("c", 0, "cab"), ("b", 2, "abc")],
)
def test_a_finding_goes_where_it_is_put(key: str, place: int, order: str) -> None:
    assert "".join(moved("abc", key, place)) == order


def test_a_report_is_complete_with_the_last_signature_and_never_without_signers() -> None:
    one, other = uuid4(), uuid4()
    assert is_complete([one, other], [other, one, uuid4()])
    assert not is_complete([one, other], [one])
    assert not is_complete([], [one])


def test_a_dissent_is_on_a_finding_that_there_is_once_and_with_words() -> None:
    kept = ensure_dissents([Dissent(2, " 贵 "), Dissent(1, "早")], 2)
    assert kept == (Dissent(1, "早"), Dissent(2, "贵"))
    assert ensure_dissents([], 1) == ()
    for wrong in ([Dissent(3, "无")], [Dissent(0, "无")], [Dissent(1, "一"), Dissent(1, "二")]):
        with pytest.raises(InvalidInputError) as refused:
            ensure_dissents(wrong, 2)
        assert fields(refused) == ["dissents"]
    with pytest.raises(InvalidInputError) as refused:
        ensure_dissents([Dissent(2, " ")], 2)
    assert fields(refused) == ["dissent_2"]


def test_the_hash_of_a_report_is_over_all_it_says() -> None:
    body = {"number": 1, "findings": [{"problem": "收费"}]}
    assert report_digest(body) == report_digest(dict(reversed(body.items())))
    assert report_digest(body) != report_digest({**body, "findings": [{"problem": "收 费"}]})


def test_a_presentation_follows_the_signatures_within_half_a_year() -> None:
    now, signed = at("09-18 16:00"), at("09-18 15:00")
    assert ensure_presentation(signed, " 王强 ", signed, now) == "王强"
    with pytest.raises(InvalidInputError) as refused:
        ensure_presentation(signed - timedelta(minutes=1), "", signed, now)
    assert fields(refused) == ["audience", "presented_at"]
    with pytest.raises(InvalidInputError) as refused:
        ensure_presentation(now + timedelta(days=181), "王强", signed, now)
    assert fields(refused) == ["presented_at"]


def test_an_objection_has_words_and_understanding_needs_none() -> None:
    assert ensure_word("不用写", understood=True) is None
    assert ensure_word(" 不合实际 ", understood=False) == "不合实际"
    with pytest.raises(InvalidInputError):
        ensure_word(" ", understood=False)
