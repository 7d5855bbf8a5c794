import json

import pytest

from app.domain.service_record import ConflictFacts, SessionFacts, from_stored, to_stored
from tests.moments import at
from tests.unit.domain.service_facts import (
    TEAM,
    a_lead,
    a_person,
    a_session,
    all_decided,
    an_expert,
    decided,
)


@pytest.mark.parametrize(
    "facts",
    [
        a_session(),
        a_session(confirmation=None, venture=None, attendees=()),
        a_session(venture=TEAM, is_in_district=False),
        a_session(conflicts=(ConflictFacts("M1", waived_at=at("09-01 10:00")),)),
        a_session(
            experts=(a_lead(category="scholar"), an_expert("M2")),
            attendees=(a_person(group="veteran"), a_person("F2")),
        ),
    ],
)
def test_a_decision_survives_being_stored(facts: SessionFacts) -> None:
    for decision in (decided(facts), decided(facts, at("09-15 10:30"))):
        assert from_stored(json.loads(json.dumps(to_stored(decision)))) == decision


def test_a_merged_part_survives_being_stored() -> None:
    parts = (a_session("A", "09-15 09:00", 35), a_session("B", "09-15 10:00", 30))
    for decision in all_decided(*parts).values():
        assert from_stored(json.loads(json.dumps(to_stored(decision)))) == decision


def test_what_was_stored_in_another_form_is_refused() -> None:
    stored = to_stored(decided(a_session()))
    with pytest.raises(ValueError, match="half_counted"):
        from_stored(stored | {"status": "half_counted"})
    with pytest.raises(KeyError):
        from_stored({})
