"""夜间自查: what the last look over the books found, each with the row it is about."""

from collections.abc import Mapping

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.domain.actor import Permission
from app.domain.ids import parse_id
from app.domain.self_audit import Check, Finding
from app.http.policy import policy
from app.http.run import reading
from app.queries.self_audits import newest
from app.web.shared.layout import is_open

PAGE = "/bureau/self-audit"
CHECK_NAMES: Mapping[Check, str] = {
    Check.TIME_DOUBLED: _("同一个人或场所的时间重叠"),
    Check.REMINDER_ORPHANED: _("预约已经不办，提醒还在等"),
    Check.BEYOND_TERM: _("预约的日子不在导师聘期内"),
    Check.COUNT_DIFFERS: _("重算的计数结果和台账不同"),
    Check.COLUMNS_DIFFER: _("汇总用的明细和台账不同"),
    Check.FIGURE_DIFFERS: _("已公布的数字和它的校验值不符"),
    Check.SPLIT_DIFFERS: _("分项相加不等于合计"),
    Check.POINTS_DIFFER: _("积分和计入的服务不一致"),
    Check.TRAIL_BROKEN: _("操作记录的封存链对不上"),
    Check.FILE_CHANGED: _("附件和存入时的校验值不符"),
    Check.FILE_MISSING: _("附件的原件找不到了"),
}
_OF_SESSION = frozenset(
    {Check.COUNT_DIFFERS, Check.COLUMNS_DIFFER, Check.FILE_CHANGED, Check.FILE_MISSING}
)


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get(PAGE)(self_audit)


@policy(Permission.READ_COUNTS)
def self_audit() -> ResponseReturnValue:
    """Show what the last self-audit found, kind by kind."""
    with reading() as reader:
        last = newest(reader)
    kinds = {
        check: [each for each in last.findings if each.check is check] if last else []
        for check in Check
    }
    return render_template(
        "bureau/auditing/self_audit.html", last=last, kinds=kinds, names=CHECK_NAMES, link=_link
    )


def _link(finding: Finding) -> str:
    """Return where the row that a finding is about is shown, empty where it has no page."""
    if finding.check in _OF_SESSION and parse_id(finding.subject):
        return url_for("bureau.session", session_id=finding.subject)
    if finding.check is Check.TRAIL_BROKEN:
        return url_for("bureau.verify") if is_open(url_for("bureau.verify")) else ""
    if finding.check is Check.POINTS_DIFFER:
        return url_for("bureau.point_list", expert_id=finding.subject)
    if finding.check is Check.SPLIT_DIFFERS:
        return url_for("bureau.report", month=finding.subject)
    if finding.check is Check.FIGURE_DIFFERS:
        return url_for("bureau.report", month=finding.facts.get("month", ""))
    return ""
