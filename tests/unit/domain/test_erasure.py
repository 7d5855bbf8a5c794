"""What is forgotten of somebody, and how long records are kept."""

from datetime import date

import pytest

from app.domain.erasure import SOMEBODY, blotted, kept_until, without_name


@pytest.mark.parametrize(
    ("day", "years", "last"),
    [
        (date(2026, 9, 18), 10, date(2036, 9, 18)),
        (date(2024, 2, 29), 10, date(2034, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2026, 12, 31), 30, date(2056, 12, 31)),
    ],
)
def test_a_record_is_kept_to_the_same_day_years_later(day, years, last) -> None:
    assert kept_until(day, years) == last


def test_words_go_and_codes_numbers_and_order_stay() -> None:
    reasons = [
        {"code": "topic", "evidence": "我想办营业执照", "score": 0.5, "more": [{"text": "面点铺"}]},
        {"code": "area", "evidence": None, "labels": ["tangye"]},
    ]
    assert blotted(reasons) == [
        {"code": "topic", "evidence": "", "score": 0.5, "more": [{"text": ""}]},
        {"code": "area", "evidence": None, "labels": ["tangye"]},
    ]
    assert blotted(None) is None


def test_a_name_is_replaced_wherever_a_text_holds_it() -> None:
    told = {"title": "钱大妈已取消", "n": 3, "who": ["钱大妈", None], "in": {"x": "约钱大妈见面"}}
    assert without_name(told, frozenset({"钱大妈", "钱大"})) == {
        "title": f"{SOMEBODY}已取消",
        "n": 3,
        "who": [SOMEBODY, None],
        "in": {"x": f"约{SOMEBODY}见面"},
    }
    assert without_name("赵大爷来了", frozenset({"钱大妈"})) == "赵大爷来了"
