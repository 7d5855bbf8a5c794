"""Founder groups: what an officer has seen enters the group table, and changes no total."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from app.domain.actor import Role
from app.domain.calendar import Month
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.person import GroupProof, NothingToConsentError, SeparateConsentError
from app.domain.service_record import split_persons
from app.models.audit_entry import AuditEntry
from app.models.person import FounderGroup
from app.queries import bureau_desk
from app.queries.bureau_desk import Asked
from app.queries.service_counts.decisions import of_month
from app.queries.service_counts.group_labels import by_every_label
from app.services import audit_entries, persons
from tests.builders import a_group, staff
from tests.desk import SHEET, ServiceDesk, a_desk
from tests.journeys.district import District, Founder, Mentor
from tests.moments import day

SEPTEMBER = Month(2026, 9)
SEEN = GroupProof.CERTIFICATE


@pytest.fixture
def mentor(district: District) -> Mentor:
    return district.mentor("高源")


def verify(district: District, person_id: Any, code: str, actor: Any = None) -> FounderGroup:
    who = actor or district.officer
    return district.store.execute(who, persons.verify_group, person_id, code, SEEN)


def table(district: District) -> Mapping[str, tuple[int, int]]:
    """Return 人次 and 人数 of September by group."""
    with district.store.read(district.officer) as reader:
        decisions = [version.decision for version in of_month(reader, SEPTEMBER).values()]
    found = split_persons(decisions, SEPTEMBER)
    return {code: (part.person_times, part.distinct_persons) for code, part in found.items()}


def overlapping(district: District) -> Mapping[str, tuple[int, int]]:
    """Return 人次 and 人数 of September by every label, each as its rows sum to it."""
    figures: dict[str, tuple[int, int]] = {}
    with district.store.read(district.officer) as reader:
        for label, told in by_every_label(reader, SEPTEMBER, SEPTEMBER).items():
            figures[label] = (told.person_times, told.distinct_persons)
            behind = (
                bureau_desk.figure(reader, Asked(months=(SEPTEMBER,), measure=name, label=label))
                for name in ("person_times", "distinct_persons")
            )
            assert tuple(each.value for each in behind) == figures[label]
    return figures


def twice_served(district: District, mentor: Mentor, name: str) -> Founder:
    founder = district.founder(name)
    for start in ("09-17 14:00", "09-18 14:00"):
        district.served(mentor, founder, start)
    return founder


def test_a_group_enters_the_table_once_it_is_verified_and_no_total_changes(
    district, mentor
) -> None:
    founder = twice_served(district, mentor, "李晓")
    for code in ("returning_migrant", "college_graduate"):
        a_group(district.store, founder.person, code)
    before = district.measures(SEPTEMBER).own
    assert table(district) == {"unverified": (2, 1)}

    group = verify(district, founder.person_id, "returning_migrant")

    assert (group.verified_by_id, group.verified_at) == (
        district.officer.account_id,
        district.clock.now(),
    )
    assert table(district) == {"returning_migrant": (2, 1)}
    # What was named and not verified stands nowhere.
    assert overlapping(district) == {"returning_migrant": (2, 1)}
    # Of two the one that comes first in the vocabulary is the primary.
    verify(district, founder.person_id, "college_graduate")
    assert table(district) == {"college_graduate": (2, 1)}
    assert overlapping(district) == {"college_graduate": (2, 1), "returning_migrant": (2, 1)}
    assert district.measures(SEPTEMBER).own == before

    entries = len(district.rows(AuditEntry))
    again = verify(district, founder.person_id, "college_graduate", district.approver)
    assert again.verified_by_id == district.officer.account_id
    assert len(district.rows(AuditEntry)) == entries
    own = district.rows(AuditEntry, AuditEntry.action == "person.group_verified")
    assert len(own) == 2
    for entry in own:
        assert '"proof":"certificate"' in entry.body.replace(" ", "")
        assert "graduate" not in entry.body
    with district.store.read(district.approver) as reader:
        assert audit_entries.verify(reader, district.store.audit_key()).faults == []


def test_a_closed_month_keeps_what_was_reported_and_gets_no_adjustment(district, mentor) -> None:
    founder = twice_served(district, mentor, "李晓")
    a_group(district.store, founder.person, "college_graduate")
    district.close(SEPTEMBER, "10-13 09:00")
    reported = district.measures(SEPTEMBER).as_reported

    verify(district, founder.person_id, "college_graduate")

    counts = district.measures(SEPTEMBER)
    assert (counts.as_reported, counts.restated) == (reported, reported)
    assert district.measures(Month(2026, 10)).adjustments == ()


def test_who_is_one_person_is_of_one_group_under_every_record(district, mentor) -> None:
    first, second = district.founder("赵敏"), district.founder("赵 敏")
    district.served(mentor, first, "09-17 14:00")
    district.served(mentor, second, "09-18 14:00")
    a_group(district.store, first.person, "college_graduate")
    double = district.store.execute(
        district.officer, persons.propose_double, second.person_id, first.person_id, "证件相同"
    )
    verify(district, first.person_id, "college_graduate")
    assert table(district) == {"college_graduate": (1, 1), "unverified": (1, 1)}
    district.store.execute(district.approver, persons.approve_double, double.id)
    assert table(district) == {"college_graduate": (2, 1)}

    a_group(district.store, second.person, "veteran")
    verify(district, second.person_id, "veteran")
    # It comes before the other's, and so stands for both; also in what is decided later.
    assert table(district) == {"veteran": (2, 1)}
    district.served(mentor, second, "09-21 14:00")
    assert table(district) == {"veteran": (3, 1)}
    assert overlapping(district) == {"college_graduate": (3, 1), "veteran": (3, 1)}


def test_a_sensitive_group_is_verified_only_under_a_sheet_of_its_own(store, clock) -> None:
    desk: ServiceDesk = a_desk(store, clock)
    consented = desk.registers(group="hardship_employment", group_consent=SHEET)
    silent = desk.registers("孙大爷", phone="13700009999")
    a_group(store, silent, "hardship_employment")

    assert verify(desk.district, consented.id, "hardship_employment").verified_at is not None
    with pytest.raises(SeparateConsentError):
        verify(desk.district, silent.id, "hardship_employment")
    with pytest.raises(NotFoundError):
        verify(desk.district, silent.id, "veteran")
    with pytest.raises(NothingToConsentError):
        store.execute(desk.clerk, persons.take_group_consent, consented.id, SHEET)
    for actor in (desk.clerk, staff(store, Role.AUDITOR)):
        with pytest.raises(ForbiddenError):
            verify(desk.district, silent.id, "hardship_employment", actor)
    with pytest.raises(NotFoundError):
        verify(desk.district, silent.id, "hardship_employment", desk.stranger)
    with pytest.raises(NotFoundError):
        store.execute(desk.stranger, persons.take_group_consent, silent.id, SHEET)

    tomorrow = replace(SHEET, given_on=day("09-17"))
    with pytest.raises(InvalidInputError) as refused:
        store.execute(desk.clerk, persons.take_group_consent, silent.id, tomorrow)
    assert [error.field for error in refused.value.errors] == ["given_on"]
    store.execute(desk.clerk, persons.take_group_consent, silent.id, SHEET)
    assert verify(desk.district, silent.id, "hardship_employment").verified_at is not None
