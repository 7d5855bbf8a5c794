"""What is worth a look is found, and what is ordinary is not."""

from datetime import date, datetime, timedelta
from itertools import combinations

import pytest

from app.domain.signal import (
    Alike,
    Confirmed,
    Found,
    Hand,
    Kind,
    NoSignalPolicyError,
    Served,
    SignalPolicy,
    Written,
    certified_share,
    comparable,
    daily_pairs,
    late_filed,
    long_days,
    overlapping,
    policy_on,
    same_texts,
    shared_devices,
)
from app.domain.signal.policy import InvalidSignalPolicyError
from app.services.proposals import close_pairs
from tests.moments import at

RULES = {
    "look_back_months": 3,
    "overlap_minutes": 5,
    "day_minutes": 480,
    "pair_days": 4,
    "pair_window_days": 7,
    "late_days": 14,
    "text_similarity": 0.8,
    "text_shared": 0.7,
    "text_letters": 40,
    "certified_percent": 10,
    "certified_fewest": 3,
    "device_accounts": 3,
}
POLICY = SignalPolicy.of(date(2025, 1, 1), RULES)


def served(key: str, start: str, minutes: int = 60, **values) -> Served:
    starts_at = at(start)
    told = {"expert_id": "e", "founders": frozenset({"f"}), **values}
    return Served(key, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), **told)


def keys(found: list[Found]) -> list[tuple[str, ...]]:
    return [each.session_ids for each in found]


def test_thresholds_are_dated_and_every_one_has_to_be_there() -> None:
    later = SignalPolicy.of(date(2026, 7, 1), {**RULES, "late_days": 7})
    assert policy_on([POLICY, later], date(2026, 6, 30)).late_days == 14
    assert policy_on([POLICY, later], date(2026, 7, 1)).late_days == 7
    with pytest.raises(NoSignalPolicyError):
        policy_on([later], date(2026, 6, 30))
    for wrong in ({}, {**RULES, "late_days": "14"}, {**RULES, "late_days": -1}):
        with pytest.raises(InvalidSignalPolicyError):
            SignalPolicy.of(date(2026, 1, 1), wrong)


@pytest.mark.parametrize(("second", "expected"), [("10:56", []), ("10:55", [("a", "b")])])
def test_meetings_of_one_expert_that_overlap_by_some_minutes_are_told(second, expected) -> None:
    rows = [served("a", "09-17 10:00"), served("b", f"09-17 {second}"), served("c", "09-17 12:00")]
    assert keys(list(overlapping(rows, POLICY))) == expected
    apart = [served("a", "09-17 10:00"), served("b", "09-17 10:00", expert_id="other")]
    assert list(overlapping(apart, POLICY)) == []


def test_a_long_meeting_overlaps_with_each_short_one_inside() -> None:
    rows = [served("a", "09-17 09:00", 300), served("b", "09-17 10:00"), served("c", "09-17 12:00")]
    (found,) = overlapping(rows, POLICY)
    assert (found.session_ids, found.facts["minutes"]) == (("a", "b", "c"), 60)


def test_a_day_is_long_beyond_its_limit_alone() -> None:
    rows = [served("a", "09-17 08:00", 300), served("b", "09-17 14:00", 180)]
    assert list(long_days(rows, POLICY)) == []
    (found,) = long_days([*rows, served("c", "09-17 18:00", 1)], POLICY)
    assert (found.session_ids, found.facts["minutes"]) == (("a", "b", "c"), 481)


@pytest.mark.parametrize(
    ("days", "expected"), [((1, 2, 3), 0), ((1, 3, 5, 7), 4), ((1, 3, 5, 8), 0), ((1, 1, 2, 3), 0)]
)
def test_one_pair_is_told_for_many_days_close_together(days, expected) -> None:
    rows = [served(str(n), f"09-{day:02} {9 + n}:00") for n, day in enumerate(days)]
    found = list(daily_pairs(rows, POLICY))
    assert sum(len(each.session_ids) for each in found) == expected


def test_a_pair_over_the_end_of_a_month_is_told_in_both() -> None:
    rows = [
        served(str(n), f"{day} 10:00") for n, day in enumerate(["09-29", "09-30", "10-01", "10-02"])
    ]
    assert [each.month for each in daily_pairs(rows, POLICY)] == ["2026-09", "2026-10"]


def test_late_records_are_gathered_by_expert_and_month() -> None:
    rows = [
        served("a", "09-01 10:00", filed_at=at("09-15 23:00")),
        served("b", "09-01 12:00", filed_at=at("09-16 00:10")),
        served("c", "09-02 10:00", filed_at=at("10-20 10:00")),
        served("d", "09-03 10:00"),
    ]
    (found,) = late_filed(rows, POLICY)
    assert found.session_ids == ("b", "c")
    assert found.facts == {"records": 2, "days": 48}


