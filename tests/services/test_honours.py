"""Honours: entered from a document, confirmed by another, withdrawn with a reason."""

from datetime import date

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from app.domain.errors import ConflictError, ForbiddenError, InvalidInputError
from app.domain.honour import (
    HonourCheckedError,
    HonourStatus,
    NotConfirmedError,
    SameOfficerError,
)
from app.models.honour import Honour
from app.queries.honours import valid_honours
from app.services import honours
from app.services.honours import HonourEntry
from tests.journeys.district import District, Founder, Mentor
from tests.scenes import Plays
from tests.turns import on_each

ENTRY = HonourEntry(
    "chief_adviser",
    "历人社发〔2026〕12 号",
    "区人力资源社会保障局",
    date(2026, 8, 1),
    date(2026, 12, 31),
    "评审会一致通过",
)


class Honoured(District):
    """高源 is in the pool, and 孙丽 reads his profile."""

    mentor_: Mentor
    reader_: Founder


def honoured(store, clock) -> Honoured:
    district = Honoured(store, clock)
    district.mentor_ = district.mentor("高源")
    district.reader_ = district.founder("孙丽", name="孙丽网店")
    district.wait_until("09-10 09:00")
    return district


@pytest.fixture
def plays() -> Plays:
    return {"pool": honoured}


@pytest.fixture
def pool(scene: Honoured) -> Honoured:
    return scene


def enter(pool: Honoured, actor=None, **changes: object) -> Honour:
    entry = HonourEntry(**{**{f: getattr(ENTRY, f) for f in ENTRY.__slots__}, **changes})
    who = actor or pool.officer
    return pool.store.execute(who, honours.enter, pool.mentor_.expert.id, entry)


def shown(pool: Honoured, actor) -> list[str]:
    with pool.store.read(actor) as reader:
        return [row.kind_zh for row in valid_honours(reader, pool.mentor_.expert.id)]


def test_it_is_shown_to_all_once_another_confirms_it_and_until_its_last_day(pool) -> None:
    row = enter(pool)
    readers = (pool.reader_.actor, pool.mentor_.actor, pool.officer)
    assert [shown(pool, each) for each in readers] == [[], [], []]
    pool.store.execute(pool.approver, honours.confirm, row.id, version=row.version)
    assert [shown(pool, each) for each in readers] == [["首席创业指导专家"]] * 3
    pool.wait_until("12-31 23:59")
    assert shown(pool, pool.reader_.actor) == ["首席创业指导专家"]
    pool.clock.put(pool.clock.now().replace(year=2027, month=1, day=1))
    assert [shown(pool, each) for each in readers] == [[], [], []]


def test_who_entered_it_does_not_decide_and_nobody_decides_twice(pool) -> None:
    own = enter(pool, pool.approver)
    for verdict in (honours.confirm, honours.refuse):
        with pytest.raises(SameOfficerError):
            pool.store.execute(pool.approver, verdict, own.id)
    other = enter(pool, kind="commendation")
    with pytest.raises(ForbiddenError):
        pool.store.execute(pool.officer, honours.confirm, other.id)
    pool.store.execute(pool.approver, honours.refuse, other.id)
    with pytest.raises(HonourCheckedError):
        pool.store.execute(pool.approver, honours.confirm, other.id)
    assert shown(pool, pool.officer) == []


def test_the_same_honour_of_the_same_document_stands_once(pool) -> None:
    first = enter(pool)
    with pytest.raises(ConflictError) as refused:
        enter(pool)
    assert refused.value.code == "honour.exists"
    pool.store.execute(pool.approver, honours.refuse, first.id)
    enter(pool)
    assert sorted(row.status for row in pool.rows(Honour)) == ["entered", "refused"]


def test_it_is_withdrawn_with_a_reason_and_its_row_stays(pool) -> None:
    row = enter(pool)
    with pytest.raises(NotConfirmedError):
        pool.store.execute(pool.approver, honours.withdraw, row.id, "文件有误")
    pool.store.execute(pool.approver, honours.confirm, row.id)
    with pytest.raises(InvalidInputError):
        pool.store.execute(pool.approver, honours.withdraw, row.id, " ")
    with pytest.raises(ForbiddenError):
        pool.store.execute(pool.officer, honours.withdraw, row.id, "文件有误")
    pool.store.execute(pool.approver, honours.withdraw, row.id, "文件有误")
    with pytest.raises(NotConfirmedError):
        pool.store.execute(pool.approver, honours.withdraw, row.id, "再撤一次")
    (kept,) = pool.rows(Honour)
    assert (kept.status, kept.withdrawn_reason) == (HonourStatus.WITHDRAWN, "文件有误")
    assert shown(pool, pool.reader_.actor) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "best_of_all"),
        ("document", " "),
        ("given_by", "局" * 201),
        ("given_on", date(2026, 9, 11)),
        ("valid_until", date(2026, 7, 31)),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(pool, field: str, value: object) -> None:
    with pytest.raises(InvalidInputError) as refused:
        enter(pool, **{field: value})
    assert [error.field for error in refused.value.errors] == [field]
    assert pool.rows(Honour) == []


@on_each
@pytest.mark.parametrize(
    ("attack", "is_lawful"),
    [
        ("UPDATE honours SET note = note", True),
        ("DELETE FROM honours", False),
        ("UPDATE honours SET status = 'confirmed'", False),
        (
            "UPDATE honours SET status = 'confirmed', checked_at = made_at,"
            " checked_by_id = made_by_id",
            False,
        ),
        ("UPDATE honours SET withdrawn_at = made_at", False),
        ("UPDATE honours SET valid_until = '2026-07-31'", False),
    ],
)
def test_the_database_keeps_the_law_of_honours(
    pool, database_url, attack: str, is_lawful: bool
) -> None:
    enter(pool)
    engine = create_engine(database_url)
    with engine.connect() as connection:
        if is_lawful:
            assert connection.execute(text(attack)).rowcount == 1
        else:
            with pytest.raises(DBAPIError):
                connection.execute(text(attack))
    engine.dispose()
