"""Who plays in the demo: sign-ins of every role, mentors and founders."""

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.cli.demo.history import Cast
from app.domain.account import Holding
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.ids import AccountId, ExpertId, PersonId
from app.domain.person import Contact
from app.models.account import Account
from app.models.expert import Expert
from app.models.need import Need
from app.services import accounts, persons
from app.services.accounts import NewAccount
from app.unit_of_work import Store

Row = Mapping[str, Any]


class Casting:
    """Registers accounts as the file of sign-ins tells them."""

    def __init__(self, store: Store, told: Mapping[str, Any]) -> None:
        self._store = store
        self._rows: list[Row] = told["accounts"]
        self._password: str = told["password"]

    def cast(self, pool: Mapping[str, Expert]) -> Cast:
        """Register the staff and every mentor, and return who plays which part."""
        logins = {row["expert_ref"]: row["login"] for row in self._rows if row["expert_ref"]}
        for row in self._rows:
            if row["role"] not in (Role.MENTOR, Role.FOUNDER):
                self._staff(row)
        return Cast(
            needs={},
            founders={},
            experts={ref: expert.id for ref, expert in pool.items()},
            mentors={
                ref: self._mentor(ref, expert, logins.get(ref)) for ref, expert in pool.items()
            },
        )

    def founder(self, need: Need) -> Actor:
        """Return who speaks for a need, registered where he has a sign-in."""
        stated = next((row for row in self._rows if row["need_ref"] == need.source_ref), None)
        account = None
        if stated:
            holding = Holding(Role.FOUNDER)
            login, name = stated["login"], stated["name"]
            account = self._register(login, name, holding, self._password, need.person_id)
        return Actor(
            roles=frozenset({Role.FOUNDER}),
            account_id=AccountId(account.id) if account else None,
            person_id=PersonId(need.person_id),
        )

    def staff(self) -> dict[Role, Actor]:
        """Return the first of the staff who holds each role."""
        found: dict[Role, Actor] = {}
        for row in self._rows:
            role = Role(row["role"])
            if role in (Role.MENTOR, Role.FOUNDER) or role in found:
                continue
            with self._store.read(SYSTEM) as reader:
                account_id = reader.session.scalars(
                    select(Account.id).where(Account.login == row["login"])
                ).one()
            found[role] = Actor(
                roles=frozenset({role}),
                account_id=AccountId(account_id),
                department=row["department"] if role is Role.DEPT_LIAISON else None,
                street=row["street"],
            )
        return found

    def _staff(self, row: Row) -> None:
        role = Role(row["role"])
        department = row["department"] if role is Role.DEPT_LIAISON else None
        holding = Holding(role, department, row["street"])
        self._register(row["login"], row["name"], holding, self._password, None)

    def _mentor(self, ref: str, expert: Expert, login: str | None) -> Actor:
        password = self._password if login else None
        holding = Holding(Role.MENTOR)
        account = self._register(login or ref, expert.name, holding, password, expert.person_id)
        return Actor(
            roles=frozenset({Role.MENTOR}),
            account_id=AccountId(account.id),
            person_id=PersonId(expert.person_id),
            expert_id=ExpertId(expert.id),
        )

    def _register(
        self, login: str, name: str, holding: Holding, password: str | None, person_id: UUID | None
    ) -> Account:
        # Nobody signs in as a bit part: its password is drawn and forgotten.
        new = NewAccount(
            login=login.lower(),
            name=name,
            password=password or secrets.token_urlsafe(24),
            holdings=(holding,),
            person_id=person_id,
            is_demo=True,
        )
        account = self._store.execute(SYSTEM, accounts.register, new)
        self._reach(account, holding.role)
        return account

    def _reach(self, account: Account, role: Role) -> None:
        """Let whoever signs in say where he is reached, as he would on his own page."""
        row: Row = next((each for each in self._rows if each["login"] == account.login), {})
        contact = Contact(row.get("email"), row.get("phone"))
        if contact != Contact(None, None):
            own = Actor(roles=frozenset({role}), account_id=AccountId(account.id))
            self._store.execute(own, persons.set_contact, contact)
