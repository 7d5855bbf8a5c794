"""Whom a clerk finds by what he types."""

import pytest

from app.domain.actor import Actor
from app.domain.person import Likeness, Traits
from app.queries.person_search import MOST, Found, find_persons, likely_doubles
from tests.builders import a_person
from tests.desk import ServiceDesk, a_desk
from tests.founder_road import statements
from tests.scenes import Plays


@pytest.fixture
def plays() -> Plays:
    return {"desk": a_desk}


@pytest.fixture
def desk(scene: ServiceDesk) -> ServiceDesk:
    return scene


def find(desk: ServiceDesk, words: str, actor: Actor | None = None) -> Found:
    with desk.store.read(actor or desk.clerk) as reader:
        return find_persons(reader, words)


@pytest.mark.parametrize(
    "words", ["1234", "１２３４", "138 0000 1234", "+86 13800001234", "钱", "大妈", " 钱 大妈 "]
)
def test_somebody_is_found_by_four_digits_a_whole_number_or_a_part_of_the_name(desk, words) -> None:
    person = desk.registers()
    assert [found.id for found in find(desk, words).persons] == [person.id]


@pytest.mark.parametrize("words", ["", " ", "123", "12345", "q", "%", "_", "钱%", "5555"])
def test_too_little_or_what_nobody_bears_finds_nobody(desk, words) -> None:
    desk.registers()
    a_person(desk.store, name="Qian Li", street="tangye")
    assert find(desk, words).persons == ()


def test_what_is_shown_is_masked(desk) -> None:
    desk.registers(document="居民身份证")
    (found,) = find(desk, "钱").persons
    assert (found.name, found.phone, found.birth_year) == ("钱*", "138 **** 1234", 1963)
    assert found.is_identified


def test_a_clerk_of_another_sub_district_finds_nobody_and_an_officer_does(desk) -> None:
    desk.registers()
    for words in ("1234", "钱"):
        assert find(desk, words, desk.stranger).persons == ()
        assert len(find(desk, words, desk.district.officer).persons) == 1


def test_experts_and_registrations_taken_back_are_not_found(desk) -> None:
    assert find(desk, "张敏", desk.district.officer).persons == ()
    desk.undoes(desk.registers())
    assert find(desk, "登记").persons == ()


def test_more_than_can_be_shown_is_said_and_costs_one_statement(desk) -> None:
    for _ in range(MOST + 1):
        a_person(desk.store, name="王芳", street="tangye")
    with statements(desk.store) as sent:
        found = find(desk, "王芳")
    assert (len(found.persons), found.has_more) == (MOST, True)
    assert len(sent) == 1


def test_those_much_alike_are_named_with_the_reason(desk) -> None:
    person = desk.registers(venture="钱大妈面点铺")
    asked = (
        Traits(name="钱大妈", birth_year=1963),
        Traits(name="邻居", phone="+86 138-0000-1234"),
        Traits(name="钱大妈", birth_year=1970, ventures=frozenset({"钱大妈面点铺"})),
        Traits(name="钱大妈", birth_year=1970),
        Traits(name="邻居", phone="13900001234"),
    )
    with desk.store.read(desk.clerk) as reader:
        found = [likely_doubles(reader, traits) for traits in asked]
    assert [[each.id for each in each_found] for each_found in found] == [
        [person.id],
        [person.id],
        [person.id],
        [],
        [],
    ]
    reasons = [each[0].likeness for each in found[:3]]
    assert reasons == [(Likeness.BIRTH_YEAR,), (Likeness.PHONE,), (Likeness.VENTURE,)]
