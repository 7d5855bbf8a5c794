"""勘误: two officers say what was wrong beside the figures of a closed month; no figure moves."""

from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from app.domain.actor import Role
from app.domain.calendar import Month
from app.domain.erratum import (
    ErratumCheckedError,
    ErratumCheckerError,
    ErratumStatus,
    MonthOpenError,
)
from app.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.domain.stretch import Rhythm, Stretch
from app.models.audit_entry import AuditEntry
from app.models.erratum import Erratum
from app.models.period import Adjustment, PublishedFigure
from app.queries import errata as queries
from app.services import audit_entries, errata
from tests.builders import staff
from tests.journeys.district import District
from tests.scenes import Plays

AUGUST, SEPTEMBER = Month(2026, 8), Month(2026, 9)
WORDS = "结账日按错误的日历算成 14 日，应为 13 日。"


@pytest.fixture
def plays() -> Plays:
    return {"district": District}


@pytest.fixture
def district(scene: District) -> District:
    scene.served(scene.mentor("高源"), scene.founder("王强"), "09-18 14:00", 45)
    scene.close(SEPTEMBER, "10-13 10:00")
    return scene


def propose(district: District, month: Month = SEPTEMBER, words: str = WORDS) -> Erratum:
    return district.store.execute(district.officer, errata.propose, month, words)


def printed(district: District, *months: Month, actor=None) -> queries.Errata:
    with district.store.read(actor or district.officer) as reader:
        return queries.errata(reader, months)


def figures(district: District) -> list[tuple[str, int, str]]:
    return [(row.measure, row.value, row.sha256) for row in district.rows(PublishedFigure)]


def test_an_erratum_is_printed_once_another_officer_has_checked_it_and_moves_no_figure(
    district,
) -> None:
    before, counted = figures(district), district.measures(SEPTEMBER)
    made = propose(district)
    assert printed(district, SEPTEMBER).printed == ()
    with pytest.raises(ForbiddenError):
        district.store.execute(district.officer, errata.approve, made.id)
    district.store.execute(district.approver, errata.approve, made.id, version=1)

    (row,) = printed(district, SEPTEMBER).printed
    assert (row.month, row.words, row.status) == ("2026-09", WORDS, ErratumStatus.APPROVED)
    assert (row.made_by, row.checked_by) == (district.officer.name, district.approver.name)
    assert row.checked_at == district.clock.now()
    assert printed(district, *Stretch.of(Rhythm.QUARTER, SEPTEMBER.first_on).months).printed
    assert printed(district, AUGUST).printed == ()

    assert figures(district) == before
    assert district.measures(SEPTEMBER) == counted
    assert district.rows(Adjustment) == []
    entries = district.rows(AuditEntry, AuditEntry.entity == "errata")
    assert [each.action for each in entries] == ["erratum.proposed", "erratum.approved"]
    assert all("14 日" not in each.body for each in entries)
    with district.store.read(district.approver) as reader:
        assert audit_entries.verify(reader, district.store.audit_key()).faults == []


def test_who_proposed_does_not_check_and_nothing_is_checked_twice(district) -> None:
    own = district.store.execute(district.approver, errata.propose, SEPTEMBER, WORDS)
    for verb in (errata.approve, errata.refuse):
        with pytest.raises(ErratumCheckerError):
            district.store.execute(district.approver, verb, own.id)
    other = staff(district.store, Role.APPROVER)
    with pytest.raises(ConflictError):
        district.store.execute(other, errata.refuse, own.id, version=9)
    district.store.execute(other, errata.refuse, own.id)
    with pytest.raises(ErratumCheckedError):
        district.store.execute(other, errata.approve, own.id)
    assert printed(district, SEPTEMBER).printed == ()
    assert district.one(Erratum).status is ErratumStatus.REFUSED
    with pytest.raises(NotFoundError):
        district.store.execute(other, errata.approve, uuid4())


def test_an_open_month_has_none_and_words_must_be_there(district) -> None:
    with pytest.raises(MonthOpenError):
        propose(district, Month(2026, 10))
    for words in (" ", "长" * 501):
        with pytest.raises(InvalidInputError):
            propose(district, words=words)
    assert district.rows(Erratum) == []


def test_what_waits_is_shown_to_those_alone_who_propose_or_check(district) -> None:
    propose(district)
    assert len(printed(district, SEPTEMBER).waiting) == 1
    liaison = staff(district.store, Role.STREET_LIAISON, street="tangye")
    assert printed(district, SEPTEMBER, actor=liaison).waiting == ()
    with pytest.raises(ForbiddenError):
        district.store.execute(liaison, errata.propose, SEPTEMBER, WORDS)


def test_the_database_keeps_it_and_knows_two_people(district, database_url) -> None:
    propose(district)
    raw = create_engine(database_url)
    for attack in (
        "DELETE FROM errata",
        "UPDATE errata SET status = 'approved', checked_by_id = made_by_id, checked_at = made_at",
    ):
        with pytest.raises(IntegrityError), raw.begin() as connection:
            connection.execute(text(attack))
    # The control: a statement the rules allow reaches the row.
    with raw.begin() as connection:
        assert connection.execute(text("UPDATE errata SET version = 2")).rowcount == 1
    raw.dispose()
    assert district.one(Erratum).status is ErratumStatus.PROPOSED
