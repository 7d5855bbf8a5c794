"""Forms of the data list, of notes and of findings."""

from functools import partial
from uuid import UUID

from flask_babel import gettext as _

from app.domain.diagnosis import (
    LONGEST_NOTE,
    LONGEST_PEOPLE,
    LONGEST_REASON,
    LONGEST_REMARK,
    LONGEST_TEXT,
    LONGEST_WANTED,
    Answer,
    FindingOwner,
    FindingText,
    MaterialEvent,
    MaterialStatus,
    NoteKind,
    NoteText,
    Priority,
)
from app.domain.errors import NotFoundError
from app.http.run import run
from app.queries.diagnoses import DiagnosisPage, Finding, Material
from app.services import diagnoses
from app.services.diagnoses import Wanted
from app.web.shared.diagnosis.errand import Asked, Errand
from app.web.shared.diagnosis.names import NOTES, OWNERS, PRIORITIES
from app.web.shared.forms import Choice, Form

RECEIVED, LACKING = MaterialEvent.RECEIVE.value, MaterialEvent.LACK.value


def material_errand(page: DiagnosisPage) -> Errand:
    """Return the form that puts a line on the data list."""

    def act(form: Form) -> None:
        with form:
            wanted = Wanted(form.text("text", longest=LONGEST_WANTED), form.day("due_on"))
        run(diagnoses.ask, page.session_id, wanted)

    return Errand(
        title=_("请创业者准备一样资料"),
        lead=_("写创业者听得懂的名称，一次写一样。系统会告诉他。"),
        kicker=page.reference,
        fields=(
            Asked(name="text", label=_("要什么"), hint=_("例如：上一年的财务报表")),
            Asked(name="due_on", label=_("最晚哪天要"), kind="date"),
        ),
        button=_("列入清单"),
        act=act,
    )


def answer_errand(page: DiagnosisPage, material_id: UUID) -> Errand:
    """Return the form that says what came of a line of the data list."""
    line = material_of(page, material_id)
    return Errand(
        title=line.text,
        lead=_("没有也没关系，写一句原因就行。"),
        kicker=page.reference,
        fields=(
            Asked(
                name="answer",
                label=_("准备得怎么样"),
                kind="radio",
                options=(Choice(RECEIVED, _("有了，已经给了")), Choice(LACKING, _("没有"))),
            ),
            Asked(name="reason", label=_("为什么没有"), hint=_("选“没有”时写"), is_optional=True),
            Asked(
                name="remark",
                label=_("想说明的"),
                hint=_("例如：已发到导师邮箱；见面那天带来"),
                is_optional=True,
            ),
        ),
        button=_("保存"),
        act=partial(_answer, material_id),
        version=line.version,
        begins=_said(line),
    )


def again_errand(page: DiagnosisPage, material_id: UUID) -> Errand:
    """Return the form that asks once more for a line."""
    line = material_of(page, material_id)

    def act(form: Form) -> None:
        with form:
            remark = form.text("remark", longest=LONGEST_REMARK)
            version = form.version()
        run(diagnoses.ask_again, material_id, remark, version=version)

    return Errand(
        title=_("再请创业者准备：%(text)s", text=line.text),
        kicker=page.reference,
        fields=(Asked(name="remark", label=_("缺什么"), hint=_("例如：缺资产负债表")),),
        button=_("再要一次"),
        act=act,
        version=line.version,
    )


def note_errand(page: DiagnosisPage) -> Errand:
    """Return the form that notes a visit or an interview."""
    return Errand(
        title=_("记一次走访或访谈"),
        lead=_("给小组和人社局看，创业者看不到。"),
        kicker=page.reference,
        fields=(
            Asked(
                name="kind",
                label=_("方式"),
                kind="radio",
                options=[Choice(key.value, str(name)) for key, name in NOTES.items()],
            ),
            Asked(name="held_on", label=_("哪一天"), kind="date"),
            Asked(name="people", label=_("有谁"), hint=_("去的人和见到的人")),
            Asked(name="text", label=_("看到、听到什么"), kind="textarea", rows=5),
        ),
        button=_("记下"),
        act=partial(_note, page.session_id),
    )


