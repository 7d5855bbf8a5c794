"""A replay file read into policy, calendar, records and corrections of the counting rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.calendar import DayKind, WorkingCalendar
from app.domain.expert import Term
from app.domain.replay.errors import UnknownReplayInputError
from app.domain.replay.reading import (
    read_code,
    read_day,
    read_list,
    read_number,
    read_object,
    read_person,
    read_text,
    read_truth,
)
from app.domain.replay.records import Registers, read_records, read_venture
from app.domain.replay.times import noon_of
from app.domain.service_record import (
    Correction,
    CorrectionOp,
    CountingPolicy,
    ServedVenture,
    SessionFacts,
    SessionType,
    VentureFacts,
)

_KEYS = ("policy", "terms", "extensions", "ventures", "sessions", "corrections", "expected")
_CALENDAR = re.compile(r"calendar_\d{4}", re.ASCII)
_POLICY_KEYS = (
    "code",
    "timezone",
    "min_minutes",
    "merge_gap_minutes",
    "close_working_day",
    "rounding",
)
# Rules these functions carry out; a file under others must not be judged by these.
_CODES = ("LC-COUNT-1",)
_ZONES = ("Asia/Shanghai",)
_ROUNDINGS = ("ROUND_HALF_UP, total only, 1 decimal hour",)
_MOST_WORKING_DAYS = 23
_OPERATIONS = (CorrectionOp.REMOVE_ATTENDEE, CorrectionOp.SET_VENTURE, CorrectionOp.SET_OVERRUN)
_LIMITS = ("standard_minutes", "overrun_cap_minutes", "late_confirmation_days")


@dataclass(frozen=True)
class Document:
    """Everything a replay file says, but for the values it expects."""

    policy: CountingPolicy
    calendar: WorkingCalendar
    records: tuple[SessionFacts, ...]
    corrections: tuple[Correction, ...]
    questions: Mapping[str, object]


def read_document(data: object) -> Document:
    """Return the file as values of the counting rules.

    Raises:
        UnknownReplayInputError: when anything in it is not understood.
    """
    calendars = [key for key in data if _is_calendar(key)] if isinstance(data, dict) else []
    root = read_object(data, "file", _KEYS, calendars)
    if not calendars:
        raise UnknownReplayInputError.of("file", "no calendar")
    registers = Registers(_terms(root["terms"], root["extensions"]), _ventures(root["ventures"]))
    records = read_records(root["sessions"], registers)
    return Document(
        policy=_policy(root["policy"]),
        calendar=_calendar({key: root[key] for key in calendars}),
        records=records,
        corrections=_corrections(
            root["corrections"], {record.session_id for record in records}, registers
        ),
        questions=read_object(root["expected"], "expected"),
    )


def _is_calendar(key: object) -> bool:
    return isinstance(key, str) and _CALENDAR.fullmatch(key) is not None


def _policy(value: object) -> CountingPolicy:
    row = read_object(value, "policy", _POLICY_KEYS, _LIMITS)
    read_code(row["timezone"], _ZONES, "policy.timezone")
    read_code(row["rounding"], _ROUNDINGS, "policy.rounding")
    close_working_day = read_number(row["close_working_day"], "policy.close_working_day")
    if not 1 <= close_working_day <= _MOST_WORKING_DAYS:
        raise UnknownReplayInputError.of("policy.close_working_day", close_working_day)
    return CountingPolicy(
        code=read_code(row["code"], _CODES, "policy.code"),
        valid_from=date.min,
        min_minutes=_lengths(row["min_minutes"], "policy.min_minutes"),
        merge_gap_minutes=read_number(row["merge_gap_minutes"], "policy.merge_gap_minutes"),
        close_working_day=close_working_day,
        standard_minutes=_lengths(row.get("standard_minutes", {}), "policy.standard_minutes"),
        overrun_cap_minutes=_limit(row, "overrun_cap_minutes"),
        late_confirmation_days=_limit(row, "late_confirmation_days"),
    )


def _lengths(value: object, where: str) -> dict[SessionType, int]:
    return {
        read_code(key, tuple(SessionType), where): read_number(minutes, f"{where}.{key}")
        for key, minutes in read_object(value, where).items()
    }


def _limit(row: Mapping[str, object], key: str) -> int | None:
    value = row.get(key)
    return None if value is None else read_number(value, f"policy.{key}")


def _calendar(parts: Mapping[str, object]) -> WorkingCalendar:
    """Return the days of all years; a make-up workday is worked whatever else is said."""
    rows = [
        (key, read_object(value, key, ("off_weekdays", "work_weekends"), ()))
        for key, value in parts.items()
    ]
    days: dict[date, DayKind] = {}
    for name, kind in (("off_weekdays", DayKind.OFF), ("work_weekends", DayKind.WORKDAY)):
        for key, row in rows:
            where = f"{key}.{name}"
            days |= dict.fromkeys((read_day(d, where) for d in read_list(row[name], where)), kind)
    return WorkingCalendar(days)


def _terms(terms: object, extensions: object) -> dict[str, tuple[Term, ...]]:
    known = {
        mentor: _term(value, f"terms.{mentor}")
        for mentor, value in read_object(terms, "terms").items()
    }
    held: dict[str, tuple[Term, ...]] = {mentor: (term,) for mentor, term in known.items()}
    for value in read_list(extensions, "extensions"):
        row = read_object(value, "extensions", ("mentor", "from", "to", "approved_on"), ())
        mentor = read_code(row["mentor"], tuple(known), "extensions.mentor")
        extension = Term(
            read_day(row["from"], "extensions.from"),
            read_day(row["to"], "extensions.to"),
            read_day(row["approved_on"], "extensions.approved_on"),
        )
        if extension.approved_on <= known[mentor].ends_on:
            held[mentor] += (extension,)
    return held


def _term(value: object, where: str) -> Term:
    days = [read_day(day, where) for day in read_list(value, where)]
    if len(days) != 2:
        raise UnknownReplayInputError.of(where, value)
    return Term(days[0], days[1], approved_on=days[0])


def _ventures(value: object) -> dict[str, VentureFacts]:
    ventures = {}
    for key, entry in read_object(value, "ventures").items():
        where = f"ventures.{key}"
        registered_on = read_object(entry, where, ("registered_on",), ())["registered_on"]
        day = None if registered_on is None else read_day(registered_on, where)
        ventures[key] = VentureFacts(key, day)
    return ventures


def _corrections(
    value: object, session_ids: set[str], registers: Registers
) -> tuple[Correction, ...]:
    rows = read_list(value, "corrections")
    return tuple(_correction(row, session_ids, registers) for row in rows)


def _correction(value: object, session_ids: set[str], registers: Registers) -> Correction:
    row = read_object(value, "corrections", ("session", "made_on", "op", "value"), ("id", "reason"))
    for key in ("id", "reason"):
        if key in row:
            read_text(row[key], f"corrections.{key}")
    operation = read_code(row["op"], _OPERATIONS, "corrections.op")
    return Correction(
        session_id=read_code(row["session"], session_ids, "corrections.session"),
        made_at=noon_of(read_day(row["made_on"], "corrections.made_on")),
        op=operation,
        value=_value(operation, row["value"], registers),
    )


def _value(
    operation: CorrectionOp, value: object, registers: Registers
) -> str | ServedVenture | bool:
    where = "corrections.value"
    if operation is CorrectionOp.SET_VENTURE:
        return ServedVenture(read_venture(value, registers, where))
    if operation is CorrectionOp.SET_OVERRUN:
        return read_truth(value, where)
    return read_person(value, where)
