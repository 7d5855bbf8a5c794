from datetime import timedelta

import pytest

from app.domain.job import LEAST_SPAN, LONGEST_SPAN, MOST_ATTEMPTS, retry_delay, tries_within
from app.domain.message import Reason, mobile_number, short_text
from app.domain.message.short import LONGEST_SHORT

LINK = "https://jieban.example.cn/bookings/01a222d7-2db9-7cde-972c-e07be8caa957"


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("13800001111", "13800001111"),
        ("138 0000 1111", "13800001111"),
        ("+86 138-0000-1111", "13800001111"),
        ("8613800001111", "13800001111"),
        ("１３８００００１１１１", "13800001111"),
        ("12800001111", None),
        ("1380000111", None),
        ("138000011112", None),
        ("0531-88881234", None),
        ("+1 380 000 1111", None),
        ("+852 9123 4567", None),
        ("", None),
        (None, None),
    ],
)
def test_only_mobile_numbers_of_the_mainland_are_sent_short_messages(phone, number) -> None:
    assert mobile_number(phone) == number


def test_a_short_message_names_the_site_and_leads_to_the_page() -> None:
    text = short_text("张敏接受了\n您的预约", LINK, "历城创业导师")
    assert text == f"【历城创业导师】张敏接受了 您的预约 {LINK}"


def test_a_long_title_is_cut_and_never_the_link() -> None:
    text = short_text("长" * 500, LINK, "历城创业导师")
    assert len(text) == LONGEST_SHORT
    assert text.endswith(f"长… {LINK}")
    assert short_text("长", LINK * 3, "站") == f"【站】… {LINK * 3}"


@pytest.mark.parametrize(
    ("span", "covered"),
    [
        (timedelta(0), LEAST_SPAN),
        (timedelta(hours=2), LEAST_SPAN),
        (timedelta(days=2), timedelta(days=2)),
        (timedelta(days=30), LONGEST_SPAN),
    ],
)
def test_tries_cover_the_span_even_where_every_pause_is_short(span, covered) -> None:
    tries = tries_within(span)
    pauses = [retry_delay(n, 0.0) for n in range(1, tries)]
    assert sum(pauses, timedelta(0)) >= covered > sum(pauses[:-1], timedelta(0))
    assert tries > MOST_ATTEMPTS


def test_what_a_carrier_said_follows_the_code_and_is_cut() -> None:
    assert Reason.REFUSED.saying("550 no such user") == "refused: 550 no such user"
    assert len(Reason.REFUSED.saying("x" * 500)) == 200
