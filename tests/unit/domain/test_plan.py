"""Pace, money, periods, and who is a founder supported."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import InvalidInputError
from app.domain.plan import (
    CheckedError,
    CheckStatus,
    Comparison,
    Counted,
    IndicatorKind,
    Line,
    Listed,
    PeriodError,
    ReportPeriod,
    Source,
    Standing,
    Supported,
    SupportKind,
    course,
    elapsed,
    ensure_document,
    ensure_quantity,
    ensure_waits,
    fen_of,
    founders,
    source_of,
    target_of,
    yearly_mean,
    yuan,
)
from app.domain.plan.people import distinct, person_mac, phone_mac

CUM, YEAR, MEAN = IndicatorKind.CUMULATIVE, IndicatorKind.YEARLY, IndicatorKind.YEARLY_MEAN
BASE, DUE = date(2024, 1, 1), date(2026, 12, 31)
DAY = date(2026, 3, 1)


def key(number: int) -> UUID:
    return UUID(int=number)


@pytest.mark.parametrize(
    ("kind", "due", "by", "share"),
    [
        (CUM, DUE, BASE, Fraction(1, 1096)),
        (CUM, DUE, DUE, Fraction(1)),
        (CUM, DUE, date(2027, 5, 1), Fraction(1)),
        (CUM, DUE, date(2023, 5, 1), Fraction(0)),
        (CUM, None, date(2026, 12, 31), Fraction(1)),
        (YEAR, None, date(2026, 1, 1), Fraction(1, 365)),
        (YEAR, None, date(2024, 12, 31), Fraction(1)),
        (MEAN, None, date(2024, 12, 31), Fraction(1)),
        (MEAN, None, date(2026, 12, 31), Fraction(3)),
        (MEAN, None, date(2025, 1, 1), Fraction(1) + Fraction(1, 365)),
        (MEAN, None, date(2023, 6, 1), Fraction(0)),
    ],
)
def test_time_passes_evenly_by_days(kind, due, by: date, share: Fraction) -> None:
    assert elapsed(kind, BASE, due, by).share == share


def test_a_year_that_begins_with_the_base_is_shorter() -> None:
    time = elapsed(YEAR, date(2026, 7, 1), None, date(2026, 7, 1))
    assert (time.first_on, time.share) == (date(2026, 7, 1), Fraction(1, 184))
    assert elapsed(YEAR, date(2027, 1, 1), None, date(2026, 7, 1)).share == 0


@pytest.mark.parametrize(
    ("written", "comparison", "value", "by", "standing", "gap"),
    [
        ("20", Comparison.AT_LEAST, 20, date(2026, 9, 16), Standing.REACHED, 0),
        ("20", Comparison.AT_LEAST, 16, date(2026, 9, 16), Standing.ON_COURSE, 0),
        ("20", Comparison.AT_LEAST, 13, date(2026, 9, 16), Standing.BEHIND, 1),
        ("20", Comparison.AT_LEAST, 0, date(2026, 1, 1), Standing.ON_COURSE, 0),
        ("10", Comparison.ABOUT, 12, date(2026, 9, 16), Standing.BEYOND, 2),
        ("10", Comparison.ABOUT, 10, date(2026, 9, 16), Standing.REACHED, 0),
        ("1-2", Comparison.RANGE, 2, date(2026, 9, 16), Standing.REACHED, 0),
        ("1-2", Comparison.RANGE, 3, date(2026, 9, 16), Standing.BEYOND, 1),
    ],
)
def test_a_figure_is_held_against_its_pace(written, comparison, value, by, standing, gap) -> None:
    found = course(target_of(comparison, written, "场"), value, elapsed(YEAR, BASE, None, by))
    assert (found.standing, found.gap) == (standing, gap)


def test_money_is_paced_in_whole_yuan_and_kept_in_fen() -> None:
    target = target_of(Comparison.AT_LEAST, "100000000", "元")
    assert (target.low, target.scale) == (10**10, 100)
    found = course(target, 0, elapsed(CUM, BASE, DUE, date(2026, 9, 16)))
    assert found.expected % 100 == 0
    assert found.gap == found.expected


def test_a_mean_is_over_the_years_passed_and_none_before_any_has() -> None:
    assert yearly_mean(24, elapsed(MEAN, BASE, None, date(2025, 12, 31))) == Decimal("12.0")
    assert yearly_mean(25, elapsed(MEAN, BASE, None, date(2025, 12, 31))) == Decimal("12.5")
    assert yearly_mean(24, elapsed(MEAN, BASE, None, date(2023, 1, 1))) is None
    late = course(target_of(Comparison.AT_LEAST, "12", "个"), 24, elapsed(MEAN, BASE, None, DUE))
    assert (late.standing, late.gap) == (Standing.BEHIND, 12)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("150000", 15_000_000),
        ("1,234.5", 123_450),
        ("1234.56元", 123_456),
        ("0.01", 1),
        ("", None),
        ("1.234", None),
        ("-1", None),
        ("1e5", None),
        ("１２", None),
        ("12345678901", None),
    ],
)
def test_money_is_read_to_the_fen(text: str, fen: int | None) -> None:
    assert fen_of(text) == fen


@given(st.integers(0, 10**12 - 1))
def test_money_written_and_read_again_is_the_same(fen: int) -> None:
    assert fen_of(yuan(fen)) == fen


@pytest.mark.parametrize(
    ("kind", "quantity", "kept"),
    [(SupportKind.LOAN, 1, 1), (SupportKind.SETTLEMENT, 5, None), (SupportKind.JOBS, 6, 6)],
)
def test_only_what_has_a_quantity_keeps_one(kind, quantity, kept) -> None:
    assert ensure_quantity(kind, quantity) == kept


@pytest.mark.parametrize(
    ("kind", "quantity"),
    [
        (SupportKind.LOAN, None),
        (SupportKind.LOAN, 0),
        (SupportKind.SUBSIDY, 10**12 + 1),
        (SupportKind.JOBS, 100_001),
    ],
)
def test_a_quantity_that_cannot_be_is_refused(kind, quantity) -> None:
    with pytest.raises(InvalidInputError):
        ensure_quantity(kind, quantity)


def test_a_document_is_named_and_nothing_lies_ahead() -> None:
    assert ensure_document("  历贷  1号 ", DAY, DAY) == "历贷 1号"
    with pytest.raises(InvalidInputError) as error:
        ensure_document(" ", DAY + timedelta(days=1), DAY)
    assert [fault.field for fault in error.value.errors] == ["document", "done_on"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-h2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_whole_months(text: str, first: date, last: date) -> None:
    found = ReportPeriod.parse(text)
    assert (found.first_on, found.last_on, found.code) == (first, last, text.upper())
    assert found.overlaps(found)


@pytest.mark.parametrize("text", ["", "26", "2026-13", "2026-Q5", "2026-H3", "1999", "9999-01"])
def test_what_is_no_period_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(PeriodError) as error:
        ReportPeriod.parse(text)
    assert error.value.errors[0].field == "period"


def test_the_quarter_of_a_day_and_its_neighbour_do_not_overlap() -> None:
    third = ReportPeriod.quarter_of(date(2026, 9, 30))
    assert third.code == "2026-Q3"
    assert not third.overlaps(ReportPeriod.quarter_of(date(2026, 10, 1)))


def test_only_what_counts_is_put_right_or_taken_back() -> None:
    with pytest.raises(CheckedError):
        ensure_waits(CheckStatus.REFUSED, CheckStatus.APPROVED)
    ensure_waits(CheckStatus.APPROVED, CheckStatus.APPROVED)


def test_indicators_without_rows_here_are_reported() -> None:
    assert {
        code for code in ("T04", "T05", "T06", "T09", "T10") if source_of(code) is Source.REPORTS
    } == {"T04", "T05", "T06", "T09", "T10"}
    assert source_of("T01") is Source.PERSONS


def listed(number: int, person: int | None = None, **values: str | None) -> Listed:
    given = {"number_mac": None, "phone_mac": None, "name": "李晓", **values}
    return Listed(key(number), str(key(person)) if person else None, DAY, **given)  # type: ignore[arg-type]  # words by name


def test_everybody_stands_on_one_line_with_what_shows_him() -> None:
    found = founders(
        [Counted(str(key(n)), DAY) for n in (1, 2, 1)],
        [Supported(str(key(n)), DAY - timedelta(days=1), key(200 + n)) for n in (2, 3)],
        [listed(301, 1), listed(304, 4), listed(305, number_mac="a")],
        {},
    )
    assert {f.key.int: f.line for f in found} == {
        1: Line.SESSION,
        2: Line.BOTH,
        3: Line.SUPPORT,
        4: Line.LISTED,
        305: Line.UNMATCHED,
    }
    both = next(f for f in found if f.line is Line.BOTH)
    assert (both.on, both.is_served, both.item_id) == (DAY - timedelta(days=1), True, key(202))
    assert next(f for f in found if f.key == key(1)).row_id == key(301)


def test_two_records_of_one_person_are_one_founder() -> None:
    counted = [Counted(str(key(n)), DAY) for n in (1, 2)]
    assert len(founders(counted, [], [], {})) == 2
    (one,) = founders(counted, [], [listed(303, 2)], {str(key(2)): str(key(1))})
    assert (one.key, one.line) == (key(1), Line.SESSION)


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([{"number_mac": "a"}, {"number_mac": "a", "name": "李筱"}], 1),
        ([{"number_mac": "a", "phone_mac": "p"}, {"number_mac": "b", "phone_mac": "p"}], 2),
        ([{"phone_mac": "p"}, {"number_mac": "b", "phone_mac": "p"}], 1),
        ([{"phone_mac": "p"}, {"phone_mac": "p", "name": "王强"}], 2),
        ([{"phone_mac": "p"}, {"phone_mac": "p"}], 1),
    ],
)
def test_unknown_rows_are_one_by_number_or_by_telephone_and_name(rows, count: int) -> None:
    assert len(distinct([listed(n, **row) for n, row in enumerate(rows, start=1)])) == count


def test_marks_tell_the_same_number_again_and_differ_by_key() -> None:
    assert person_mac(b"k", "3701 0219 x") == person_mac(b"k", "37010219X")
    assert person_mac(b"k", "1") != person_mac(b"j", "1")
    assert person_mac(b"k", "  ") is phone_mac(b"k", None) is None
    assert phone_mac(b"k", "+86 138-0000-0000") == phone_mac(b"k", "13800000000")


people = st.integers(1, 6)
days = st.integers(0, 40).map(lambda n: DAY + timedelta(days=n))


@settings(max_examples=60)
@given(
    st.lists(st.tuples(people, days), max_size=12),
    st.lists(st.tuples(people, days), max_size=8),
    st.lists(st.one_of(st.none(), people), max_size=8),
    st.dictionaries(st.integers(4, 6), st.integers(1, 3), max_size=3),
)
def test_the_lines_add_up_to_the_distinct_persons(served, given_, rows, doubles) -> None:
    aliases = {str(key(a)): str(key(p)) for a, p in doubles.items()}
    found = founders(
        [Counted(str(key(p)), on) for p, on in served],
        [Supported(str(key(p)), on, key(200 + n)) for n, (p, on) in enumerate(given_)],
        [listed(300 + n, p, number_mac=str(n)) for n, p in enumerate(rows)],
        aliases,
    )
    known = {doubles.get(p, p) for p in [*(p for p, _ in served), *(p for p, _ in given_)]}
    known |= {doubles.get(p, p) for p in rows if p is not None}
    unknown = sum(p is None for p in rows)
    assert len(found) == len({f.key for f in found}) == len(known) + unknown
    assert sum(f.line is Line.UNMATCHED for f in found) == unknown
    assert [f.on for f in found] == sorted(f.on for f in found)
