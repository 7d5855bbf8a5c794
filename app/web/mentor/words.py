"""What a mentor chooses from, in words."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.domain.service_record import Column, Pending
from app.domain.service_session import NoShow
from app.queries.mentor_home import ReportPage
from app.web.shared.forms import Choice

END_REASONS: Mapping[str, str] = {
    "m_time_conflict": _("时间冲突"),
    "m_not_my_field": _("不是我的专长"),
    "m_conflict": _("有利害关系，申请回避"),
    "m_overload": _("近期服务太多"),
    "m_official_duty": _("有公务"),
    "m_illness": _("突发疾病"),
    "m_late_no_reason": _("其他原因"),
}
RESULT_NAMES: Mapping[str, str] = {
    "resolved": _("问题已解决"),
    "advised": _("已给方案，等对方落实"),
    "further_session": _("需要再约一次"),
    "referred_dept": _("转给有关部门"),
    "referred_expert": _("转给别的导师"),
    "not_suitable": _("不建议继续做"),
    "unresolved": _("没有解决"),
}
ABSENCES: Mapping[str, str] = {
    NoShow.FOUNDER: _("创业者没有到"),
    NoShow.TECHNICAL: _("网络或场地出了问题"),
    NoShow.BOTH: _("双方都没有到"),
    NoShow.MENTOR: _("导师没有到"),
}
SERVICE_NAMES: Mapping[str, str] = {
    "consultation": _("创业咨询"),
    "diagnosis": _("专题诊断"),
    "tutoring": _("个别辅导"),
    "roundtable": _("集中咨询"),
    "lecture": _("讲座"),
    "review": _("创业评审"),
    "follow_up": _("跟踪回访"),
}
PENDING_NAMES: Mapping[str, str] = {
    Pending.RECORD: _("等您填写记录"),
    Pending.CONFIRMATION: _("等对方确认"),
    Pending.RULING: _("等待裁定"),
}
COLUMN_NAMES: Mapping[str, str] = {
    Column.OUTSIDE_DISTRICT: _("区外对象，单列"),
    Column.WAIVED_CONFLICT: _("豁免回避，单列"),
    Column.TEXT: _("图文，单列"),
    Column.FOLLOW_UP: _("回访，单列"),
    Column.REVIEW: _("评审，单列"),
}


def attendees(page: ReportPage) -> list[Choice]:
    """Return whom the mentor can have met."""
    return [
        Choice(str(person.person_id), person.name or gettext("同行人员"))
        for person in page.expected
    ]


def colleagues(page: ReportPage) -> list[Choice]:
    """Return who else of the experts was expected."""
    return [Choice(str(each.expert_id), each.name) for each in page.colleagues]
