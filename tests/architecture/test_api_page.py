"""docs/api.md lists every route that is served, for whom it is and what it does."""

import re
from pathlib import Path

import pytest
from flask import Flask

from app.api.openapi import path_of, routes
from app.domain.actor import PERMISSIONS, Permission, Role
from tests.serving import app

__all__ = ["app"]

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
HEADING = "\n## Every route\n"
ROW = re.compile(r"^\| `(?:GET|POST|PUT|PATCH|DELETE) /[^`]*` \|.*\|$", re.MULTILINE)
# An approver may whatever an officer may, which a test of actors shows.
PEOPLE = {
    Role.FOUNDER: "founders",
    Role.MENTOR: "mentors",
    Role.OFFICER: "officers",
    Role.APPROVER: "approvers",
    Role.STREET_LIAISON: "streets",
    Role.DEPT_LIAISON: "departments",
    Role.AUDITOR: "auditors",
    Role.SYS_ADMIN: "sys_admin",
    Role.SEC_ADMIN: "sec_admin",
    Role.AUDIT_ADMIN: "audit_admin",
}


def told(permissions: frozenset[Permission]) -> str:
    """Return who may, by any of the permissions."""
    may = {role for role in PEOPLE if permissions & PERMISSIONS[role]}
    if not permissions or may == set(PEOPLE):
        return "everybody" if not permissions else "all who sign in"
    if Role.OFFICER in may:
        may.discard(Role.APPROVER)
    return ", ".join(word for role, word in PEOPLE.items() if role in may)


def served(app: Flask) -> list[str]:
    """Return the row of each route."""
    rows = []
    for rule, method, promised in routes(app):
        path = re.sub(r"{\w+}", "{id}", path_of(rule).removeprefix("/api/v1"))
        summary = promised.summary.removesuffix(".").replace("|", "\\|")
        rows.append(f"| `{method} {path}` | {told(promised.permissions)} | {summary} |")
    return rows


def test_the_page_of_the_api_lists_exactly_the_routes_there_are(app: Flask) -> None:
    written = ROW.findall(PAGE.read_text(encoding="utf-8").partition(HEADING)[2])
    rows = served(app)

    missing = sorted(set(rows) - set(written))
    gone = sorted(set(written) - set(rows))
    assert not missing, "rows to add to docs/api.md:\n" + "\n".join(missing)
    assert not gone, "rows of docs/api.md that hold no more:\n" + "\n".join(gone)
    assert len(written) == len(set(written)) == len(rows)


def test_an_approver_may_whatever_an_officer_may(dialect: str) -> None:
    assert PERMISSIONS[Role.OFFICER] <= PERMISSIONS[Role.APPROVER]
    assert set(PEOPLE) == set(Role) - {Role.SYSTEM}
