"""Calendars that somebody else wrote: read for what they say, or refused whole with a cause."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

import pytest

from app.adapters.ics import Fetcher, Reader, publish
from app.adapters.ics.expanding import expand
from app.adapters.ics.screening import RefusedError, screened
from app.domain.availability import Span
from app.domain.busy_calendar import Fault, Parcel, merged
from tests.moments import START, at
from tests.unit.adapters.test_ics_writing import AGREED, SENDER

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
UNTIL = START + timedelta(days=120)
OWN = "@example.org"


def calendar(*events: str, more: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{more}{body}END:VCALENDAR\r\n".encode()


def busy(document: bytes, zone: ZoneInfo = SHANGHAI) -> tuple[Span, ...]:
    return merged(expand(document, zone, START, UNTIL, OWN))


def fault(document: bytes) -> Fault:
    with pytest.raises(RefusedError) as refused:
        expand(document, SHANGHAI, START, UNTIL, OWN)
    return refused.value.fault


def spans(*pairs: tuple[str, str]) -> tuple[Span, ...]:
    return tuple(Span(at(a), at(b)) for a, b in pairs)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            "UID:1\r\nDTSTART:20260921T060000Z\r\nDTEND:20260921T070000Z",
            [("09-21 14:00", "09-21 15:00")],
        ),
        (
            "UID:1\r\nDTSTART;TZID=Asia/Shanghai:20260921T140000\r\nDURATION:PT1H",
            [("09-21 14:00", "09-21 15:00")],
        ),
        (
            "UID:1\r\nDTSTART;TZID=China Standard Time:20260921T140000\r\nDURATION:PT1H",
            [("09-21 14:00", "09-21 15:00")],
        ),
        ("UID:1\r\nDTSTART:20260921T140000\r\nDURATION:PT1H", [("09-21 14:00", "09-21 15:00")]),
        ("UID:1\r\nDTSTART;VALUE=DATE:20260921", [("09-21 00:00", "09-22 00:00")]),
        (
            "UID:1\r\nDTSTART;VALUE=DATE:20260921\r\nDTEND;VALUE=DATE:20260923",
            [("09-21 00:00", "09-23 00:00")],
        ),
        (
            "UID:1\r\nDTSTART:20260915T000000Z\r\nDTEND:20260916T040000Z",
            [("09-16 10:00", "09-16 12:00")],
        ),
        ("UID:1\r\nDTSTART:20260921T060000Z\r\nDTEND:20260921T070000Z\r\nTRANSP:TRANSPARENT", []),
        ("UID:1\r\nDTSTART:20260921T060000Z\r\nDTEND:20260921T070000Z\r\nSTATUS:CANCELLED", []),
        (
            "UID:1\r\nDTSTART:20260921T060000Z\r\nDTEND:20260921T070000Z\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE",
            [],
        ),
        ("UID:1@example.org\r\nDTSTART:20260921T060000Z\r\nDTEND:20260921T070000Z", []),
        ("UID:1\r\nDTSTART:20260921T060000Z", []),
        ("UID:1\r\nDTSTART:20260101T060000Z\r\nDTEND:20260101T070000Z", []),
        ("UID:1\r\nDTSTART:20270601T060000Z\r\nDTEND:20270601T070000Z", []),
        (
            "UID:1\r\nDTSTART;TZID=Asia/Shanghai:20260914T140000\r\nDURATION:PT1H\r\n"
            "RRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE;TZID=Asia/Shanghai:20260928T140000",
            [("09-21 14:00", "09-21 15:00"), ("10-05 14:00", "10-05 15:00")],
        ),
    ],
)
def test_what_an_entry_says_busy(event: str, expected) -> None:
    assert busy(calendar(event)) == spans(*expected)


def test_days_and_floating_times_are_told_by_the_experts_own_clock() -> None:
    event = "UID:1\r\nDTSTART;VALUE=DATE:20260921"
    (day,) = busy(calendar(event), BERLIN)
    assert day.starts_at == datetime(2026, 9, 20, 22, tzinfo=UTC)
    (floating,) = busy(calendar("UID:1\r\nDTSTART:20260921T090000\r\nDURATION:PT1H"), BERLIN)
    assert floating.starts_at == datetime(2026, 9, 21, 7, tzinfo=UTC)


def test_a_repetition_keeps_its_wall_time_over_a_change_of_clocks() -> None:
    event = (
        "UID:1\r\nDTSTART;TZID=Europe/Berlin:20261024T090000\r\nDURATION:PT1H\r\n"
        "RRULE:FREQ=DAILY;COUNT=2"
    )
    assert [span.starts_at.hour for span in busy(calendar(event))] == [7, 8]


def test_a_zone_of_the_documents_own_is_used() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Mine\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0300\r\nTZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    event = "UID:1\r\nDTSTART;TZID=Mine:20260921T090000\r\nDURATION:PT1H"
    assert busy(calendar(event, more=zone)) == spans(("09-21 14:00", "09-21 15:00"))


def test_a_moved_repetition_is_busy_where_it_moved_to() -> None:
    series = "UID:1\r\nDTSTART:20260920T060000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2"
    moved = "UID:1\r\nRECURRENCE-ID:20260921T060000Z\r\nDTSTART:20260921T090000Z\r\nDURATION:PT1H"
    assert busy(calendar(series, moved)) == spans(
        ("09-20 14:00", "09-20 15:00"), ("09-21 17:00", "09-21 18:00")
    )


def test_free_busy_answers_are_read_too() -> None:
    answer = (
        "BEGIN:VFREEBUSY\r\nUID:f\r\nDTSTAMP:20260901T000000Z\r\n"
        "FREEBUSY;FBTYPE=BUSY:20260921T060000Z/PT1H\r\n"
        "FREEBUSY;FBTYPE=FREE:20260922T060000Z/PT1H\r\nEND:VFREEBUSY\r\n"
    )
    assert busy(calendar(more=answer)) == spans(("09-21 14:00", "09-21 15:00"))


def test_what_the_service_wrote_itself_says_nothing_new() -> None:
    assert busy(publish(SENDER, [AGREED]).content) == ()
    other = expand(publish(SENDER, [AGREED]).content, SHANGHAI, START, UNTIL, "@elsewhere.org")
    assert other == [Span(AGREED.starts_at, AGREED.ends_at)]


NESTED = "BEGIN:X-A\r\n" * 5 + "END:X-A\r\n" * 5
OFTEN = "RRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5;BYMINUTE=0,5,10,15"
PLAIN = "UID:1\r\nDTSTART:20260921T060000Z\r\nDTEND:20260921T070000Z"


@pytest.mark.parametrize(
    ("document", "cause"),
    [
        (b"", Fault.NOT_A_CALENDAR),
        (b"<html>sign in</html>", Fault.NOT_A_CALENDAR),
        (calendar(PLAIN)[:-20], Fault.NOT_A_CALENDAR),
        (calendar(PLAIN) + b"BEGIN:VEVENT\r\n", Fault.NOT_A_CALENDAR),
        (b"END:VCALENDAR\r\n", Fault.NOT_A_CALENDAR),
        (calendar(more="END:VEVENT\r\n"), Fault.NOT_A_CALENDAR),
        (calendar(more=NESTED), Fault.NOT_A_CALENDAR),
        (calendar("UID:1\r\nDTSTART:garbage"), Fault.NOT_A_CALENDAR),
        (calendar("UID:1\r\nSUMMARY:no start"), Fault.NOT_A_CALENDAR),
        (calendar(f"{PLAIN}\r\nRRULE:FREQ=SOMETIMES"), Fault.RULE_REFUSED),
        (calendar(f"{PLAIN}\r\nRRULE:COUNT=3"), Fault.RULE_REFUSED),
        (calendar(f"{PLAIN}\r\nRRULE:FREQ=SECONDLY"), Fault.RULE_REFUSED),
        (calendar(f"{PLAIN}\r\nRRULE:FREQ=DAILY;FREQ=SECONDLY"), Fault.RULE_REFUSED),
        (calendar(f"{PLAIN}\r\nRRULE;X=1:FREQ=MINU\r\n TELY"), Fault.RULE_REFUSED),
        (calendar(f"{PLAIN}\r\nexrule:freq=hourly"), Fault.RULE_REFUSED),
        (calendar("UID:1\r\nDTSTART;TZID=Nowhere/Town:20260921T090000"), Fault.ZONE_UNKNOWN),
        (calendar("UID:会议").decode().encode("gb18030"), Fault.NOT_UTF8),
        (calendar(PLAIN).decode().encode("utf-16"), Fault.NOT_UTF8),
        (b"BEGIN:VCALENDAR\r\n\0\r\nEND:VCALENDAR\r\n", Fault.NOT_UTF8),
        (b"x" * (1024 * 1024 + 1), Fault.TOO_LARGE),
        (
            b"BEGIN:VCALENDAR\r\n"
            + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 2001
            + b"END:VCALENDAR\r\n",
            Fault.TOO_MANY_EVENTS,
        ),
        (
            b"BEGIN:VCALENDAR\r\n" + b"BEGIN:X-A\r\nEND:X-A\r\n" * 10_000 + b"END:VCALENDAR\r\n",
            Fault.TOO_MANY_EVENTS,
        ),
        (
            calendar(
                *(
                    f"UID:{n}\r\nDTSTART:2026091{7 + n}T000000Z\r\nDURATION:PT1M\r\n{OFTEN}"
                    for n in range(2)
                )
            ),
            Fault.TOO_MANY_TIMES,
        ),
    ],
)
def test_a_hostile_calendar_is_refused_whole_with_its_cause(document: bytes, cause: Fault) -> None:
    assert fault(document) is cause


def test_a_hundred_thousand_events_are_refused_before_they_are_parsed() -> None:
    document = b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 60_000
    began = monotonic()
    with pytest.raises(RefusedError):
        screened(document)
    assert monotonic() - began < 5


def parcel(document: bytes) -> Parcel:
    return Parcel(content=document, address=None, zone="Asia/Shanghai", since=START, until=UNTIL)


def test_a_child_process_reads_and_its_answer_comes_back() -> None:
    reader = Reader(fetcher=Fetcher(), host="example.org")
    assert reader.read(parcel(calendar(PLAIN))).spans == spans(("09-21 14:00", "09-21 15:00"))
    assert (
        reader.read(parcel(calendar(f"{PLAIN}\r\nRRULE:FREQ=SECONDLY"))).fault is Fault.RULE_REFUSED
    )


def test_a_rule_that_spins_is_stopped_by_the_limit_on_processor_time() -> None:
    rule = "RRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3"
    document = calendar(f"UID:1\r\nDTSTART:00010101T090000Z\r\nDURATION:PT1M\r\n{rule}")
    reader = Reader(fetcher=Fetcher(), host="example.org", cpu_seconds=2)
    reading = reader.read(parcel(document))
    assert reading.fault is Fault.TOO_SLOW


@pytest.mark.parametrize(
    ("command", "cause"),
    [
        (("sleep", "60"), Fault.TOO_SLOW),
        (("sh", "-c", "cat >/dev/null; exit 3"), Fault.NOT_A_CALENDAR),
        (("sh", "-c", "cat >/dev/null; kill -9 $$"), Fault.TOO_SLOW),
    ],
)
def test_a_child_that_hangs_breaks_or_is_killed_never_means_free(
    command: Iterable[str], cause: Fault
) -> None:
    reader = Reader(fetcher=Fetcher(), host="example.org", command=tuple(command), wall_seconds=0.3)
    reading = reader.read(parcel(calendar(PLAIN)))
    assert (reading.fault, reading.spans) == (cause, ())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        ([("09-21 10:00", "09-21 10:00")], []),
        (
            [("09-21 11:00", "09-21 12:00"), ("09-21 10:00", "09-21 11:00")],
            [("09-21 10:00", "09-21 12:00")],
        ),
        (
            [("09-21 10:00", "09-21 13:00"), ("09-21 11:00", "09-21 12:00")],
            [("09-21 10:00", "09-21 13:00")],
        ),
        (
            [("09-21 10:00", "09-21 11:00"), ("09-21 11:05", "09-21 12:00")],
            [("09-21 10:00", "09-21 11:00"), ("09-21 11:05", "09-21 12:00")],
        ),
    ],
)
def test_spans_that_meet_become_one(given, expected) -> None:
    assert merged(list(spans(*given))) == spans(*expected)
