import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.calendar_entry import Method
from app.domain.mail_link import PURPOSES
from app.domain.message import EVENTS, Audience, UnknownEventError, notices
from app.domain.wording import (
    LOCALES,
    UnknownPlaceholderError,
    deadline_text,
    fill,
    shown,
    span_text,
    zone_note,
)
from tests.moments import at

TEXTS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "app" / "translations" / "messages.json").read_text("utf-8")
)
MEETING = {
    "founder": "李晓",
    "mentor": "张敏",
    "successor": "徐总",
    "reference": "TZ2026-000001",
    "month": "2026-09",
    "number": "2",
    "mode": "onsite",
    "place": "",
    "starts_at": at("09-18 14:00").isoformat(),
    "ends_at": at("09-18 15:00").isoformat(),
    "deadline": at("09-25 00:00").isoformat(),
    "times": f"{at('09-21 15:00').isoformat()} {at('09-23 14:00').isoformat()}",
    "ties_zh": "持股",
    "ties_en": "Equity",
    "cause": "leave",
    "title": "创业补贴怎么申请",
    "why": "报告厅停电",
    "period": "2026-Q3",
    "item": "3",
    "departments": "2",
    **dict.fromkeys(
        (
            "tasks",
            "needs",
            "answers",
            "meetings",
            "records",
            "disputes",
            "follow_ups",
            "tickets",
            "letters",
            "appraisals",
            "late_appraisals",
        ),
        "3",
    ),
    "digest": "ab",
    "key": "cd",
    "whose": "周明",
    "done": "1",
    "least": "2",
    "late_days": "90",
}
PAGES = {
    "booking_id": "b",
    "need_id": "n",
    "expert_id": "e",
    "session_id": "s",
    "reference": "TZ2026-000001",
    "month": "2026-09",
    "batch_id": "r",
    "post_id": "p",
    "activity_id": "a",
    "answer_id": "w",
    "follow_up_id": "f",
    "ticket_id": "t",
    "appeal_id": "p",
    "entry_id": "e",
    "file_id": "f",
    "account_id": "k",
}
WORDS = sorted(
    {words for rows in EVENTS.values() for row in rows for words in (row.words, row.passed_on)}
    - {None}  # type: ignore[operator]  # a row may have no second wording
)


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_wording_of_the_table_exists_and_asks_only_for_known_facts(words, locale) -> None:
    for part in ("title", "text"):
        filled = fill(TEXTS[words][locale][part], shown(MEETING, locale))
        assert "{" not in filled
        assert filled.strip()


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_wording_that_tells_a_time_names_its_zone_and_the_readers_own(words, locale) -> None:
    pattern = TEXTS[words][locale]["text"]
    told = set(re.findall(r"\{(when|times|deadline)\}", pattern))
    titled = set(re.findall(r"\{(when|times|deadline)\}", TEXTS[words][locale]["title"]))
    # A title that tells a time is short: its zone stands in the text below.
    assert titled <= told
    at_home = zone_note(pattern, MEETING, locale)
    abroad = zone_note(pattern, {**MEETING, "zone": "Europe/Berlin"}, locale)
    district, name = {
        "zh": ("北京时间", "柏林时间"),
        "en": ("Beijing time", "Berlin time"),
    }[locale]
    assert (district in at_home, name in at_home) == (bool(told), False)
    assert (name in abroad) == bool(told)
    own = shown(MEETING, locale, "Europe/Berlin")
    assert all(own[each] in abroad for each in told)


def test_no_wording_lies_unused() -> None:
    entries = {f"calendar_entry.{side}" for side in ("founder", "mentor", "place")}
    links = {terms.words for terms in PURPOSES.values()}
    assert TEXTS.keys() - set(WORDS) == {"letter"} | entries | links


def test_letters_that_carry_a_link_are_written() -> None:
    carrying = [words for terms in PURPOSES.values() for words in terms.carried_by]
    assert set(carrying) <= set(WORDS)
    assert len(carrying) == len(set(carrying))
    by_mail = {notice.words for told in EVENTS.values() for notice in told if notice.by_mail}
    assert set(carrying) <= by_mail


