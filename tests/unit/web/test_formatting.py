from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from app.web.shared import formatting

NOW = datetime(2026, 9, 16, 2, 0, tzinfo=UTC)


def beijing(day: int, hour: int, minute: int = 0, month: int = 9) -> datetime:
    zone = timezone(timedelta(hours=8))
    return datetime(2026, month, day, hour, minute, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "zh", "en"),
    [
        (
            beijing(18, 14),
            beijing(18, 15, 30),
            "9月18日 周五 14:00–15:30",
            "Fri 18 Sep, 14:00–15:30",
        ),
        (
            beijing(18, 22),
            beijing(19, 0),
            "9月18日 周五 22:00–24:00",
            "Fri 18 Sep, 22:00–24:00",
        ),
        (
            beijing(18, 23),
            beijing(19, 0, 30),
            "9月18日 周五 23:00 至 9月19日 周六 00:30",
            "Fri 18 Sep, 23:00 to Sat 19 Sep, 00:30",
        ),
    ],
)
def test_span_names_the_weekday_and_counts_to_24(
    starts_at: datetime, ends_at: datetime, zh: str, en: str
) -> None:
    assert formatting.span(starts_at, ends_at) == zh
    assert formatting.span(starts_at, ends_at, "en") == en


def test_day_of_an_instant_is_the_one_in_beijing() -> None:
    assert formatting.day(datetime(2026, 9, 17, 16, 0, tzinfo=UTC)) == "9月18日 周五"
    assert formatting.day(datetime(2026, 9, 17, 15, 59, tzinfo=UTC)) == "9月17日 周四"


def test_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        formatting.local(datetime(2026, 9, 18, 14, 0))  # noqa: DTZ001 a naive one is the case


def test_year_is_written_only_when_it_is_another() -> None:
    today = date(2026, 9, 16)
    assert formatting.day(date(2027, 1, 5), "zh", today) == "2027年1月5日 周二"
    assert formatting.day(date(2027, 1, 5), "en", today) == "Tue 5 Jan 2027"
    assert formatting.day(date(2026, 9, 18), "zh", today) == "9月18日 周五"
    assert formatting.moment(beijing(18, 18), "zh", date(2025, 1, 1)) == "2026年9月18日 18:00"
    assert formatting.moment(beijing(18, 18), "en", date(2025, 1, 1)) == "18 Sep 2026, 18:00"


def test_moment_has_no_weekday() -> None:
    assert formatting.moment(beijing(18, 18)) == "9月18日 18:00"
    assert formatting.moment(beijing(18, 18), "en") == "18 Sep, 18:00"


def test_month_is_written_with_its_year() -> None:
    assert formatting.month(date(2026, 8, 1)) == "2026年8月"
    assert formatting.month(date(2026, 8, 1), "en") == "Aug 2026"


@pytest.mark.parametrize(
    ("instant", "zh", "en"),
    [
        (beijing(15, 23, 59), "昨天晚上", "yesterday, evening"),
        (beijing(16, 0), "今天上午", "today, morning"),
        (beijing(17, 11, 59), "明天上午", "tomorrow, morning"),
        (beijing(18, 12), "后天下午", "in 2 days, afternoon"),
        (beijing(18, 18), "后天晚上", "in 2 days, evening"),
        (beijing(19, 9), "", ""),
        (beijing(14, 9), "", ""),
    ],
)
def test_near_day_has_a_word_and_a_part_of_day(instant: datetime, zh: str, en: str) -> None:
    assert formatting.near(instant, NOW) == zh
    assert formatting.near(instant, NOW, "en") == en


@pytest.mark.parametrize(
    ("left", "zh", "en"),
    [
        (timedelta(days=2, hours=1), "还剩 2 天", "2 days left"),
        (timedelta(hours=23, minutes=59), "还剩 23 小时", "23 hours left"),
        (timedelta(hours=1), "还剩 1 小时", "1 hour left"),
        (timedelta(minutes=9, seconds=59), "还剩 9 分钟", "9 minutes left"),
        (timedelta(seconds=59), "不到 1 分钟", "under a minute left"),
        (timedelta(0), "已到期", "past due"),
        (timedelta(days=-1), "已到期", "past due"),
    ],
)
def test_time_left_is_rounded_down(left: timedelta, zh: str, en: str) -> None:
    assert formatting.time_left(NOW + left, NOW) == zh
    assert formatting.time_left(NOW + left, NOW, "en") == en


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (timedelta(seconds=59), "不到 1 分钟", "less than 1 min"),
        (timedelta(minutes=59, seconds=59), "59 分钟", "59 min"),
        (timedelta(hours=2), "2 小时", "2 h"),
        (timedelta(hours=2, minutes=5), "2 小时 5 分钟", "2 h 5 min"),
        (timedelta(days=3, minutes=59), "3 天", "3 d"),
        (timedelta(days=3, hours=1, minutes=59), "3 天 1 小时", "3 d 1 h"),
    ],
)
def test_a_length_has_two_units_at_most(length: timedelta, zh: str, en: str) -> None:
    assert formatting.lasting(length) == zh
    assert formatting.lasting(length, "en") == en


