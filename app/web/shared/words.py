"""Names of codes that every portal shows."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _

from app.domain.actor import Role
from app.domain.availability import Mode
from app.web.shared.forms import Choice

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


MODE_NAMES: Mapping[str, str] = {
    Mode.ONSITE: _("当面"),
    Mode.ONLINE: _("视频"),
    Mode.PHONE: _("电话"),
}


def role_name(role: Role) -> str:
    """Return what the role is called."""
    return ROLE_NAMES[role]


def named(names: Mapping[str, str], codes: Sequence[str]) -> list[Choice]:
    """Return the codes as choices."""
    return [Choice(code, str(names[code])) for code in codes]
