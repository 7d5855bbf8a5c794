"""Group, sex and age of a founder or an expert are never features (PIPL art. 24, D8).

Whatever the service knows of the two persons is changed, column by column as the table has them,
and every group is declared and verified; the shortlist stays the same to the byte. A column that
is added to persons later, such as sex or date of birth, is covered from its first day.
"""

import json
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Enum, inspect, select

from app.db import UTCDateTime
from app.domain.actor import SYSTEM, Actor
from app.domain.ids import new_id
from app.models.expert import Expert
from app.models.person import FounderGroup, Person
from app.models.proposal import MatchRound, Proposal
from app.models.vocabulary import Term
from app.services import proposals
from app.unit_of_work import Store, UnitOfWork
from matching import ExpertProfile, NeedProfile
from tests.builders import a_founder, a_need, an_expert, keep, the_person_of
from tests.moments import START

KEYS = {"id", "version"}
PERSONAL = {"group", "groups", "sex", "gender", "age", "born_on", "birth_date", "founder_name"}
TEXT = "我想办营业执照，再申请创业补贴，不知道该注册个体户还是公司，要带哪些材料？"


@pytest.fixture
def pool(store: Store) -> proposals.FittedPool:
    for name, bio in (
        ("赵一", "主持商标注册与专利布局诊断，熟悉成果权属。"),
        ("钱二", "负责高校毕业生和退役军人创业补贴的受理。"),
        ("孙三", "窗口办理营业执照与注册登记，熟悉个体户开办。"),
    ):
        an_expert(store, name=name, bio=bio)
    an_expert(store, name="李四", is_paused=True)
    with store.read(SYSTEM) as reader:
        return proposals.fit_matcher(reader)


def shortlist(store: Store, founder: Actor, pool: proposals.FittedPool) -> bytes:
    """Return everything that is proposed to the founder, as bytes."""
    need = a_need(store, founder.person_id, text=TEXT)
    made: MatchRound = store.execute(founder, proposals.refresh, need.id, pool)
    with store.read(SYSTEM) as reader:
        rows = reader.session.scalars(
            select(Proposal).where(Proposal.match_round_id == made.id).order_by(Proposal.rank)
        ).all()
    shown = [[str(row.expert_id), row.score, row.parts, row.reasons, row.cautions] for row in rows]
    return json.dumps([shown, made.excluded], ensure_ascii=False).encode()


def another(column: Column[Any], value: Any) -> Any:
    """Return a value of the column's kind that is not the present one."""
    if isinstance(column.type, Enum):
        return next(each for each in column.type.python_type if each != value)
    if isinstance(column.type, UTCDateTime):
        return START - timedelta(days=20 * 365)
    kind = column.type.python_type
    if issubclass(kind, date):
        return date(1961, 1, 1)
    if issubclass(kind, bool):
        return not value
    return 63 if issubclass(kind, int) else f"另一位 {new_id().hex[-8:]}"


def changed(store: Store, person: Person) -> None:
    """Change everything of a person but his key."""

    def use_case(uow: UnitOfWork) -> None:
        row = uow.load(Person, person.id)
        for column in inspect(Person).columns:
            if column.name not in KEYS:
                setattr(row, column.name, another(column, getattr(row, column.name)))

    store.execute(SYSTEM, use_case)


def the_founder(store: Store, founder: Actor) -> Person:
    with store.read(SYSTEM) as reader:
        person = reader.session.get(Person, founder.person_id)
    assert person is not None
    return person


def every_group(store: Store, founder: Actor) -> int:
    with store.read(SYSTEM) as reader:
        codes = reader.session.scalars(select(Term.code).where(Term.vocabulary == "founder_group"))
        groups = [
            FounderGroup(person_id=founder.person_id, code=code, verified_at=START)
            for code in codes.all()
        ]
    keep(store, *groups)
    return len(groups)


def test_who_the_founder_is_changes_nothing_in_his_shortlist(store, pool) -> None:
    founder, other = a_founder(store), a_founder(store)
    before = shortlist(store, founder, pool)
    changed(store, the_founder(store, other))
    assert every_group(store, other) > 5

    assert shortlist(store, other, pool) == before
    # The bytes say something: another text gives others.
    assert b"pause" in before
    assert len(json.loads(before)[0]) == 3


def test_who_the_expert_is_beside_his_work_changes_nothing(store, pool) -> None:
    founder = a_founder(store)
    before = shortlist(store, founder, pool)
    with store.read(SYSTEM) as reader:
        experts = reader.session.scalars(select(Expert)).all()
    for expert in experts:
        changed(store, the_person_of(store, expert))
    assert shortlist(store, founder, pool) == before


@pytest.mark.parametrize("profile", [NeedProfile, ExpertProfile])
def test_the_matcher_has_no_place_for_such_a_feature(profile: Any) -> None:
    names = {field.name for field in fields(profile)}
    assert names.isdisjoint(PERSONAL)
    assert not {name for name in names if "group" in name or "birth" in name}
