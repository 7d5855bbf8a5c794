"""Rows for tests: valid by default, one override a test."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.expert import AppointmentKind, ExpertCategory
from app.domain.ids import AccountId, ExpertId, PersonId, new_id
from app.domain.need import Channel, NeedStatus, TopicState
from app.domain.proposal import PlacedBy
from app.models.account import Account, AccountRole
from app.models.availability import AvailabilityRule
from app.models.base import Base, Ledger
from app.models.expert import Appointment, Expert
from app.models.need import Need, NeedTopic
from app.models.person import FounderGroup, IdentityLevel, Person, Venture, VentureMember
from app.models.proposal import MatchRound, Proposal
from app.unit_of_work import Store, UnitOfWork
from tests.moments import START

PASSWORD = "a long enough passphrase"
MORNING, EVENING = 9 * 60, 21 * 60
# As the duty policy of the reference data has it.
PROJECTS_A_YEAR = 5


def keep(store: Store, *rows: Base) -> None:
    """Commit the rows in the order given, ledger rows audited."""

    def use_case(uow: UnitOfWork) -> None:
        for row in rows:
            uow.add(row)
            uow.flush()
            if isinstance(row, Ledger):
                uow.audit("test.built", row)

    store.execute(SYSTEM, use_case)


def a_person(store: Store, **values: Any) -> Person:
    defaults: dict[str, Any] = {
        "name": "李晓",
        "identity_level": IdentityLevel.PHONE,
        "phone": "13800000000",
        "created_at": START,
    }
    person = Person(**{**defaults, **values})
    keep(store, person)
    return person


def a_group(store: Store, person: Person, code: str) -> FounderGroup:
    group = FounderGroup(person_id=person.id, code=code)
    keep(store, group)
    return group


def an_account(
    store: Store, role: Role = Role.OFFICER, *, person: Person | None = None, **values: Any
) -> Account:
    defaults: dict[str, Any] = {
        "login": f"u{new_id().hex}",
        "name": person.name if person else role.value,
        "password_hash": "unusable",
        "person_id": person.id if person else None,
        "created_at": START,
    }
    held = {key: values.pop(key) for key in ("department", "street") if key in values}
    account = Account(**{**defaults, **values})
    keep(store, account, AccountRole(account_id=account.id, role=role, **held))
    return account


def an_actor(account: Account, role: Role, **facts: Any) -> Actor:
    return Actor(
        roles=frozenset({role}),
        account_id=AccountId(account.id),
        person_id=PersonId(account.person_id) if account.person_id else None,
        name=account.name,
        **facts,
    )


def staff(store: Store, role: Role = Role.OFFICER, **values: Any) -> Actor:
    facts = {key: values[key] for key in ("department", "street") if key in values}
    return an_actor(an_account(store, role, **values), role, **facts)


def a_founder(store: Store, **values: Any) -> Actor:
    """Return a founder who can sign in."""
    person = a_person(store, **values)
    return an_actor(an_account(store, Role.FOUNDER, person=person), Role.FOUNDER)


def a_mentor(store: Store, expert: Expert) -> Actor:
    """Return the account through which the expert acts."""
    account = an_account(store, Role.MENTOR, person=the_person_of(store, expert))
    return an_actor(account, Role.MENTOR, expert_id=ExpertId(expert.id))


def the_person_of(store: Store, expert: Expert) -> Person:
    def person(uow: UnitOfWork) -> Person:
        return uow.load(Person, expert.person_id)

    return store.execute(SYSTEM, person)


def an_expert(
    store: Store,
    *,
    term: tuple[date, date] | None = (date(2025, 7, 1), date(2028, 6, 30)),
    weekly: bool = True,
    **values: Any,
) -> Expert:
    """Return an appointed expert, by default free every day from 09:00 to 21:00 in all modes."""
    person = a_person(store, name=values.get("name", "张敏"))
    defaults: dict[str, Any] = {
        "person_id": person.id,
        "name": "张敏",
        "category": ExpertCategory.ENTREPRENEUR,
        "organisation": "历城某公司",
        "title": "创始人",
        "bio": "从事个体工商户与小微企业的登记、开办和经营辅导多年，熟悉注册登记全流程。",
        "expertise": ["注册登记", "个体工商户"],
        "topics": ["registration"],
        "industries": [],
        "stages": ["idea", "startup"],
        "areas": ["east_new_area"],
        "modes": ["onsite", "online", "phone"],
        "languages": ["zh"],
        "notice_hours": 0,
        "buffer_minutes": 0,
        "created_at": START,
    }
    expert = Expert(**{**defaults, **values})
    keep(store, expert)
    if term:
        keep(store, an_appointment(expert.id, *term))
    if weekly:
        keep(store, *(a_rule(expert.id, weekday) for weekday in range(7)))
    return expert


def an_appointment(
    expert_id: UUID,
    starts_on: date,
    ends_on: date,
    kind: AppointmentKind = AppointmentKind.TERM,
    approved_on: date | None = None,
) -> Appointment:
    return Appointment(
        expert_id=expert_id,
        kind=kind,
        document="历人社聘〔2025〕1号",
        starts_on=starts_on,
        ends_on=ends_on,
        approved_on=approved_on or starts_on,
    )


def a_rule(
    expert_id: UUID, weekday: int, starts: int = MORNING, ends: int = EVENING
) -> AvailabilityRule:
    return AvailabilityRule(
        expert_id=expert_id,
        weekday=weekday,
        starts_minute=starts,
        ends_minute=ends,
        modes=["onsite", "online", "phone"],
    )


def a_venture(store: Store, contact: UUID, **values: Any) -> Venture:
    """Return a venture with one contact; an unregistered team unless told otherwise."""
    defaults: dict[str, Any] = {
        "name": "李晓工作室",
        "entity_type": "company" if values.get("registered_on") else "team",
        "area": "east_new_area",
        "street": "tangye",
        "industry": "emerging_services",
        "created_at": START,
    }
    venture = Venture(**{**defaults, **values})
    member = VentureMember(venture_id=venture.id, person_id=contact, is_contact=True)
    keep(store, venture, member)
    return venture


def a_need(store: Store, person_id: UUID, **values: Any) -> Need:
    """Return a submitted need on registration."""
    topic = values.pop("topic", "registration")
    defaults: dict[str, Any] = {
        "reference": f"XQ2026-{new_id().hex[-12:]}",
        "person_id": person_id,
        "text": "我想办营业执照，不知道该注册个体户还是公司，要带哪些材料去大厅？",
        "session_type": "consultation",
        "stage": "preparing",
        "area": "east_new_area",
        "street": "tangye",
        "modes": ["onsite", "online", "phone"],
        "status": NeedStatus.SUBMITTED,
        "channel": Channel.WEB,
        "created_at": START,
        "submitted_at": START,
    }
    need = Need(**{**defaults, **values})
    code = NeedTopic(
        need_id=need.id,
        code=topic,
        certainty="clear",
        evidence="营业执照",
        state=TopicState.FOUND,
        position=0,
    )
    keep(store, need, code)
    return need


def a_shortlist(
    store: Store, need: Need, *experts: Expert, number: int = 1, shown_at: datetime = START
) -> None:
    """Keep a match round that proposed the experts in this order."""
    match_round = MatchRound(
        need_id=need.id, number=number, matcher_version="m1", created_at=shown_at, excluded=[]
    )
    proposals = [
        Proposal(
            match_round_id=match_round.id,
            need_id=need.id,
            expert_id=expert.id,
            rank=rank,
            score=1.0 / rank,
            parts=[],
            reasons=[],
            cautions=[],
            propensity=1.0,
            placed_by=PlacedBy.SCORE,
        )
        for rank, expert in enumerate(experts, start=1)
    ]
    keep(store, match_round, *proposals)
