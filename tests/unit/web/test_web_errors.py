import string
from datetime import UTC, date, datetime

import pytest

from app.domain.errors import FieldError
from app.web.shared.errors import error_text, fault_text, wording


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", sorted(wording()))
def test_both_languages_ask_for_the_same_facts(code: str) -> None:
    texts = wording()[code]
    assert set(texts) == {"zh", "en"}
    assert all(texts.values())
    assert placeholders(texts["zh"]) == placeholders(texts["en"])


def test_facts_are_written_for_people() -> None:
    facts = {"longest": 4000, "length": 12345}
    assert error_text("input.too_long", facts, "zh") == "“这一项”最多 4,000 字，现在有 12,345 字"
    assert "4,000 characters" in error_text("input.too_long", facts, "en")
    first = {"first": date(2026, 9, 18)}
    assert error_text("input.too_early", first, "zh") == "“这一项”不能早于 9月18日 周五"
    at = {"first": datetime(2026, 9, 18, 6, 0, tzinfo=UTC)}
    assert error_text("input.too_early", at, "en") == "“this field” cannot be before 18 Sep, 14:00"


def test_fault_names_the_field_by_its_label() -> None:
    fault = FieldError("find", "input.required")
    assert fault_text(fault, "主要发现", "zh") == "填写“主要发现”"
    assert fault_text(fault, "", "zh") == "填写“这一项”"


def test_unknown_code_or_missing_fact_fails_loudly() -> None:
    with pytest.raises(KeyError, match=r"no\.such"):
        error_text("no.such", {}, "zh")
    with pytest.raises(KeyError, match="longest"):
        error_text("input.too_long", {}, "zh")
