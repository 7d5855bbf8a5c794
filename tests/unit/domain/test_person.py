from uuid import UUID

import pytest

from app.domain import prose
from app.domain.errors import InvalidInputError
from app.domain.outcome import spokespersons
from app.domain.paper_entry import OwnExpertError, ensure_entry
from app.domain.person import (
    LikelyDoubleError,
    Likeness,
    SeparateConsentError,
    Traits,
    ensure_new,
    ensure_person,
    ensure_separate_consent,
    likenesses,
    phone_digits,
)

BOOKER, CONTACT, FRIEND = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize("phone", [None, "13800000000", "+86 138-0000-0000", "0531-88000000"])
def test_a_person_has_a_name_and_perhaps_a_number(phone) -> None:
    ensure_person("钱大妈", phone, 1963, 2026)


@pytest.mark.parametrize(
    ("name", "phone", "fields"),
    [
        ("", None, ["name"]),
        ("钱" * 81, None, ["name"]),
        ("钱大妈", "", ["phone"]),
        ("钱大妈", "12-", ["phone"]),
        ("钱大妈", "１３８００００００００", ["phone"]),
        ("", "abc", ["name", "phone"]),
    ],
)
def test_a_person_is_refused_at_each_field_at_fault(name, phone, fields) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_person(name, phone, None, 2026)
    assert [error.field for error in refused.value.errors] == fields


def test_a_text_is_kept_without_the_space_around_it() -> None:
    assert prose.ensure("reason", "  抽查核实\n", 10) == "抽查核实"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", "input.required"),
        ("长" * 11, "input.too_long"),
        ("有\x07声", "input.control_character"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_at_its_field(text: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        prose.ensure("reason", text, 10)
    (fault,) = refused.value.errors
    assert (fault.field, fault.code) == ("reason", code)


@pytest.mark.parametrize(
    ("contacts", "attendees", "speakers"),
    [
        ([CONTACT], [BOOKER, FRIEND], {CONTACT}),
        ([CONTACT], [BOOKER], {CONTACT, BOOKER}),
        ([], [BOOKER, FRIEND], {BOOKER}),
        ([], [FRIEND], {BOOKER, FRIEND}),
        ([], [], {BOOKER}),
    ],
)
def test_the_contact_or_who_came_alone_speaks_for_the_founders_side(
    contacts, attendees, speakers
) -> None:
    assert spokespersons(contacts, BOOKER, attendees) == speakers


def test_a_sheet_tells_of_advice_to_somebody_else_than_the_expert() -> None:
    ensure_entry("tutoring", CONTACT, [BOOKER])
    with pytest.raises(OwnExpertError):
        ensure_entry("tutoring", CONTACT, [BOOKER, CONTACT])
    with pytest.raises(InvalidInputError):
        ensure_entry("review", CONTACT, [BOOKER])


@pytest.mark.parametrize(
    ("year", "code"),
    [(1899, "input.too_small"), (2013, "input.too_large"), (1900, None), (2012, None)],
)
def test_a_year_of_birth_is_one_of_somebody_who_may_found(year, code) -> None:
    if code is None:
        ensure_person("钱大妈", None, year, 2026)
        return
    with pytest.raises(InvalidInputError) as refused:
        ensure_person("钱大妈", None, year, 2026)
    assert [(e.field, e.code) for e in refused.value.errors] == [("birth_year", code)]


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("138 0000-1234", "13800001234"),
        ("+86 138 0000 1234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("0531-88000000", "053188000000"),
        ("86123456", "86123456"),
        (None, ""),
    ],
)
def test_numbers_are_compared_by_their_digits(number, digits) -> None:
    assert phone_digits(number) == digits


KNOWN = Traits(
    name="钱 大妈", phone="138 0000 1234", birth_year=1963, ventures=frozenset({"面点铺"})
)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (Traits(name="别人", phone="13800001234"), (Likeness.PHONE,)),
        (Traits(name="钱大妈", birth_year=1963), (Likeness.BIRTH_YEAR,)),
        (
            Traits(name="钱大妈", birth_year=1970, ventures=frozenset({"面 点铺"})),
            (Likeness.VENTURE,),
        ),
        (Traits(name="钱大妈"), (Likeness.NAME,)),
        (Traits(name="钱大妈", birth_year=1970), ()),
        (Traits(name="钱大妈", phone="13900000000"), ()),
        (Traits(name="钱大爷", birth_year=1963), ()),
        (
            Traits(name="钱大妈", phone="13800001234", birth_year=1963),
            (Likeness.PHONE, Likeness.BIRTH_YEAR),
        ),
    ],
)
def test_two_records_look_like_one_person_unless_something_tells_them_apart(other, why) -> None:
    assert likenesses(other, KNOWN) == why
    assert likenesses(KNOWN, other) == why


def test_who_looks_alike_is_looked_at_before_anything_is_saved() -> None:
    ensure_new([BOOKER], {BOOKER, FRIEND})
    with pytest.raises(LikelyDoubleError) as refused:
        ensure_new([BOOKER, CONTACT], {BOOKER})
    assert refused.value.facts["persons"] == [str(CONTACT)]


def test_only_a_sensitive_group_needs_a_sheet_of_its_own_to_be_verified() -> None:
    for is_sensitive, has_sheet in ((False, False), (False, True), (True, True)):
        ensure_separate_consent(is_sensitive=is_sensitive, has_sheet=has_sheet)
    with pytest.raises(SeparateConsentError):
        ensure_separate_consent(is_sensitive=True, has_sheet=False)
