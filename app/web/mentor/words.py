"""What a mentor chooses from, in words."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _later

from app.domain.service_record import Column, Pending
from app.domain.service_session import NoShow
from app.queries.mentor_home import ReportPage
from app.web.shared.forms import Choice

END_REASONS: Mapping[str, str] = {
    "m_time_conflict": _later("时间冲突"),
    "m_not_my_field": _later("不是我的专长"),
    "m_conflict": _later("有利害关系，申请回避"),
    "m_overload": _later("近期服务太多"),
    "m_official_duty": _later("有公务"),
    "m_illness": _later("突发疾病"),
    "m_late_no_reason": _later("其他原因"),
}
RESULT_NAMES: Mapping[str, str] = {
    "resolved": _later("问题已解决"),
    "advised": _later("已给方案，等对方落实"),
    "further_session": _later("需要再约一次"),
    "referred_dept": _later("转给有关部门"),
    "referred_expert": _later("转给别的导师"),
    "not_suitable": _later("不建议继续做"),
    "unresolved": _later("没有解决"),
}
ABSENCES: Mapping[str, str] = {
    NoShow.FOUNDER: _later("创业者没有到"),
    NoShow.TECHNICAL: _later("网络或场地出了问题"),
    NoShow.BOTH: _later("双方都没有到"),
    NoShow.MENTOR: _later("导师没有到"),
}
SERVICE_NAMES: Mapping[str, str] = {
    "consultation": _later("创业咨询"),
    "diagnosis": _later("专题诊断"),
    "tutoring": _later("个别辅导"),
    "roundtable": _later("集中咨询"),
    "lecture": _later("讲座"),
    "review": _later("创业评审"),
    "follow_up": _later("跟踪回访"),
}
PENDING_NAMES: Mapping[str, str] = {
    Pending.RECORD: _later("等您填写记录"),
    Pending.CONFIRMATION: _later("等对方确认"),
    Pending.RULING: _later("等待裁定"),
}
COLUMN_NAMES: Mapping[str, str] = {
    Column.OUTSIDE_DISTRICT: _later("区外对象，单列"),
    Column.WAIVED_CONFLICT: _later("豁免回避，单列"),
    Column.TEXT: _later("图文，单列"),
    Column.FOLLOW_UP: _later("回访，单列"),
    Column.REVIEW: _later("评审，单列"),
}


def attendees(page: ReportPage) -> list[Choice]:
    """Return whom the mentor can have met."""
    return [Choice(str(person.person_id), person.name or _("同行人员")) for person in page.expected]
