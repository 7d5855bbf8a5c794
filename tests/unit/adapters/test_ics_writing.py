from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.ics import Issuer, draw, issuer_of, publish
from app.domain.calendar_entry import Entry, EntryStatus, Invitation, Method, invitation_of
from tests.calendar_readers import read_by_all
from tests.calendar_rules import faults, unfolded, values
from tests.moments import START, at
from tests.serving import settings

GOLDEN = Path(__file__).parent / "golden"
SENDER = Issuer("https://example.org", "历城创业导师", "service@example.org")
AGREED = Entry(
    key=UUID("01980000-0000-7000-8000-000000000001"),
    sequence=0,
    status=EntryStatus.CONFIRMED,
    starts_at=at("09-20 09:30"),
    ends_at=at("09-20 10:20"),
    title="创业咨询 · 张敏",
    note="预约编号 YY2026-000001。时间是北京时间。改时间、取消或查看详情，请打开：",
    place="历城区创业孵化基地一楼服务大厅；东侧，3 号窗口",
    page="/bookings/01980000-0000-7000-8000-000000000001",
    stamped_at=START,
)
MOVED = replace(
    AGREED,
    sequence=1,
    starts_at=at("09-21 14:00"),
    ends_at=at("09-21 14:50"),
    stamped_at=START + timedelta(hours=1),
)
OFF = replace(
    MOVED, sequence=2, status=EntryStatus.CANCELLED, stamped_at=START + timedelta(hours=2)
)
DOCUMENTS = {
    "request": draw(SENDER, Invitation(method=Method.REQUEST, entry=AGREED, attendee="a@b.cn")),
    "moved": draw(SENDER, Invitation(method=Method.REQUEST, entry=MOVED, attendee="a@b.cn")),
    "cancel": draw(SENDER, Invitation(method=Method.CANCEL, entry=OFF, attendee="a@b.cn")),
    "feed": publish(
        SENDER, [AGREED, replace(OFF, key=UUID(int=7))], name="历城创业导师 · 我的预约"
    ),
    "empty_feed": publish(SENDER, [], name="历城创业导师 · 我的预约"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_written_is_the_golden_file_to_the_byte(name: str) -> None:
    assert DOCUMENTS[name].content == (GOLDEN / f"{name}.ics").read_bytes()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_written_keeps_every_rule(name: str) -> None:
    assert faults(DOCUMENTS[name].content, DOCUMENTS[name].parameters) == []


def test_three_readers_agree_on_what_is_written() -> None:
    read = dict(zip(DOCUMENTS, read_by_all([d.content for d in DOCUMENTS.values()]), strict=True))
    assert [read[name]["method"] for name in DOCUMENTS] == [
        "REQUEST",
        "REQUEST",
        "CANCEL",
        "PUBLISH",
        "PUBLISH",
    ]
    (entry,) = read["request"]["entries"]
    assert entry == {
        "uid": "01980000-0000-7000-8000-000000000001@example.org",
        "sequence": 0,
        "starts_at": AGREED.starts_at.isoformat(),
        "ends_at": AGREED.ends_at.isoformat(),
        "title": AGREED.title,
        "place": AGREED.place,
        "status": "CONFIRMED",
    }
    moved, off = read["moved"]["entries"][0], read["cancel"]["entries"][0]
    assert moved["uid"] == off["uid"] == entry["uid"]
    assert (moved["sequence"], off["sequence"]) == (1, 2)
    assert off["status"] == "CANCELLED"
    assert read["empty_feed"]["entries"] == []


_TEXTS = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="\u2028\u2029\x85"
    ),
    max_size=120,
)


@given(title=_TEXTS, place=_TEXTS)
def test_no_text_breaks_a_rule_of_writing(title: str, place: str) -> None:
    document = publish(SENDER, [replace(AGREED, title=title, place=place)])
    assert faults(document.content, document.parameters) == []


@given(title=_TEXTS, place=_TEXTS, sequence=st.integers(0, 99))
def test_an_invitation_kept_with_its_delivery_comes_back_whole(
    title: str, place: str, sequence: int
) -> None:
    entry = replace(AGREED, title=title, place=place, sequence=sequence)
    invitation = Invitation(method=Method.REQUEST, entry=entry, attendee="a@b.cn")
    assert invitation_of(invitation.facts()) == invitation


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (lambda b: b.replace(b"\r\n", b"\n"), "a line ends otherwise than by CRLF"),
        (lambda b: b.replace(b"\r\n ", b""), "octets"),
        (
            lambda b: b.replace("询".encode(), "询".encode()[:1] + b"\r\n " + "询".encode()[1:], 1),
            "inside a character",
        ),
        (lambda b: b.replace(b"METHOD:REQUEST", b"METHOD:CANCEL"), "is not the MIME parameter"),
        (lambda b: b.replace(b"TZID:Asia/Shanghai", b"TZID:Asia/Urumqi"), "zone without VTIMEZONE"),
        (lambda b: b.replace(b";TZID=Asia/Shanghai", b""), "no zone"),
        (
            lambda b: b.replace(b"DTSTAMP:20260916T020000Z", b"DTSTAMP:20260916T100000"),
            "no UTC instant",
        ),
        (lambda b: b.replace(b"SEQUENCE:0\r\n", b""), "has 0 of SEQUENCE"),
        (lambda b: b"\xef\xbb\xbf" + b, "byte order mark"),
    ],
)
def test_the_rule_list_finds_each_kind_of_fault(broken, fault) -> None:
    document = DOCUMENTS["request"]
    found = faults(broken(document.content), document.parameters)
    assert any(fault in each for each in found), found


def test_a_calendar_called_off_frees_the_time_and_rings_no_bell() -> None:
    assert values(DOCUMENTS["request"].content, "TRANSP") == ["OPAQUE"]
    assert values(DOCUMENTS["cancel"].content, "TRANSP") == ["TRANSPARENT"]
    assert "BEGIN:VALARM" not in unfolded(DOCUMENTS["cancel"].content)


@pytest.mark.parametrize(
    ("given", "mailbox"),
    [
        ({}, "no-reply@localhost"),
        ({"smtp_url": "smtp://mail.example.org?from=letters@example.org"}, "letters@example.org"),
        ({"mailbox": "calendar@example.org"}, "calendar@example.org"),
    ],
)
def test_the_organiser_is_the_mailbox_of_the_service(given, mailbox: str) -> None:
    assert issuer_of(settings(**given)).mailbox == mailbox