def finding_errand(page: DiagnosisPage, finding: Finding | None = None) -> Errand:
    """Return the form that writes a finding, or changes one."""

    def act(form: Form) -> None:
        with form:
            written = _finding(form)
            version = form.version() if finding else None
        if finding is None:
            run(diagnoses.write, page.session_id, written)
        else:
            run(diagnoses.change, finding.id, written, version=version)

    title = _("修改第 %(number)s 条发现", number=finding.number) if finding else _("写一条发现")
    return Errand(
        title=title,
        lead=_("一条写一个问题；报告由这些发现组成。"),
        kicker=page.reference,
        fields=_finding_fields(),
        button=_("保存这条发现"),
        act=act,
        version=finding.version if finding else None,
        begins=_begun(finding) if finding else {},
    )


def material_of(page: DiagnosisPage, material_id: UUID) -> Material:
    """Return a line of the page's list.

    Raises:
        NotFoundError: it is of another.
    """
    found = next((each for each in page.materials if each.id == material_id), None)
    if found is None:
        raise NotFoundError("diagnosis_material.not_found")
    return found


def finding_of(page: DiagnosisPage, finding_id: UUID) -> Finding:
    """Return a finding of the page's draft.

    Raises:
        NotFoundError: it is of another.
    """
    found = next((each for each in page.findings if each.id == finding_id), None)
    if found is None:
        raise NotFoundError("diagnosis_finding.not_found")
    return found


def _note(session_id: UUID, form: Form) -> None:
    with form:
        kind = form.choice("kind", [each.value for each in NoteKind])
        held_on = form.day("held_on")
        people = form.text("people", longest=LONGEST_PEOPLE)
        text = form.text("text", longest=LONGEST_NOTE)
    written = NoteText(kind=NoteKind(kind), held_on=held_on, people=people, text=text)
    run(diagnoses.note, session_id, written)


def _answer(material_id: UUID, form: Form) -> None:
    with form:
        event = form.choice("answer", (RECEIVED, LACKING))
        is_lack = event == LACKING
        reason = form.text("reason", longest=LONGEST_REASON, required=is_lack)
        remark = form.text("remark", longest=LONGEST_REMARK, required=False)
        version = form.version()
    said = Answer(event=MaterialEvent(event), reason=reason, remark=remark)
    run(diagnoses.answer, material_id, said, version=version)


def _said(line: Material) -> dict[str, str]:
    said = {MaterialStatus.RECEIVED: RECEIVED, MaterialStatus.UNAVAILABLE: LACKING}
    if line.status not in said:
        return {}
    return {
        "answer": said[line.status],
        "reason": line.reason or "",
        "remark": line.remark or "",
    }


def _finding(form: Form) -> FindingText:
    texts = {
        name: form.text(name, longest=LONGEST_TEXT)
        for name in ("problem", "cause", "effect", "recommendation")
    }
    priority = form.choice("priority", [each.value for each in Priority])
    owner = form.choice("owner", [each.value for each in FindingOwner])
    due_on = form.day("due_on")
    return FindingText(
        **texts,
        priority=Priority(priority or Priority.MEDIUM),
        owner=FindingOwner(owner or FindingOwner.FOUNDER),
        due_on=due_on,
    )


def _finding_fields() -> tuple[Asked, ...]:
    return (
        Asked(name="problem", label=_("问题"), kind="textarea", hint=_("哪里不对")),
        Asked(name="cause", label=_("原因"), kind="textarea", hint=_("为什么会这样")),
        Asked(name="effect", label=_("影响"), kind="textarea", hint=_("不管会怎么样")),
        Asked(
            name="recommendation",
            label=_("建议"),
            kind="textarea",
            hint=_("要办什么，办到什么程度"),
        ),
        Asked(
            name="priority",
            label=_("先后"),
            kind="radio",
            options=[Choice(key.value, str(name)) for key, name in PRIORITIES.items()],
        ),
        Asked(
            name="owner",
            label=_("谁来办"),
            kind="radio",
            options=[Choice(key.value, str(name)) for key, name in OWNERS.items()],
        ),
        Asked(name="due_on", label=_("最晚哪天办好"), kind="date"),
    )


def _begun(finding: Finding) -> dict[str, str]:
    return {
        "problem": finding.problem,
        "cause": finding.cause,
        "effect": finding.effect,
        "recommendation": finding.recommendation,
        "priority": finding.priority.value,
        "owner": finding.owner.value,
        "due_on": finding.due_on.isoformat(),
    }