def test_seconds_left_never_fall_below_zero() -> None:
    assert formatting.seconds_left(NOW + timedelta(seconds=540), NOW) == 540
    assert formatting.seconds_left(NOW - timedelta(seconds=1), NOW) == 0


@pytest.mark.parametrize(
    ("length_minutes", "zh", "en"),
    [
        (0, "0 小时", "0 hours"),
        (60, "1 小时", "1 hour"),
        (90, "1.5 小时", "1.5 hours"),
        (95, "1.6 小时", "1.6 hours"),
        (99_000, "1,650 小时", "1,650 hours"),
        (3, "0.1 小时", "0.1 hours"),
    ],
)
def test_hours_are_rounded_half_up_to_one_decimal(length_minutes: int, zh: str, en: str) -> None:
    assert formatting.hours(length_minutes) == zh
    assert formatting.hours(length_minutes, "en") == en


def test_numbers_have_commas_and_units() -> None:
    assert formatting.thousands(1652) == "1,652"
    assert formatting.minutes(90) == "90 分钟"
    assert formatting.minutes(1, "en") == "1 minute"
    assert formatting.minutes(1200, "en") == "1,200 minutes"


@pytest.mark.parametrize(
    ("part", "base", "text"),
    [(3, 4, "—"), (0, 0, "—"), (2, 5, "40%"), (221, 273, "81%"), (1, 8, "13%"), (5, 5, "100%")],
)
def test_percentage_of_fewer_than_five_is_not_shown(part: int, base: int, text: str) -> None:
    assert formatting.percent(part, base) == text


def test_tile_shows_the_first_character() -> None:
    assert formatting.initial(" 林知远") == "林"
    assert formatting.initial("ada") == "A"


@dataclass(frozen=True)
class Slot:
    starts_at: datetime


def test_times_are_grouped_by_part_of_day_in_order() -> None:
    late, early, noon = Slot(beijing(18, 19)), Slot(beijing(18, 9, 30)), Slot(beijing(18, 12))
    assert formatting.by_part_of_day([late, noon, early]) == [
        ("上午", [early]),
        ("下午", [noon]),
        ("晚上", [late]),
    ]
    assert formatting.by_part_of_day([late], "en") == [("evening", [late])]


@pytest.mark.parametrize(
    ("text", "phrases", "pieces"),
    [
        ("您问到专利归属", "专利", [("您问到", False), ("专利", True), ("归属", False)]),
        ("专利和专利", ["专利"], [("专利", True), ("和", False), ("专利", True)]),
        ("专利归属", ["专利", "专利归属"], [("专利归属", True)]),
        ("没有", ["专利", ""], [("没有", False)]),
        ("", "专利", []),
    ],
)
def test_marked_text_is_cut_at_the_phrases(
    text: str, phrases: str | list[str], pieces: list[tuple[str, bool]]
) -> None:
    assert formatting.marked(text, phrases) == pieces
    assert "".join(piece for piece, _ in pieces) == text


@pytest.mark.parametrize(
    ("first", "last", "zh", "en"),
    [
        (date(2026, 9, 14), date(2026, 9, 20), "9月14日–20日", "14–20 Sep"),
        (date(2026, 9, 28), date(2026, 10, 4), "9月28日–10月4日", "28 Sep–4 Oct"),
        (date(2026, 12, 28), date(2027, 1, 3), "2026年12月28日–1月3日", "28 Dec–3 Jan 2027"),
    ],
)
def test_some_days_in_a_row_name_their_month_once(
    first: date, last: date, zh: str, en: str
) -> None:
    today = date(2026, 9, 16)
    assert formatting.day_range(first, last, "zh", today) == zh
    assert formatting.day_range(first, last, "en", today) == en
