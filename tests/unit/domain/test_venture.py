from datetime import date

import pytest

from app.domain.errors import InvalidInputError
from app.domain.venture import EntityType, check_mark, ensure_registration, parse_credit_code

# Codes of public registers.
REGISTERED = ["91350100M000100Y43", "91110000600037341L", "91330110MA2B3TUK2J"]
TODAY = date(2026, 9, 16)


@pytest.mark.parametrize("body", ["91350100M000100Y4", "91110000600037341"])
def test_the_last_mark_follows_from_the_first_seventeen(body: str) -> None:
    code = next(each for each in REGISTERED if each.startswith(body))
    assert check_mark(body) == code[-1]


def test_a_code_is_kept_as_registers_write_it() -> None:
    assert parse_credit_code(" ９1350100m000100y43 ") == "91350100M000100Y43"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "91350100M000100Y4",
        "91350100M000100Y433",
        "91350100M000100Y44",
        "91350100O000100Y43",
        "19350100M000100Y43",
        "九1350100M000100Y43",
    ],
)
def test_a_code_with_a_slip_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_credit_code(text)
    assert [(each.field, each.code) for each in refused.value.errors] == [
        ("venture_credit_code", "venture.credit_code_invalid")
    ]


@pytest.mark.parametrize("place", range(17))
def test_every_single_slip_is_found(place: int) -> None:
    code = "91350100M000100Y43"
    wrong = "1" if code[place] != "1" else "2"
    with pytest.raises(InvalidInputError):
        parse_credit_code(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize(
    ("form", "code", "registered_on", "fields"),
    [
        (EntityType.TEAM, None, None, []),
        (EntityType.TEAM, REGISTERED[0], None, ["venture_credit_code"]),
        (EntityType.TEAM, REGISTERED[0], TODAY, ["venture_credit_code", "registered_on"]),
        (EntityType.COMPANY, None, None, []),
        (EntityType.COMPANY, REGISTERED[0], TODAY, []),
        (EntityType.COMPANY, REGISTERED[0], date(2026, 9, 17), ["registered_on"]),
    ],
)
def test_only_registered_forms_have_a_registration(form, code, registered_on, fields) -> None:
    if not fields:
        ensure_registration(form, code, registered_on, TODAY)
        return
    with pytest.raises(InvalidInputError) as refused:
        ensure_registration(form, code, registered_on, TODAY)
    assert [each.field for each in refused.value.errors] == fields
