"""The words of a copy of somebody's own data: headings, kinds of rows, fields and values."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.queries.own_data import Section
from app.queries.vocabularies import Labels
from app.web.shared.formatting import clock_time, local
from app.web.shared.own_copy_words.fields import FIELDS
from app.web.shared.own_copy_words.values import VALUES

# Which list of words a field's codes are taken from.
VOCABULARIES: Mapping[str, str] = {
    "session_type": "session_type",
    "industry": "industry",
    "area": "area",
    "street": "street",
    "stage": "venture_stage",
    "entity_type": "entity_type",
    "mode": "delivery_mode",
    "end_reason": "decline_cancel_reason",
    "no_show": "no_show",
    "reason": "not_counted_reason",
}
NAMED = (*sorted(set(VOCABULARIES.values())), "founder_group", "need_topic", "outcome", "role")
_CODES = {"founder_groups": "founder_group", "need_topics": "need_topic"}
_RESULTS = {"outcome_versions": "outcome"}

SECTIONS: Mapping[Section, Any] = {
    Section.PROFILE: _("基本资料"),
    Section.VENTURES: _("创业项目"),
    Section.CONSENTS: _("同意书"),
    Section.NEEDS: _("需求和推荐"),
    Section.BOOKINGS: _("预约"),
    Section.MEETINGS: _("见面和统计"),
    Section.RECORDS: _("服务记录和文件"),
    Section.WORDS: _("您说过的话"),
    Section.ACTIVITIES: _("活动"),
    Section.SUPPORT: _("扶持事项"),
    Section.MESSAGES: _("消息"),
    Section.LOOKS: _("登录和查看记录"),
}
KINDS: Mapping[str, Any] = {
    "persons": _("个人"),
    "accounts": _("账户"),
    "founder_groups": _("重点群体"),
    "person_aliases": _("合并过的登记"),
    "ventures": _("项目"),
    "consents": _("签过的同意书"),
    "consent_withdrawals": _("撤回过的同意"),
    "needs": _("需求"),
    "need_topics": _("从需求里看出的主题"),
    "proposals": _("推荐过的导师"),
    "board_posts": _("揭榜"),
    "bookings": _("预约"),
    "time_offers": _("改期提议"),
    "waiting_entries": _("候补"),
    "service_sessions": _("服务场次"),
    "attendances": _("到场"),
    "log_lines": _("通话与入会记录"),
    "standing_records": _("是否计入统计"),
    "outcome_versions": _("导师写的服务记录"),
    "action_items": _("要办的事"),
    "diagnosis_materials": _("诊断资料"),
    "diagnosis_presentations": _("诊断汇报"),
    "attachments": _("文件"),
    "confirmations": _("确认"),
    "ratings": _("评价"),
    "tickets": _("对评价的回访"),
    "disputes": _("争议"),
    "diagnosis_words": _("对汇报的答复"),
    "follow_ups": _("跟踪回访"),
    "written_answers": _("书面提问"),
    "sample_calls": _("抽查电话"),
    "registrations": _("报名"),
    "review_projects": _("评审项目"),
    "support_items": _("扶持事项"),
    "opening_rows": _("期初名单"),
    "messages": _("收到的消息"),
    "deliveries": _("发送情况"),
    "preferences": _("接收设置"),
    "sign_in_sessions": _("登录"),
    "calendar_feeds": _("日历订阅"),
    "access_entries": _("谁看过您的资料"),
}
# What people wrote themselves is never taken for a code.
_PROSE = frozenset(
    {
        "name",
        "text",
        "note",
        "title",
        "question",
        "advice",
        "said",
        "remark",
        "statement",
        "document",
        "owner",
        "login",
        "reference",
        "subject",
    }
)


def section_name(section: Section) -> str:
    """Return the heading of a section."""
    return str(SECTIONS[section])


def kind_name(kind: str) -> str:
    """Return what the rows of a kind are called."""
    return str(KINDS[kind])


def field_name(name: str) -> str:
    """Return what a field is called."""
    return str(FIELDS[name])


def shown(kind: str, field: str, value: Any, names: Labels) -> str:
    """Return a value as a person reads it."""
    if isinstance(value, bool):
        return str(gettext("是") if value else gettext("否"))
    if isinstance(value, datetime):
        on = local(value)
        return f"{on.year}-{on.month:02}-{on.day:02} {clock_time(value)}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "; ".join(
            f"{FIELDS.get(key, key)}: {shown(kind, key, each, names)}"
            for key, each in value.items()
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(shown(kind, field, each, names) for each in value)
    return _worded(kind, field, str(getattr(value, "value", value)), names)


def _worded(kind: str, field: str, code: str, names: Labels) -> str:
    vocabulary = VOCABULARIES.get(field)
    if field == "code":
        vocabulary = _CODES.get(kind)
    elif field == "result":
        vocabulary = _RESULTS.get(kind)
    elif field == "who":
        vocabulary = None if code == "self" else "role"
    if vocabulary:
        return str(names.of(vocabulary, code))
    is_prose = field in _PROSE
    return code if is_prose else str(VALUES.get(code, code))
