import base64
from datetime import timedelta
from uuid import UUID

import pytest

from app.domain.mail_link import (
    Doubt,
    Hand,
    LinkClosedError,
    LinkState,
    Purpose,
    doubts,
    ensure_open,
    fingerprint,
    purpose_of,
    state_of,
    token_of,
)
from tests.moments import at

KEY, OTHER = b"k" * 32, b"o" * 32
LETTER, ANOTHER = UUID(int=1), UUID(int=2)
NOW = at("09-16 10:00")
LATER, EARLIER = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)


def test_a_token_is_32_bytes_and_the_same_each_time() -> None:
    token = token_of(KEY, LETTER, Purpose.ANSWER)
    assert len(base64.urlsafe_b64decode(token + "=")) == 32
    assert token == token_of(KEY, LETTER, Purpose.ANSWER)


def test_another_letter_purpose_or_key_makes_another_token() -> None:
    tokens = [
        token_of(key, letter, p)
        for key in (KEY, OTHER)
        for letter in (LETTER, ANOTHER)
        for p in Purpose
    ]
    assert len(set(tokens)) == len(tokens)
    assert len({fingerprint(token) for token in tokens}) == len(tokens)


@pytest.mark.parametrize(
    ("words", "purpose"),
    [
        ("booking.requested", Purpose.ANSWER),
        ("outcome.record_due", Purpose.RECORD),
        ("outcome.unconfirmed", Purpose.CONFIRM),
        ("period.closed", None),
    ],
)
def test_a_wording_has_one_purpose_or_none(words: str, purpose: Purpose | None) -> None:
    assert purpose_of(words) is purpose


@pytest.mark.parametrize(
    ("used_at", "revoked_at", "expires_at", "state"),
    [
        (None, None, LATER, LinkState.OPEN),
        (None, None, NOW, LinkState.EXPIRED),
        (None, EARLIER, LATER, LinkState.REVOKED),
        (EARLIER, None, EARLIER, LinkState.DONE),
        (EARLIER, EARLIER, EARLIER, LinkState.DONE),
    ],
)
def test_a_link_is_open_until_used_revoked_or_over(used_at, revoked_at, expires_at, state) -> None:
    found = state_of(used_at=used_at, revoked_at=revoked_at, expires_at=expires_at, now=NOW)
    assert found is state


@pytest.mark.parametrize("state", sorted(set(LinkState) - {LinkState.OPEN}))
def test_a_closed_link_is_refused_by_its_state(state: LinkState) -> None:
    with pytest.raises(LinkClosedError) as refused:
        ensure_open(state)
    assert refused.value.facts == {"state": state.value}


def test_an_open_link_is_good() -> None:
    ensure_open(LinkState.OPEN)


OWN = Hand(device="d", address="a")


@pytest.mark.parametrize(
    ("own", "others", "shares", "found"),
    [
        (OWN, [], False, ()),
        (OWN, [Hand(device="x", address="y")], False, ()),
        (OWN, [Hand(device="d", address="y")], False, (Doubt.SAME_DEVICE,)),
        (OWN, [Hand(address="y"), Hand(address="a")], False, (Doubt.SAME_ADDRESS,)),
        (Hand(), [Hand()], False, ()),
        (Hand(serves=True), [], False, (Doubt.SIGNED_IN_AS_OTHER,)),
        (Hand(), [], True, (Doubt.SHARED_CONTACT,)),
    ],
)
def test_one_hand_behind_both_is_doubted(own, others, shares, found) -> None:
    assert doubts(own, others, shares_contact=shares) == found
