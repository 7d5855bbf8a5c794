"""Names of codes that every portal shows."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from app.domain.actor import Role

ROLE_NAMES: Mapping[Role, str] = {
    Role.FOUNDER: _("创业者"),
    Role.MENTOR: _("创业导师"),
    Role.OFFICER: _("人社局经办"),
    Role.APPROVER: _("人社局审批"),
    Role.DEPT_LIAISON: _("部门联络员"),
    Role.STREET_LIAISON: _("街道经办"),
    Role.AUDITOR: _("审计查阅"),
    Role.SYS_ADMIN: _("系统管理员"),
    Role.SEC_ADMIN: _("安全管理员"),
    Role.AUDIT_ADMIN: _("审计管理员"),
}


def role_name(role: Role) -> str:
    """Return what the role is called."""
    return ROLE_NAMES[role]
