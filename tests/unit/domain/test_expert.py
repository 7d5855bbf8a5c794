from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.errors import InvalidInputError
from app.domain.expert import (
    AppointmentBackDatedError,
    AppointmentKind,
    ExtensionTooLateError,
    Term,
    carrying,
    default_term,
    ensure_appointment,
    ensure_extension,
    in_term,
    reminder_due,
    takes_new,
    unbroken,
)

FIRST = Term(date(2023, 7, 1), date(2026, 6, 30), date(2023, 6, 20))
LONGEST = timedelta(days=30)
SECOND = Term(date(2026, 7, 1), date(2029, 6, 30), date(2026, 6, 20))
EXTENSION = Term(date(2029, 7, 1), date(2029, 7, 30), date(2029, 6, 20), AppointmentKind.EXTENSION)
APART = Term(date(2030, 1, 1), date(2030, 12, 31), date(2029, 12, 1))
TODAY = date(2026, 9, 16)


@pytest.mark.parametrize(
    ("day", "covered"),
    [
        (date(2023, 6, 30), False),
        (date(2023, 7, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_a_term_holds_from_its_first_day_to_its_last(day: date, covered: bool) -> None:
    assert FIRST.covers(day) is covered
    assert in_term([FIRST], day) is covered


@pytest.mark.parametrize("day", [date(2024, 1, 1), TODAY, date(2029, 7, 15)])
def test_adjoining_terms_are_one_unbroken_term(day: date) -> None:
    found = unbroken([EXTENSION, APART, SECOND, FIRST], day)
    assert found is not None
    assert (found.starts_on, found.ends_on) == (FIRST.starts_on, EXTENSION.ends_on)


def test_a_term_of_its_own_stays_alone() -> None:
    assert unbroken([FIRST, APART], date(2030, 6, 1)) == APART
    assert unbroken([FIRST, APART], date(2024, 6, 1)) == FIRST


@pytest.mark.parametrize("terms", [[], [FIRST, APART]])
def test_between_terms_there_is_none(terms: list[Term]) -> None:
    assert unbroken(terms, date(2029, 12, 31)) is None


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (TODAY, date(2026, 9, 1), date(2029, 8, 31)),
        (date(2026, 1, 31), date(2026, 1, 1), date(2028, 12, 31)),
        (date(2026, 12, 1), date(2026, 12, 1), date(2029, 11, 30)),
        (date(2025, 3, 9), date(2025, 3, 1), date(2028, 2, 29)),
    ],
)
def test_the_usual_term_is_36_whole_months(today: date, first: date, last: date) -> None:
    assert default_term(today) == Term(first, last, today)


def test_an_appointment_is_approved_today() -> None:
    assert ensure_appointment(TODAY, date(2029, 9, 15), TODAY).approved_on == TODAY


def test_an_appointment_cannot_cover_days_that_have_passed() -> None:
    with pytest.raises(AppointmentBackDatedError):
        ensure_appointment(date(2026, 9, 15), date(2029, 9, 15), TODAY)


def test_an_appointment_cannot_end_before_it_begins() -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_appointment(TODAY, date(2026, 9, 15), TODAY)
    assert refused.value.errors[0].field == "ends_on"


@pytest.mark.parametrize(
    ("approved_on", "until", "fits"),
    [
        (date(2026, 6, 30), date(2026, 7, 30), True),
        (date(2026, 6, 30), date(2026, 7, 31), False),
        (date(2026, 7, 1), date(2026, 7, 10), False),
        (date(2026, 6, 1), date(2026, 6, 30), False),
        (date(2026, 6, 1), date(2026, 7, 1), True),
    ],
)
def test_an_extension_is_approved_in_time_and_lasts_30_days(approved_on, until, fits) -> None:
    if fits:
        term = ensure_extension([FIRST], approved_on, until, LONGEST)
        assert (term.starts_on, term.ends_on, term.kind) == (
            date(2026, 7, 1),
            until,
            AppointmentKind.EXTENSION,
        )
        return
    with pytest.raises(ExtensionTooLateError):
        ensure_extension([FIRST], approved_on, until, LONGEST)


def test_a_term_extended_again_lasts_30_days_beyond_its_own_end_and_no_longer() -> None:
    first = ensure_extension([FIRST], date(2026, 6, 20), date(2026, 7, 15), LONGEST)
    again = ensure_extension([FIRST, first], date(2026, 6, 30), date(2026, 7, 30), LONGEST)
    assert (again.starts_on, again.ends_on) == (date(2026, 7, 16), date(2026, 7, 30))
    for approved_on, until in (
        (date(2026, 6, 30), date(2026, 7, 31)),
        (date(2026, 7, 1), date(2026, 7, 20)),
    ):
        with pytest.raises(ExtensionTooLateError):
            ensure_extension([FIRST, first], approved_on, until, LONGEST)


@pytest.mark.parametrize(
    ("approved_on", "holds"), [(date(2026, 6, 30), True), (date(2026, 7, 1), False)]
)
def test_an_extension_holds_only_if_it_was_approved_before_the_term_was_over(
    approved_on: date, holds: bool
) -> None:
    row = Term(date(2026, 7, 1), date(2026, 7, 30), approved_on, AppointmentKind.EXTENSION)
    # A term that begins later does not make up for it.
    assert in_term([FIRST, row, APART], date(2026, 7, 9)) is holds
    assert not in_term([row], date(2026, 7, 9))


def test_an_extension_takes_nothing_new_and_carries_what_was_agreed() -> None:
    held = [SECOND, EXTENSION]
    last, after = SECOND.ends_on, EXTENSION.starts_on
    assert takes_new(held, last)
    assert in_term(held, after)
    assert not takes_new(held, after)
    assert takes_new(carrying(held), after)
    too_late = replace(EXTENSION, approved_on=after)
    assert not takes_new(carrying([SECOND, too_late]), after)


@pytest.mark.parametrize(
    ("left", "due"), [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7)]
)
def test_a_terms_end_is_reminded_of_at_90_30_and_7_days(left: int, due: int | None) -> None:
    assert reminder_due(TODAY + timedelta(days=left), TODAY, (90, 30, 7)) == due