@pytest.mark.parametrize(("certified", "of", "told"), [(2, 4, 0), (3, 30, 0), (3, 29, 1)])
def test_a_share_is_told_above_a_tenth_and_not_for_a_few(certified, of, told) -> None:
    rows = [Confirmed(str(n), date(2026, 9, 1 + n % 28), n < certified) for n in range(of)]
    found = list(certified_share(rows, POLICY))
    assert len(found) == told
    assert not told or len(found[0].session_ids) == certified


def test_a_device_is_told_when_several_mentors_used_it() -> None:
    hands = [Hand(str(n), f"account {n % 2}", "d" * 64, date(2026, 9, 1)) for n in range(6)]
    assert list(shared_devices(hands, POLICY)) == []
    more = Hand("9", "account 3", "d" * 64, date(2026, 9, 2))
    (found,) = shared_devices([*hands, more], POLICY)
    assert found.facts == {"writers": 3, "records": 7}


SHORT = (
    "怎么办营业执照？先核名，再到大厅一窗办理。",
    "社保怎么开户？带执照和公章到窗口办理。",
    "创业担保贷款怎么申请？先到社区登记，再交申请表。",
    "想问场地补贴。符合条件，按季度申请。",
    "小规模纳税人怎么报税？按季申报，网上办理。",
    "雇人要签合同吗？要，一个月内签。",
)
TOPICS = ("餐饮", "电商", "直播", "家政", "文创", "软件", "养殖", "烘焙", "托管", "物流")
FACTS = (
    "房租占营业额三成，建议先谈分期再看客流是否撑得住",
    "退货率偏高，先把尺码说明和验货视频补上再投流量",
    "账期拖到九十天，和大客户改成预付三成、到货结清",
    "两位合伙人各占一半，先写清楚谁拍板和怎么退出",
    "旺季人手不够，提前和职校签短期实习并买好意外险",
    "商标没有注册，先查近似再按两个类别一起申请",
    "食品许可要看布局图，先改流线再预约现场核查",
    "供应商只有一家，本月内谈好第二家并各试一批",
    "现金只够两个月，先停扩店、催应收、谈展期",
    "公众号阅读下降，改成每周一篇案例并留咨询入口",
)


def ordinary() -> list[Written]:
    """Short answers everybody gives, and longer ones that begin and end in the same phrases."""
    texts = [SHORT[n % len(SHORT)] for n in range(200)]
    for n, (fact, other) in enumerate(combinations(FACTS, 2)):
        topic = TOPICS[n % len(TOPICS)]
        texts.append(
            f"创业者咨询{topic}项目目前遇到的主要困难和下一步打算。\n"
            f"已了解基本情况。{fact}；另外，{other}。如有问题可以再次预约。"
        )
    return [
        Written(f"{n:04}", f"e{n % 40}", date(2026, 9, 1 + n % 28), text)
        for n, text in enumerate(texts)
    ]


def copied(rows: list[Written], count: int) -> list[Written]:
    """Copies of long ones under other names, some with a word changed."""
    long = [row for row in rows if len(row.text) > 60]
    copies = []
    for n, row in enumerate(long[:: len(long) // count][:count]):
        text = row.text if n % 2 else row.text.replace("项目", "小店", 1)
        copies.append(Written(f"c{n:03}", f"x{n}", date(2026, 10, 1 + n % 28), text))
    return copies


def found_in(rows: list[Written]) -> list[Found]:
    written = comparable(rows, POLICY)
    close = close_pairs([each.text for each in written], POLICY.text_similarity)
    return list(same_texts(written, [Alike(*pair) for pair in close], POLICY))


def test_ordinary_records_are_not_told_and_every_copy_is() -> None:
    rows = ordinary()
    assert found_in(rows) == []

    copies = copied(rows, 20)
    found = found_in([*rows, *copies])
    assert {each.expert_id for each in found} == {each.expert_id for each in copies}
    assert all(each.kind is Kind.SAME_TEXT and len(each.session_ids) == 2 for each in found)


def test_parts_of_one_service_may_say_the_same() -> None:
    text = ordinary()[-1].text
    parts = [Written(key, "e", date(2026, 9, 1), text, "e:f:2026-09-01") for key in "ab"]
    assert found_in(parts) == []
    assert len(found_in([parts[0], Written("c", "e", date(2026, 9, 2), text, "other")])) == 1


def test_many_copies_by_one_expert_are_one_signal() -> None:
    text = ordinary()[-1].text
    rows = [Written(f"{n:02}", "e", date(2026, 9, 1 + n), text) for n in range(12)]
    (found,) = found_in(rows)
    assert found.facts == {"records": 11, "writers": 1}
    assert len(found.session_ids) == 12


def test_one_text_or_none_is_like_no_other() -> None:
    assert list(close_pairs([], 0.8)) == list(close_pairs(["只有一条"], 0.8)) == []


def test_moments_are_of_the_district() -> None:
    row = Served(
        "a",
        "e",
        datetime.fromisoformat("2026-09-30T16:30+00:00"),
        datetime.fromisoformat("2026-09-30T17:30+00:00"),
        frozenset(),
    )
    assert (row.day, row.minutes) == (date(2026, 10, 1), 60)
