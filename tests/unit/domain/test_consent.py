from datetime import date

import pytest

from app.domain.consent import ConsentKind, PaperConsent, ensure_consents
from app.domain.errors import InvalidInputError

TODAY = date(2026, 9, 16)


def a_sheet(given_on: date = TODAY, filed_at: str = "档案柜 3-12") -> PaperConsent:
    return PaperConsent(kind=ConsentKind.SIGNATURE, given_on=given_on, filed_at=filed_at)


def test_one_sheet_is_enough_and_a_sensitive_group_has_its_own() -> None:
    ensure_consents(a_sheet(), None, TODAY, is_sensitive=False)
    ensure_consents(a_sheet(), a_sheet(), TODAY, is_sensitive=True)


@pytest.mark.parametrize(
    ("service", "group", "is_sensitive", "faults"),
    [
        (a_sheet(filed_at=" "), None, False, [("filed_at", "input.required")]),
        (a_sheet(date(2026, 9, 17)), None, False, [("given_on", "consent.in_future")]),
        (a_sheet(), None, True, [("group_given_on", "consent.separate")]),
        (a_sheet(), a_sheet(), False, [("group", "consent.nothing_sensitive")]),
        (
            a_sheet(),
            a_sheet(date(2026, 9, 17), ""),
            True,
            [("group_filed_at", "input.required"), ("group_given_on", "consent.in_future")],
        ),
    ],
)
def test_a_missing_or_faulty_sheet_is_named(service, group, is_sensitive, faults) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_consents(service, group, TODAY, is_sensitive=is_sensitive)
    assert [(error.field, error.code) for error in refused.value.errors] == faults
