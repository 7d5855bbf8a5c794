"""核查表: the rows behind a figure as a file, with who took it and when, and its SHA-256."""

import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from re import sub

from flask import Blueprint, get_template_attribute, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.sheets import Cell, write_comma_separated
from app.domain.actor import Actor, Permission
from app.domain.calendar import ZONE, local_day
from app.domain.privacy import mask_name, mask_numbers, mask_phone
from app.domain.service_record import Status
from app.http.access import note_access
from app.http.actor import current_actor
from app.http.policy import policy
from app.http.run import reading
from app.queries import bureau_desk, vocabularies
from app.queries.accounts import login_of
from app.queries.bureau_desk import Asked, ExportRow, LedgerExport
from app.queries.evidence_bundles import document, pack
from app.queries.vocabularies import Labels
from app.web.bureau.address import Address, figure_asked, here
from app.web.shared.layout import reader_locale

FORMAT = "jieban-ledger-export/1"
NAMED = ("street", "department", "area", "industry", "not_counted_reason")


@dataclass(frozen=True, slots=True)
class _Taken:
    """By whom, when and of what a file is taken: what every file and its log line say."""

    actor: Actor
    login: str
    at: datetime
    asked: Asked
    address: Address

    @property
    def moment(self) -> str:
        return self.at.astimezone(ZONE).isoformat(timespec="seconds")

    @property
    def period(self) -> str:
        first, last = self.asked.months[0], self.asked.months[-1]
        return str(first) if first == last else f"{first}_{last}"

    @property
    def name(self) -> str:
        """Return the file's name, which names account and time itself."""
        who = sub(r"[^a-z0-9._-]", "", self.login) or str(self.actor.account_id)
        return f"ledger-{self.period}-{who}-{self.at.astimezone(ZONE):%Y%m%dT%H%M%S}"


def register(blueprint: Blueprint) -> None:
    """Add the file."""
    blueprint.get("/bureau/exports/ledger")(export_ledger)


@policy(Permission.READ_COUNTS)
def export_ledger() -> ResponseReturnValue:
    """Hand out the rows behind the figure the address names; what is handed out is noted."""
    address = here()
    with reading() as reader:
        asked = figure_asked(address, local_day(reader.now))
        found = bureau_desk.ledger_export(reader, asked)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
        login = login_of(reader, reader.actor.account_id)
        taken = _Taken(current_actor(), login, reader.now, asked, address)
    table = _table(found, taken, names)
    archive = pack(
        {f"{taken.name}.csv": table, "manifest.json": document(_manifest(found, taken, table))}
    )
    file = f"{taken.name}.zip"
    note_access(taken.actor, file=file, sha256=_sha256(table), rows=len(found.rows))
    return send_file(io.BytesIO(archive), "application/zip", as_attachment=True, download_name=file)


def _manifest(found: LedgerExport, taken: _Taken, table: bytes) -> Mapping[str, object]:
    number, digest = found.head or (0, None)
    return {
        "format": FORMAT,
        "file": f"{taken.name}.csv",
        "sha256": _sha256(table),
        "bytes": len(table),
        "rows": len(found.rows),
        "taken_by": {"login": taken.login, "name": taken.actor.name},
        "taken_at": taken.moment,
        "request": taken.actor.request_id,
        "measure": taken.asked.measure,
        "value": found.value,
        "months": [str(month) for month in taken.asked.months],
        "as_reported": taken.asked.as_reported,
        "filters": dict(sorted(taken.address.sent.items())),
        "head": {"number": number, "digest": digest},
    }


def _table(found: LedgerExport, taken: _Taken, names: Labels) -> bytes:
    columns = _columns(names)
    measure = _words("measure_name")(taken.asked.measure)
    above: list[list[Cell]] = [
        [_("# 导出账户"), f"{taken.actor.name} ({taken.login})"],
        [_("# 导出时间"), taken.moment],
        [_("# 数字"), measure, found.value, _("结账时") if taken.asked.as_reported else ""],
        [_("# 时间范围"), taken.period.replace("_", " – ")],
        [
            _("# 说明"),
            _("“计数”一列加起来正好是这个数字；未计入和单列的记录也在内，写明规则和原因。"),
        ],
    ]
    rows = [[_masked(cell(row)) for cell in columns.values()] for row in found.rows]
    return write_comma_separated(list(columns), rows, above)


def _columns(names: Labels) -> dict[str, Callable[[ExportRow], Cell]]:
    """Return what each column is called and how its cell comes from a row."""
    return {**_of_meeting(names), **_of_decision(names)}


def _of_meeting(names: Labels) -> dict[str, Callable[[ExportRow], Cell]]:
    service = _words("service_name", "ui.html")
    return {
        _("编号"): lambda row: row.reference,
        _("开始（北京时间）"): lambda row: (
            f"{row.decision.started_at.astimezone(ZONE):%Y-%m-%d %H:%M}"
        ),
        _("类型"): lambda row: service(row.decision.session_type.value),
        _("导师"): lambda row: row.expert,
        _("创业者"): lambda row: mask_name(row.founder) if row.founder else "",
        _("手机号"): lambda row: mask_phone(row.phone) if row.phone else "",
        _("项目或企业"): lambda row: row.venture,
        _("统一社会信用代码"): lambda row: _Public(row.credit_code or ""),
        _("街道"): lambda row: _label(names, "street", row.decision.dimensions.street),
        _("部门"): lambda row: _label(names, "department", row.decision.dimensions.department),
    }


def _of_decision(names: Labels) -> dict[str, Callable[[ExportRow], Cell]]:
    rule, column = _words("rule_name"), _words("column_name")
    kind = _words("confirmation_name")
    statuses = {
        Status.COUNTED: _("计入"),
        Status.COUNTED_APART: _("单列"),
        Status.NOT_COUNTED: _("未计入"),
    }

    def reasons(codes: Iterable[str]) -> str:
        return str(_("、")).join(_label(names, "not_counted_reason", code) for code in codes)

    return {
        _("计入与否"): lambda row: statuses[row.decision.status],
        _("计数"): lambda row: row.amount,
        _("单列为"): lambda row: column(row.decision.column.value) if row.decision.column else "",
        _("规则"): lambda row: rule(row.decision.rule.value),
        _("原因"): lambda row: reasons(row.decision.reasons[:1]),
        _("其他原因"): lambda row: reasons(row.decision.reasons[1:]),
        _("并入"): lambda row: row.merged_into,
        _("分钟"): lambda row: row.decision.minutes,
        _("人次"): lambda row: len(row.decision.person_ids),
        _("确认方式"): lambda row: (
            kind(row.decision.confirmation.value) if row.decision.confirmation else ""
        ),
        _("口径"): lambda row: row.decision.policy,
        _("依据的校验值"): lambda row: _Public(row.decision.inputs_hash),
    }


class _Public(str):
    """A text in which nothing is hidden: a public code, a hash."""

    __slots__ = ()


def _masked(cell: Cell) -> Cell:
    is_text = isinstance(cell, str) and not isinstance(cell, _Public)
    return mask_numbers(str(cell)) if is_text else cell


def _label(names: Labels, vocabulary: str, code: str | None) -> str:
    return names.of(vocabulary, code) if code else ""


def _words(macro: str, template: str = "bureau/words.html") -> Callable[[str], str]:
    """Return the page's own wording of a code as plain text."""
    said = get_template_attribute(template, macro)
    return lambda code: str(said(code)).strip()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
