"""The claim of twelve months: evidence of the register, another approves, once for each pairing."""

from datetime import date

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from app.domain.claim import (
    ClaimCheckedError,
    ClaimStatus,
    NotPairedError,
    SameOfficerError,
    TooEarlyToClaimError,
    opens_on,
)
from app.domain.errors import ForbiddenError, InvalidInputError
from app.models.claim import Claim
from app.queries.claims import pairing_page
from app.services import claims
from tests.journeys.district import District, Founder, Mentor
from tests.scenes import Plays
from tests.turns import on_each

PROOF = "国家企业信用信息公示系统，存续，查询号 20261120-7"


class Paired(District):
    """高源 tutored 孙丽, whose business was registered on 20 November 2025."""

    mentor_: Mentor
    owner: Founder


def paired(store, clock) -> Paired:
    district = Paired(store, clock)
    district.mentor_ = district.mentor("高源")
    district.owner = district.founder("孙丽", name="孙丽网店", registered_on=date(2025, 11, 20))
    district.served(district.mentor_, district.owner, "09-10 10:00", session_type="tutoring")
    return district


@pytest.fixture
def plays() -> Plays:
    return {"pair": paired}


@pytest.fixture
def pair(scene: Paired) -> Paired:
    return scene


def claim(pair: Paired, seen_on: date = date(2026, 11, 20), evidence: str = PROOF) -> Claim:
    assert pair.owner.venture is not None
    ids = pair.mentor_.expert.id, pair.owner.venture.id
    return pair.store.execute(pair.officer, claims.claim, *ids, evidence, seen_on)


def test_it_opens_when_the_venture_has_run_twelve_months(pair: Paired) -> None:
    pair.wait_until("11-19 23:59")
    with pytest.raises(TooEarlyToClaimError) as refused:
        claim(pair)
    assert refused.value.facts == {"opens_on": date(2026, 11, 20)}
    pair.wait_until("11-20 00:00")
    row = claim(pair)
    assert (row.status, row.opens_on, row.amount_yuan) == (
        ClaimStatus.CLAIMED,
        date(2026, 11, 20),
        8000,
    )
    assert opens_on(date(2024, 2, 29)) == date(2025, 2, 28)


def test_a_second_try_returns_the_first_claim(pair: Paired) -> None:
    pair.wait_until("11-21 09:00")
    first = claim(pair)
    assert claim(pair, date(2026, 11, 21), "另一次查询").id == first.id
    pair.store.execute(pair.approver, claims.refuse, first.id)
    assert claim(pair).id == first.id
    (kept,) = pair.rows(Claim)
    assert (kept.evidence, kept.status) == (PROOF, ClaimStatus.REFUSED)


def test_it_needs_evidence_seen_after_the_twelve_months(pair: Paired) -> None:
    pair.wait_until("11-21 09:00")
    for values in (
        {"evidence": " "},
        {"seen_on": date(2026, 11, 19)},
        {"seen_on": date(2027, 1, 1)},
    ):
        with pytest.raises(InvalidInputError):
            claim(pair, **values)
    assert pair.rows(Claim) == []


def test_another_person_approves_it_once(pair: Paired) -> None:
    pair.wait_until("11-21 09:00")
    row = claim(pair)
    with pytest.raises(ForbiddenError):
        pair.store.execute(pair.officer, claims.approve, row.id)
    approved = pair.store.execute(pair.approver, claims.approve, row.id, version=row.version)
    assert approved.status is ClaimStatus.APPROVED
    with pytest.raises(ClaimCheckedError):
        pair.store.execute(pair.approver, claims.approve, row.id)


def test_who_entered_it_does_not_approve_it(pair: Paired) -> None:
    assert pair.owner.venture is not None
    pair.wait_until("11-21 09:00")
    ids = pair.mentor_.expert.id, pair.owner.venture.id
    row = pair.store.execute(pair.approver, claims.claim, *ids, PROOF, date(2026, 11, 20))
    with pytest.raises(SameOfficerError):
        pair.store.execute(pair.approver, claims.approve, row.id)


def test_nothing_is_claimed_without_counted_tutoring_and_nothing_paid_to_an_official(
    pair: Paired,
) -> None:
    assert pair.owner.venture is not None
    official = pair.mentor("张敏", category="official")
    pair.wait_until("11-21 09:00")
    ids = official.expert.id, pair.owner.venture.id
    with pytest.raises(NotPairedError):
        pair.store.execute(pair.officer, claims.claim, *ids, PROOF, date(2026, 11, 20))
    pair.served(official, pair.owner, "11-24 10:00", session_type="tutoring")
    row = pair.store.execute(pair.officer, claims.claim, *ids, PROOF, date(2026, 11, 24))
    assert row.amount_yuan == 0


def test_the_page_says_from_when_and_what_was_claimed(pair: Paired) -> None:
    def shown() -> tuple[bool, bool]:
        with pair.store.read(pair.officer) as reader:
            (row,) = pairing_page(reader, pair.mentor_.expert.id).rows
        assert (row.services, row.opens_on) == (1, date(2026, 11, 20))
        return row.is_open, row.claim is not None

    assert shown() == (False, False)
    pair.wait_until("11-21 09:00")
    assert shown() == (True, False)
    claim(pair)
    assert shown() == (False, True)


@on_each
@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM claims",
        "UPDATE claims SET status = 'approved'",
        "UPDATE claims SET status = 'approved', checked_at = made_at, checked_by_id = made_by_id",
        "UPDATE claims SET amount_yuan = -1",
    ],
)
def test_the_database_keeps_the_law_of_claims(pair: Paired, database_url, attack: str) -> None:
    pair.wait_until("11-21 09:00")
    claim(pair)
    engine = create_engine(database_url)
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text(attack))
    engine.dispose()
