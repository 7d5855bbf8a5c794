"""The roles, and how far the sight of each reaches."""

from enum import StrEnum


class Role(StrEnum):
    """The ten roles of vocabulary `role`, and the service itself."""

    FOUNDER = "founder"
    MENTOR = "mentor"
    OFFICER = "officer"
    APPROVER = "approver"
    DEPT_LIAISON = "dept_liaison"
    STREET_LIAISON = "street_liaison"
    AUDITOR = "auditor"
    SYS_ADMIN = "sys_admin"
    SEC_ADMIN = "sec_admin"
    AUDIT_ADMIN = "audit_admin"
    SYSTEM = "system"


STAFF_ROLES = frozenset(Role) - {Role.FOUNDER, Role.MENTOR, Role.SYSTEM}
# 等保: the three administrators are three people.
SEPARATED_ROLES = frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN})


class Reach(StrEnum):
    """Which rows of the protected tables a role sees."""

    ALL = "all"
    OWN = "own"
    SERVED = "served"
    STREET = "street"
    DEPARTMENT = "department"


REACH: dict[Role, Reach | None] = {
    Role.FOUNDER: Reach.OWN,
    Role.MENTOR: Reach.SERVED,
    Role.OFFICER: Reach.ALL,
    Role.APPROVER: Reach.ALL,
    Role.DEPT_LIAISON: Reach.DEPARTMENT,
    Role.STREET_LIAISON: Reach.STREET,
    Role.AUDITOR: Reach.ALL,
    Role.SYS_ADMIN: None,
    Role.SEC_ADMIN: None,
    Role.AUDIT_ADMIN: None,
    Role.SYSTEM: Reach.ALL,
}
