"""Addresses of calendars, and busy spans made one."""

import pytest

from app.domain.availability import Span
from app.domain.busy_calendar import LONGEST_ADDRESS, clean_address, merged, shown_address
from app.domain.errors import InvalidInputError
from tests.moments import at


@pytest.mark.parametrize(
    ("typed", "fetched"),
    [
        (" https://example.org/a.ics#today ", "https://example.org/a.ics"),
        ("webcal://example.org/a.ics", "https://example.org/a.ics"),
        ("webcals://example.org:8443/a.ics?k=1", "https://example.org:8443/a.ics?k=1"),
    ],
)
def test_an_address_is_fetched_over_a_secure_line(typed: str, fetched: str) -> None:
    assert clean_address(typed) == fetched


def test_an_open_line_is_taken_only_where_that_is_allowed() -> None:
    with pytest.raises(InvalidInputError) as refused:
        clean_address("http://example.org/a.ics")
    assert refused.value.code == "busy_calendar.https_only"
    assert clean_address("http://example.org/a.ics", allows_http=True) == "http://example.org/a.ics"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("https://" + "a" * LONGEST_ADDRESS, "input.too_long"),
        ("ftp://example.org/a.ics", "busy_calendar.https_only"),
        ("https://me:secret@example.org/a.ics", "busy_calendar.no_password"),
        ("https://me@example.org/a.ics", "busy_calendar.no_password"),
        ("https://example.org:99999/a.ics", "busy_calendar.no_address"),
        ("https:///a.ics", "busy_calendar.no_address"),
        ("https://example.org/a b.ics", "busy_calendar.no_address"),
    ],
)
def test_what_is_no_address_to_fetch_is_refused_at_its_field(typed: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        clean_address(typed)
    assert (refused.value.code, refused.value.errors[0].field) == (code, "address")


def test_only_the_host_of_an_address_is_shown() -> None:
    assert shown_address("https://example.org/secret.ics") == "example.org/…"


def a_span(starts: str, ends: str) -> Span:
    return Span(at(f"09-16 {starts}"), at(f"09-16 {ends}"))


def test_spans_that_meet_are_made_one_and_empty_ones_left_out() -> None:
    given = [
        a_span("14:00", "15:00"),
        a_span("09:00", "10:00"),
        a_span("09:15", "09:30"),
        a_span("10:00", "11:00"),
        a_span("12:00", "12:00"),
    ]
    assert merged(given) == (a_span("09:00", "11:00"), a_span("14:00", "15:00"))
