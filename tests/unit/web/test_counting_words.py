"""Every reason has plain words in each portal, in both languages."""

from typing import Any

import pytest

from app.domain.appeal import Bar
from app.domain.service_record import Column, Reason
from app.web.shared.counting_words import BARS, COLUMNS, TO_FOUNDERS, TO_MENTORS


@pytest.mark.parametrize(
    ("words", "codes"),
    [(TO_MENTORS, Reason), (TO_FOUNDERS, Reason), (COLUMNS, Column), (BARS, Bar)],
    ids=["mentors", "founders", "columns", "bars"],
)
def test_every_code_has_words(words: Any, codes: Any) -> None:
    assert set(words) == {code.value for code in codes}
