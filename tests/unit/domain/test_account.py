from datetime import timedelta
from typing import Any

import pytest

from app.domain.account import (
    Holding,
    RolesSeparatedError,
    clean_login,
    ensure_holdings,
    ensure_login,
    ensure_password,
    sign_in_holds,
    wait_after,
)
from app.domain.actor import SEPARATED_ROLES, STAFF_ROLES, Role
from app.domain.common_passwords import COMMON_PASSWORDS
from app.domain.errors import InvalidInputError
from tests.moments import START

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def fault(**values: Any) -> str:
    with pytest.raises(InvalidInputError) as caught:
        ensure_password(**{"is_staff": False, **values})
    return caught.value.errors[0].code


@pytest.mark.parametrize(
    ("password", "is_staff"),
    [
        ("quiet herons", False),
        ("quiet herons wade", True),
        ("我家门前有两棵枣树呀呀呀", False),
        ("x7#mq!vPz2@k", False),
        ("   blanks around are kept   ", True),
        ("abcdef" * 21 + "xy", True),
    ],
)
def test_long_passwords_of_any_kind_are_taken(password: str, is_staff: bool) -> None:
    ensure_password(password, is_staff=is_staff)


@pytest.mark.parametrize(
    ("password", "is_staff", "code"),
    [
        ("", False, "account.password_short"),
        ("eleven char", False, "account.password_short"),
        ("fourteen chars", True, "account.password_short"),
        ("x" * 129, False, "account.password_long"),
        ("passwordpassword", False, "account.password_guessable"),
        ("QwertyUiop123", False, "account.password_guessable"),
        ("Ｐａｓｓｗｏｒｄ12345", False, "account.password_guessable"),
        ("licheng-2026-chuangye", True, "account.password_guessable"),
        ("历城创业导师历城创业导师2026", False, "account.password_guessable"),
        ("aaaaaaaaaaaaaaaa", True, "account.password_guessable"),
        ("2026091620260917", True, "account.password_guessable"),
        ("demo-2026-jieban", True, "account.password_guessable"),
    ],
)
def test_short_long_and_guessable_passwords_are_refused(
    password: str, is_staff: bool, code: str
) -> None:
    assert fault(password=password, is_staff=is_staff) == code


def test_ones_own_login_and_name_make_no_password() -> None:
    own = ("wangxiaoming", "王小明")
    assert fault(password="WangXiaoMing2026!", own_words=own) == "account.password_guessable"
    ensure_password("WangXiaoMing2026!", is_staff=True)


def test_every_common_password_is_refused() -> None:
    assert len(COMMON_PASSWORDS) >= 150
    for password in COMMON_PASSWORDS:
        if len(password) >= 12:
            assert fault(password=password) == "account.password_guessable"


def test_waits_grow_from_nothing_to_a_quarter_of_an_hour_and_never_further() -> None:
    seconds = [wait_after(failures).total_seconds() for failures in range(1, 17)]
    assert seconds == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert wait_after(10_000_000).total_seconds() == 900


@pytest.mark.parametrize(
    ("role", "silence", "age", "holds"),
    [
        (Role.FOUNDER, 29 * MINUTE, HOUR, True),
        (Role.FOUNDER, 30 * MINUTE, HOUR, False),
        (Role.MENTOR, 29 * MINUTE, HOUR, True),
        (Role.OFFICER, 14 * MINUTE, HOUR, True),
        (Role.OFFICER, 15 * MINUTE, HOUR, False),
        (Role.STREET_LIAISON, 16 * MINUTE, HOUR, False),
        (Role.FOUNDER, MINUTE, 10 * HOUR - MINUTE, True),
        (Role.FOUNDER, MINUTE, 10 * HOUR, False),
    ],
)
def test_a_sign_in_ends_by_silence_and_by_age(
    role: Role, silence: timedelta, age: timedelta, holds: bool
) -> None:
    assert sign_in_holds(START - age, START - silence, START, {role}) is holds


def test_somebody_with_a_staff_role_is_staff_whatever_else_he_is() -> None:
    both = {Role.MENTOR, Role.OFFICER}
    assert not sign_in_holds(START - HOUR, START - 20 * MINUTE, START, both)


@pytest.mark.parametrize("one", sorted(SEPARATED_ROLES))
@pytest.mark.parametrize("other", sorted(SEPARATED_ROLES))
def test_no_account_holds_two_administrations(one: Role, other: Role) -> None:
    if one is other:
        ensure_holdings([Holding(one), Holding(Role.OFFICER)])
        return
    with pytest.raises(RolesSeparatedError):
        ensure_holdings([Holding(one), Holding(other)])


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_who_works_for_the_bureau_holds_no_founders_role(role: Role) -> None:
    place = {Role.DEPT_LIAISON: {"department": "kjj"}, Role.STREET_LIAISON: {"street": "tangye"}}
    held = Holding(role, **place.get(role, {}))
    with pytest.raises(RolesSeparatedError) as caught:
        ensure_holdings([held, Holding(Role.FOUNDER)])
    assert caught.value.code == "account.founder_is_staff"
    if role is Role.AUDITOR:
        with pytest.raises(RolesSeparatedError):
            ensure_holdings([held, Holding(Role.MENTOR)])
    else:
        ensure_holdings([held, Holding(Role.MENTOR)])
    ensure_holdings([Holding(Role.MENTOR), Holding(Role.FOUNDER)])


@pytest.mark.parametrize(
    ("holdings", "field"),
    [
        ([], "role"),
        ([Holding(Role.SYSTEM)], "role"),
        ([Holding(Role.OFFICER), Holding(Role.OFFICER)], "role"),
        ([Holding(Role.DEPT_LIAISON)], "department"),
        ([Holding(Role.STREET_LIAISON)], "street"),
        ([Holding(Role.STREET_LIAISON, street="")], "street"),
        ([Holding(Role.OFFICER, department="kjj")], "department"),
        ([Holding(Role.DEPT_LIAISON, department="kjj", street="tangye")], "street"),
    ],
)
def test_roles_without_or_with_a_wrong_place_are_refused(
    holdings: list[Holding], field: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        ensure_holdings(holdings)
    assert [error.field for error in caught.value.errors] == [field]


def test_liaisons_are_of_somewhere() -> None:
    ensure_holdings([Holding(Role.DEPT_LIAISON, department="kjj")])
    ensure_holdings([Holding(Role.STREET_LIAISON, street="tangye")])
    assert {Role.DEPT_LIAISON, Role.STREET_LIAISON} <= STAFF_ROLES


def test_logins_are_the_same_however_they_are_typed() -> None:
    assert clean_login("  ＬｉXiao ") == "lixiao"
    ensure_login("lixiao", "李晓")


@pytest.mark.parametrize(
    ("login", "name", "field"),
    [
        ("", "李晓", "login"),
        ("li xiao", "李晓", "login"),
        ("li\x00xiao", "李晓", "login"),
        ("x" * 65, "李晓", "login"),
        ("lixiao", "  ", "name"),
        ("lixiao", "李" * 101, "name"),
        ("lixiao", "李\n晓", "name"),
    ],
)
def test_unusable_logins_and_names_are_named(login: str, name: str, field: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        ensure_login(login, name)
    assert {error.field for error in caught.value.errors} == {field}


def test_an_hour_of_guessing_is_judged_a_few_times_only() -> None:
    judged, passed = 0, 0.0
    while passed < 3600:
        judged += 1
        passed += wait_after(judged).total_seconds()
    assert judged <= 20
