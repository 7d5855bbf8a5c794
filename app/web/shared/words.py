"""Names of codes that every portal shows."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _

from app.domain.actor import Role
from app.domain.availability import Mode
from app.domain.message import Channel, Topic
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

TOPIC_NAMES: Mapping[Topic, str] = {
    Topic.MEETINGS: _("预约的答复、改期和取消"),
    Topic.DUTIES: _("等您办理的事"),
    Topic.REMINDERS: _("见面前和到期前的提醒"),
    Topic.ANSWERS: _("对方确认、办结的告知"),
    Topic.MATCHING: _("匹配和揭榜的进展"),
    Topic.ACTIVITIES: _("讲座和活动的报名、候补"),
    Topic.TERMS: _("聘期和履职"),
    Topic.FOLLOW_UPS: _("办理情况回访"),
    Topic.DIGEST: _("工作日早上的简报"),
}

CHANNEL_NAMES: Mapping[Channel, str] = {Channel.EMAIL: _("邮件"), Channel.SMS: _("短信")}


def role_name(role: Role) -> str:
    """Return what the role is called."""
    return ROLE_NAMES[role]


def named(names: Mapping[str, str], codes: Sequence[str]) -> list[Choice]:
    """Return the codes as choices."""
    return [Choice(code, str(names[code])) for code in codes]
