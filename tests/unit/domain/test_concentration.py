"""Concentration: how far the services of a period lie with few."""

from app.domain.concentration import TOP, Few, Pair, concentration
from app.domain.service_record import SessionType, VentureFacts, decide_all
from tests.moments import day
from tests.unit.domain.service_facts import (
    LONG_AFTER,
    POLICY,
    TEAM,
    a_lead,
    a_person,
    a_session,
)

FIRM, SHOP = (VentureFacts(key, day("01-10")) for key in ("V8", "V9"))


def decided(*sessions):
    return decide_all(list(sessions), [POLICY], LONG_AFTER)


def met(name: str, when: str, expert: str, *people: str, **values):
    values = {"experts": (a_lead(expert),), "venture": FIRM, **values}
    return a_session(name, when, 60, attendees=tuple(map(a_person, people)), **values)


def test_pairs_experts_and_enterprises_of_one_person_are_counted() -> None:
    found = concentration(
        decided(
            met("a", "09-07 10:00", "M1", "F1"),
            met("b", "09-08 10:00", "M1", "F1", venture=SHOP),
            met("c", "09-09 10:00", "M1", "F1"),
            met("d", "09-10 10:00", "M2", "F1", "F2"),
            met("e", "09-11 10:00", "M2", "F3", venture=TEAM),
        )
    )
    assert (found.services, found.meetings) == (5, 6)
    assert found.pairs[0] == Pair("M1", "F1", 3)
    assert found.of_pairs == sum(pair.count for pair in found.pairs) == 6
    assert found.experts == (Few("M1", 3), Few("M2", 2))
    assert (found.enterprises, found.single) == (2, (Few("V9", 1),))


def test_lectures_and_what_does_not_count_have_no_part_in_it() -> None:
    found = concentration(
        decided(
            met("a", "09-07 10:00", "M1", "F1", session_type=SessionType.LECTURE),
            met("b", "09-08 10:00", "M1", "F1", confirmation=None),
        )
    )
    assert (found.services, found.meetings, found.pairs, found.single) == (0, 0, (), ())


def test_ten_pairs_are_named_whatever_their_number_and_always_the_same() -> None:
    sessions = [met(f"s{n}", f"09-{n + 1:02} 10:00", "M1", f"F{n:02}") for n in range(12)]
    found = concentration(decided(*sessions))
    assert len(found.pairs) == TOP
    assert [pair.person_id for pair in found.pairs] == [f"F{n:02}" for n in range(TOP)]
    assert (found.of_pairs, found.meetings) == (10, 12)
