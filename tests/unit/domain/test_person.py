from uuid import UUID

import pytest

from app.domain import prose
from app.domain.errors import InvalidInputError
from app.domain.outcome import spokespersons
from app.domain.paper_entry import OwnExpertError, ensure_entry
from app.domain.person import ensure_person

BOOKER, CONTACT, FRIEND = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize("phone", [None, "13800000000", "+86 138-0000-0000", "0531-88000000"])
def test_a_person_has_a_name_and_perhaps_a_number(phone) -> None:
    ensure_person("钱大妈", phone)


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
        ensure_person(name, phone)
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
