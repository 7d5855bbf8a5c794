from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.venture import EntityType
from app.models.audit_entry import AuditEntry
from app.models.person import Venture, VentureMember
from app.services import ventures
from app.services.ventures import VentureInput
from app.unit_of_work import Store
from tests.builders import a_founder, a_person, a_venture, staff

CODE = "91350100M000100Y43"
COMPANY = VentureInput(
    name=" 禾墒 科技 ",
    entity_type=EntityType.COMPANY,
    credit_code=CODE.lower(),
    registered_on=date(2025, 1, 2),
)


def everything(store: Store, model: Any) -> list[Any]:
    with store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(model).order_by(model.id)))


def test_a_venture_is_kept_with_its_contact(store: Store) -> None:
    founder = a_founder(store)

    venture = store.execute(founder, ventures.register, COMPANY, founder.person_id)

    assert (venture.name, venture.credit_code) == ("禾墒 科技", CODE)
    (member,) = everything(store, VentureMember)
    assert (member.venture_id, member.person_id, member.is_contact) == (
        venture.id,
        founder.person_id,
        True,
    )
    assert "venture.registered" in {entry.action for entry in everything(store, AuditEntry)}


def test_a_code_belongs_to_one_venture(store: Store) -> None:
    founder, other = a_founder(store), a_founder(store, name="王强")
    store.execute(founder, ventures.register, COMPANY, founder.person_id)

    with pytest.raises(InvalidInputError) as refused:
        store.execute(other, ventures.register, COMPANY, other.person_id)

    assert [(each.field, each.code) for each in refused.value.errors] == [
        ("venture_credit_code", "venture.credit_code_taken")
    ]
    assert len(everything(store, VentureMember)) == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (VentureInput(name=""), "venture"),
        (VentureInput(name="名" * 81), "venture"),
        (VentureInput(name="a\x07"), "venture"),
        (VentureInput(name="甲", credit_code=CODE), "venture_credit_code"),
        (VentureInput(name="甲", credit_code="1"), "venture_credit_code"),
        (VentureInput(name="甲", registered_on=date(2025, 1, 1)), "registered_on"),
    ],
)
def test_a_venture_with_a_fault_is_refused_at_its_field(store: Store, given, field) -> None:
    founder = a_founder(store)
    with pytest.raises(InvalidInputError) as refused:
        store.execute(founder, ventures.register, given, founder.person_id)
    assert [each.field for each in refused.value.errors] == [field]
    assert everything(store, Venture) == []


def test_the_bureau_links_a_second_person(store: Store) -> None:
    venture = a_venture(store, a_person(store).id)
    partner = a_person(store, name="王强")
    officer = staff(store)

    member = store.execute(officer, ventures.link, venture.id, partner.id)
    assert not member.is_contact
    again = store.execute(officer, ventures.link, venture.id, partner.id, is_contact=True)

    assert (again.id, again.is_contact) == (member.id, True)
    assert len(everything(store, VentureMember)) == 2


def test_a_founder_links_nobody(store: Store) -> None:
    founder = a_founder(store)
    venture = a_venture(store, founder.person_id)
    with pytest.raises(ForbiddenError):
        store.execute(founder, ventures.link, venture.id, founder.person_id)
    with pytest.raises(NotFoundError):
        store.execute(founder, ventures.link, venture.id, a_person(store).id)
