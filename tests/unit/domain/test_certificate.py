"""Codes of certificates: unguessable, forgiving to type, any single slip found."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.certificate import (
    ALPHABET,
    RANDOM_BITS,
    WrongCodeError,
    code_of,
    content_hash,
    fingerprint,
    spaced,
    typed_code,
)

KEY = b"k" * 32
CODE = code_of(KEY, UUID(int=7))


def test_a_code_has_eighty_bits_and_belongs_to_its_key_and_certificate() -> None:
    assert RANDOM_BITS >= 80
    assert len(CODE) == 18
    assert set(CODE) <= set(ALPHABET)
    many = {code_of(KEY, UUID(int=number)) for number in range(500)}
    assert len(many) == 500
    assert code_of(b"x" * 32, UUID(int=7)) != CODE
    assert code_of(KEY, UUID(int=7)) == CODE
    assert CODE not in fingerprint(CODE)


def test_spaces_dashes_case_and_lookalikes_do_not_matter() -> None:
    wide = spaced(CODE).lower().replace("0", "o").replace("1", "l")
    for typed in (CODE, spaced(CODE), wide, f"  {spaced(CODE).replace('-', ' ')} "):
        assert typed_code(typed) == CODE
    assert typed_code("".join(chr(ord(mark) + 0xFEE0) for mark in CODE)) == CODE


@given(st.integers(0, 17), st.sampled_from(ALPHABET))
def test_a_single_wrong_letter_is_always_found(place: int, letter: str) -> None:
    slipped = CODE[:place] + letter + CODE[place + 1 :]
    if slipped == CODE:
        assert typed_code(slipped) == CODE
    else:
        with pytest.raises(WrongCodeError):
            typed_code(slipped)


@given(st.integers(0, 16))
def test_two_letters_that_changed_places_are_found(place: int) -> None:
    swapped = CODE[:place] + CODE[place + 1] + CODE[place] + CODE[place + 2 :]
    if swapped != CODE:
        with pytest.raises(WrongCodeError):
            typed_code(swapped)


@pytest.mark.parametrize("text", ["", "U" * 18, CODE[:-1], CODE + "0", "x" * 5000, "证明"])
def test_what_cannot_be_a_code_is_refused(text: str) -> None:
    with pytest.raises(WrongCodeError):
        typed_code(text)


def test_the_hash_covers_every_word() -> None:
    content = {"name": "高源", "services": 3}
    assert content_hash(content) == content_hash({"services": 3, "name": "高源"})
    assert content_hash(content) != content_hash({**content, "services": 4})