@pytest.mark.parametrize("words", WORDS)
def test_both_languages_name_the_same_people_and_deadlines(words) -> None:
    names = {
        locale: set(re.findall(r"\{(\w+)\}", TEXTS[words][locale]["text"])) for locale in LOCALES
    }
    assert names["zh"] == names["en"]


@pytest.mark.parametrize("words", WORDS)
def test_chinese_wordings_are_polite_and_without_alarm(words) -> None:
    text = TEXTS[words]["zh"]["title"] + TEXTS[words]["zh"]["text"]
    assert "你" not in text.replace("您", "")
    assert not re.search("[!！]|用户|立即|务必|警告", text)


@pytest.mark.parametrize(("event", "rows"), EVENTS.items())
def test_every_page_pattern_can_be_filled(event, rows) -> None:
    for row in rows:
        assert fill(row.href, PAGES).startswith("/")


def test_a_value_that_looks_like_a_pattern_stays_text() -> None:
    assert fill("{a}", {"a": "{b}", "b": "x"}) == "{b}"
    assert fill("{a}", {"a": "{a.__class__}"}) == "{a.__class__}"


@pytest.mark.parametrize("pattern", ["{missing}", "{mentor} {missing}"])
def test_a_pattern_asking_for_what_is_not_known_is_refused(pattern) -> None:
    with pytest.raises(UnknownPlaceholderError):
        fill(pattern, {"mentor": "x"})


def test_attribute_access_in_a_pattern_is_never_followed() -> None:
    assert fill("{a.__class__}{a[0]}", {"a": "x"}) == "{a.__class__}{a[0]}"


def test_an_event_nobody_declared_is_refused() -> None:
    with pytest.raises(UnknownEventError):
        notices("booking.forgotten", {})


@pytest.mark.parametrize(
    ("by", "told"),
    [
        ("founder", {"by_founder", "mentor"}),
        ("mentor", {"by_mentor", "founder"}),
        ("bureau", {"founder", "mentor"}),
        (None, {"founder", "mentor"}),
    ],
)
def test_who_cancelled_is_told_for_his_calendar_in_words_of_his_own(by, told) -> None:
    every = notices("booking.cancelled", {"by": by})
    rows = [row for row in every if row.to is not Audience.COMPANIONS]
    assert len(every) == len(rows) + 1
    assert {row.words.removeprefix("booking.cancelled.") for row in rows} == told
    assert {row.calendar for row in rows} == {Method.CANCEL}


@pytest.mark.parametrize(
    ("instant", "chinese", "english"),
    [
        ("09-18 10:00", "9月18日（周五）10:00", "Fri 18 Sep 10:00"),
        ("09-25 00:00", "9月24日（周四）24:00", "Thu 24 Sep 24:00"),
        ("10-01 00:00", "9月30日（周三）24:00", "Wed 30 Sep 24:00"),
    ],
)
def test_a_deadline_at_midnight_is_told_as_the_end_of_its_day(instant, chinese, english) -> None:
    assert deadline_text(at(instant), "zh") == chinese
    assert deadline_text(at(instant), "en") == english


def test_a_span_is_told_in_local_time() -> None:
    start = at("09-18 00:30")
    assert span_text(start, start + timedelta(hours=1), "zh") == "9月18日（周五）00:30–01:30"


@pytest.mark.parametrize(
    ("place", "mode", "where"),
    [("三楼会议室", "onsite", "三楼会议室"), ("", "phone", "电话"), ("", "online", "线上")],
)
def test_where_is_the_place_or_else_the_way(place, mode, where) -> None:
    assert shown({"mode": mode, "place": place}, "zh")["where"] == where


@pytest.mark.parametrize(
    ("days", "chinese", "english"),
    [("60", "在服务之日起 60 天内", "within 60 days of the service"), ("", "以后", "later")],
)
def test_the_days_left_to_confirm_are_told_or_that_there_is_no_end(days, chinese, english) -> None:
    assert shown({"late_days": days}, "zh")["window"] == chinese
    assert shown({"late_days": days}, "en")["window"] == english


def test_facts_that_are_not_there_are_not_shown() -> None:
    assert shown({"deadline": None, "mentor": "张敏"}, "zh") == {"mentor": "张敏"}
