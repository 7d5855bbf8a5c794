"""Forms of the joint report: issued, replaced, signed, stood aside from, presented."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from flask_babel import gettext as _

from app.domain.calendar import ZONE
from app.domain.diagnosis import (
    LONGEST_AUDIENCE,
    LONGEST_DISSENT,
    LONGEST_REASON,
    LONGEST_SUMMARY,
    Dissent,
)
from app.domain.errors import NotFoundError
from app.http.run import run
from app.queries.diagnoses import DiagnosisPage
from app.services import diagnoses
from app.web.shared.diagnosis.errand import Asked, Errand
from app.web.shared.forms import Choice, Form


def issue_errand(page: DiagnosisPage) -> Errand:
    """Return the form with which who leads issues the next version."""
    last = page.report.summary if page.report else ""
    return Errand(
        title=_("签发联合报告（第 %(number)s 版）", number=page.report_number + 1),
        lead=_(
            "报告由 %(count)s 条发现组成。签发就是您签名；其他导师会收到通知来签。"
            "签发以后要改，得说明原因、出新一版。",
            count=len(page.findings),
        ),
        kicker=page.reference,
        fields=(
            Asked(
                name="summary",
                label=_("总的看法"),
                kind="textarea",
                rows=6,
                hint=_("企业现在怎么样，先办什么、后办什么。"),
            ),
        ),
        button=_("签发并签名"),
        act=partial(_issue, page.session_id),
        version=page.version,
        begins={"summary": last},
    )


def revise_errand(page: DiagnosisPage) -> Errand:
    """Return the form with which who leads begins another version."""

    def act(form: Form) -> None:
        with form:
            reason = form.text("reason", longest=LONGEST_REASON)
            version = form.version()
        run(diagnoses.revise, page.session_id, reason, version=version)

    return Errand(
        title=_("修改报告，出新一版"),
        lead=_("现在这一版会保留，不再签名；新一版要请所有导师重新签名。"),
        kicker=page.reference,
        fields=(Asked(name="reason", label=_("为什么要改"), kind="textarea"),),
        button=_("开始修改"),
        act=act,
        version=page.version,
    )


def sign_errand(page: DiagnosisPage) -> Errand:
    """Return the form with which an expert signs the version that waits for him.

    Raises:
        NotFoundError: none does.
    """
    report = page.to_sign
    if report is None:
        raise NotFoundError("diagnosis_report.not_found")
    names = {each.number: f"dissent_{each.number}" for each in report.findings}
    asked = [
        Asked(
            name=names[each.number],
            label=_("对第 %(number)s 条的保留意见", number=each.number),
            kind="textarea",
            hint=each.problem,
            is_optional=True,
            rows=2,
        )
        for each in report.findings
    ]
    return Errand(
        title=_("在报告上签名（第 %(number)s 版）", number=report.number),
        lead=_("同意的不用写。对哪一条不同意，写明理由；保留意见会和报告印在一起，创业者看得到。"),
        kicker=page.reference,
        fields=(*asked, Asked(name="report_id", label="", kind="hidden")),
        button=_("签名"),
        act=partial(_sign, names),
        begins={"report_id": str(report.id)},
    )


def recuse_errand(page: DiagnosisPage) -> Errand:
    """Return the form with which an expert stands aside, or an officer has one do so."""
    panel = [each for each in page.panel if each.recused_at is None]
    options = [Choice(str(each.expert_id), each.name) for each in panel]
    named = [] if page.works else [each.value for each in options]
    who = Asked(name="expert_id", label=_("哪一位导师"), kind="radio", options=options)
    why = Asked(
        name="reason",
        label=_("为什么回避"),
        kind="textarea",
        hint=_("只有小组和人社局看得到。"),
    )
    return Errand(
        title=_("退出这次诊断（回避）"),
        lead=_("回避以后，他的时间不计入，也不再签名；报告由其余的导师重新签发、签名。不能撤回。"),
        kicker=page.reference,
        fields=(why,) if page.works else (who, why),
        button=_("登记回避"),
        act=partial(_recuse, page.session_id, named),
    )


def present_errand(page: DiagnosisPage) -> Errand:
    """Return the form that notes when the report was presented, or is going to be."""
    now = page.now.astimezone(ZONE)
    return Errand(
        title=_("登记汇报"),
        lead=_("写实际汇报的时间；约在以后的，写约好的时间。创业者会收到通知，到时候能看到报告。"),
        kicker=page.reference,
        fields=(
            Asked(name="on", label=_("哪一天"), kind="date"),
            Asked(name="at", label=_("几点"), hint=_("北京时间，例如 14:30"), size="w-s"),
            Asked(name="audience", label=_("向谁汇报"), hint=_("例如：王强、赵敏")),
        ),
        button=_("登记汇报"),
        act=partial(_present, page.session_id),
        version=page.version,
        begins={
            "on": now.date().isoformat(),
            "at": f"{now:%H:%M}",
            "audience": page.founder,
        },
    )


def _issue(session_id: UUID, form: Form) -> None:
    with form:
        summary = form.text("summary", longest=LONGEST_SUMMARY)
        version = form.version()
    run(diagnoses.issue, session_id, summary, version=version)


def _sign(names: Mapping[int, str], form: Form) -> None:
    with form:
        texts = {
            number: form.text(name, longest=LONGEST_DISSENT, required=False)
            for number, name in names.items()
        }
        report_id = form.identifier("report_id")
    dissents = [Dissent(number, text) for number, text in texts.items() if text]
    run(diagnoses.sign, report_id, dissents)


def _recuse(session_id: UUID, named: Sequence[str], form: Form) -> None:
    with form:
        key = form.choice("expert_id", named) if named else ""
        reason = form.text("reason", longest=LONGEST_REASON)
    run(diagnoses.recuse, session_id, reason, expert_id=UUID(key) if key else None)


def _present(session_id: UUID, form: Form) -> None:
    with form:
        on, at = form.day("on"), form.time_of_day("at", step=1)
        audience = form.text("audience", longest=LONGEST_AUDIENCE)
        version = form.version()
    moment = datetime.combine(on, at, ZONE)
    run(diagnoses.present, session_id, moment, audience, version=version)
