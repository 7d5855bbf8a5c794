"""`accounts create`, `grant`, `revoke`, `password`, `suspend`, `reactivate`."""

import sys

import click

from app.cli.command import CommandGroup, as_json, show
from app.domain.account import Holding
from app.domain.actor import SYSTEM, Role
from app.http.edge import the_store
from app.services import accounts

group = CommandGroup("accounts", help="Accounts and their roles.")

ROLES = click.Choice([role.value for role in Role if role is not Role.SYSTEM])


@group.command("create")
@click.option("--login", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=ROLES)
@click.option("--department", help="For a liaison of a department.")
@click.option("--street", help="For a liaison of a sub-district.")
@click.option("--expert", help="For a mentor: the reference of the expert in the pool.")
@as_json
def create(login: str, name: str, role: str, *, is_json: bool, **belonging: str | None) -> None:
    """Make an account; its password is read from standard input."""
    holding = Holding(Role(role), belonging["department"], belonging["street"])
    new = accounts.NewAccount(
        login=login,
        name=name,
        password=_password(),
        holdings=(holding,),
        must_change_password=True,
        expert_ref=belonging["expert"],
    )
    account = the_store().execute(SYSTEM, accounts.register, new)
    show({"id": account.id, "login": account.login}, is_json, account.login)


@group.command("grant")
@click.option("--login", required=True)
@click.option("--role", required=True, type=ROLES)
@click.option("--department")
@click.option("--street")
def grant(login: str, role: str, department: str | None, street: str | None) -> None:
    """Add a role to an account."""
    holding = Holding(Role(role), department, street)
    the_store().execute(SYSTEM, accounts.grant, login, holding)


@group.command("revoke")
@click.option("--login", required=True)
@click.option("--role", required=True, type=ROLES)
def revoke(login: str, role: str) -> None:
    """Take a role from an account."""
    the_store().execute(SYSTEM, accounts.revoke, login, Role(role))


@group.command("password")
@click.option("--login", required=True)
def password(login: str) -> None:
    """Set a first password, read from standard input, to be changed at the next sign-in."""
    the_store().execute(SYSTEM, accounts.set_password, login, _password())


@group.command("suspend")
@click.option("--login", required=True)
def suspend(login: str) -> None:
    """Let nobody sign in to an account."""
    the_store().execute(SYSTEM, accounts.suspend, login)


@group.command("reactivate")
@click.option("--login", required=True)
def reactivate(login: str) -> None:
    """Let an account sign in again."""
    the_store().execute(SYSTEM, accounts.reactivate, login)


def _password() -> str:
    return sys.stdin.readline().rstrip("\r\n")
