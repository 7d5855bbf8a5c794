"""What the pages of diagnoses call things."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from app.domain.action_item import ActionSide, ActionStatus
from app.domain.diagnosis import (
    DiagnosisScope,
    DiagnosisStatus,
    FindingOwner,
    MaterialStatus,
    NoteKind,
    Priority,
)

STATUSES: Mapping[DiagnosisStatus, Any] = {
    DiagnosisStatus.DRAFTING: _("正在写"),
    DiagnosisStatus.SIGNING: _("等签名"),
    DiagnosisStatus.SIGNED: _("签齐，等汇报"),
    DiagnosisStatus.PRESENTED: _("已汇报，等创业者答复"),
    DiagnosisStatus.UNDERSTOOD: _("创业者听明白了"),
    DiagnosisStatus.OBJECTED: _("创业者有不同意见"),
}
SCOPES: Mapping[DiagnosisScope, Any] = {
    DiagnosisScope.THEMATIC: _("专题诊断，只看一个方面"),
    DiagnosisScope.OVERALL: _("全面诊断，看整个企业"),
}
MATERIALS: Mapping[MaterialStatus, Any] = {
    MaterialStatus.WANTED: _("等资料"),
    MaterialStatus.RECEIVED: _("有了"),
    MaterialStatus.UNAVAILABLE: _("没有"),
    MaterialStatus.WITHDRAWN: _("不再需要"),
}
NOTES: Mapping[NoteKind, Any] = {
    NoteKind.VISIT: _("现场走访"),
    NoteKind.INTERVIEW: _("访谈"),
    NoteKind.SURVEY: _("查资料、问卷"),
}
PRIORITIES: Mapping[Priority, Any] = {
    Priority.HIGH: _("高，先办"),
    Priority.MEDIUM: _("中"),
    Priority.LOW: _("低，可以缓"),
}
OWNERS: Mapping[FindingOwner, Any] = {
    FindingOwner.FOUNDER: _("创业者"),
    FindingOwner.EXPERT: _("导师"),
    FindingOwner.BUREAU: _("人社局"),
}
SIDES: Mapping[ActionSide, Any] = {
    ActionSide.FOUNDER: _("创业者"),
    ActionSide.EXPERT: _("导师"),
    ActionSide.BUREAU: _("人社局"),
    ActionSide.BOTH: _("双方"),
}
ITEMS: Mapping[ActionStatus, Any] = {
    ActionStatus.OPEN: _("还在办"),
    ActionStatus.DONE: _("办好了"),
    ActionStatus.DROPPED: _("不办了"),
}
NAMES: Mapping[str, Mapping[Any, Any]] = {
    "statuses": STATUSES,
    "scopes": SCOPES,
    "materials": MATERIALS,
    "notes": NOTES,
    "priorities": PRIORITIES,
    "owners": OWNERS,
    "sides": SIDES,
    "items": ITEMS,
}
