"""Decisions of a year drawn at random, written past the foreign keys, for sums alone."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from app.domain.calendar import ZONE, Month
from app.domain.outcome import ConfirmationKind
from app.domain.service_record import (
    FIGURE_NAMES,
    Column,
    Decision,
    Dimensions,
    Pending,
    Reason,
    Rule,
    SessionType,
    Status,
    VentureFacts,
    to_stored,
)
from app.models.service_record import ServiceRecord
from app.models.standing_record import StandingPerson, StandingRecord
from app.queries.service_counts.decisions import Version
from app.services.service_records.standing import taken_apart

YEAR = [Month(2026, number) for number in range(1, 13)]
FIRST = datetime(2026, 1, 1, 9, tzinfo=ZONE)
BATCH = 20_000


def drawn(count: int, dice: random.Random, experts: Sequence[str] = ()) -> Iterator[Decision]:
    """Yield decisions of a year, nine of ten counted, over a district's labels.

    Each is of one of the experts, or of one of its own where none are given.
    """
    persons = [str(UUID(int=dice.getrandbits(128))) for _ in range(max(count // 4, 1))]
    ventures = [_venture(dice) for _ in range(max(count // 8, 1))]
    for _ in range(count):
        found = _decision(dice, persons, ventures)
        if experts:
            own = ((dice.choice(experts), found.minutes),)
            found = replace(found, expert_minutes=own)
        yield found


def _venture(dice: random.Random) -> tuple[VentureFacts, Dimensions]:
    registered_on = dice.choice([None, date(2025, 3, 1), date(2026, 6, 15)])
    return VentureFacts(str(UUID(int=dice.getrandbits(128))), registered_on), Dimensions(
        department=dice.choice(["hr", "science", None]),
        area=dice.choice(["east", "west", "north"]),
        street=f"street_{dice.randrange(21)}",
        industry=f"industry_{dice.randrange(12)}",
    )


def _decision(
    dice: random.Random,
    persons: Sequence[str],
    ventures: Sequence[tuple[VentureFacts, Dimensions]],
) -> Decision:
    venture, dimensions = dice.choice(ventures)
    key = str(UUID(int=dice.getrandbits(128)))
    started_at = FIRST + timedelta(minutes=dice.randrange(365 * 24 * 60 - 15 * 60))
    kind = dice.choice([*SessionType])
    status = dice.choices([*Status], weights=[88, 4, 8])[0]
    heads = sorted(set(dice.choices(persons, k=dice.choice((1, 1, 1, 2)))))
    minutes = dice.randrange(30, 150)
    reason = dice.choice([*Reason]) if status is Status.NOT_COUNTED else None
    return Decision(
        session_id=key,
        session_type=kind,
        started_at=started_at,
        day=started_at.date(),
        policy="LC-COUNT-1",
        policy_from=date(2024, 1, 1),
        status=status,
        rule=Rule.ALL_HOLD,
        column=Column.FOLLOW_UP if status is Status.COUNTED_APART else None,
        reason=reason,
        reasons=(reason,) if reason else (),
        minutes=minutes,
        expert_minutes=((str(UUID(int=dice.getrandbits(128))), minutes),),
        person_ids=tuple(heads),
        groups=tuple((head, dice.choice([None, "college_graduate", "veteran"])) for head in heads),
        expert_category=dice.choice(["scholar", "entrepreneur", "official", "investor"]),
        venture=venture,
        dimensions=dimensions,
        anonymous_heads=0,
        review_projects=0,
        parts=(key,),
        merged_into=None,
        confirmation=dice.choice([*ConfirmationKind]),
        confirmed_at=started_at,
        pending=Pending.RULING if reason is Reason.DISPUTED else None,
        inputs_hash="0" * 64,
    )


def write(connection: Connection, decisions: Iterator[Decision], dice: random.Random) -> None:
    """Append the decisions to the ledger and to the columns made of it."""
    is_server = connection.dialect.name == "postgresql"
    connection.execute(
        text("SET session_replication_role = replica" if is_server else "PRAGMA foreign_keys = OFF")
    )
    waiting: dict[str, list[dict[str, Any]]] = {}
    for place, decision in enumerate(decisions, start=1):
        row = _ledger_row(decision, UUID(int=dice.getrandbits(128)))
        waiting.setdefault("service_records", []).append(row)
        for made in taken_apart(Version(row["id"], 1, decision)):
            waiting.setdefault(made.__tablename__, []).append(_columns(made))
        if place % BATCH == 0:
            _send(connection, waiting)
    _send(connection, waiting)


def close(connection: Connection, at: datetime, dice: random.Random) -> dict[str, UUID]:
    """Close the months of the year with figures of nought; return their periods."""
    keys = {str(month): UUID(int=dice.getrandbits(128)) for month in YEAR}
    closing = {"cut_at": at, "closed_at": at, "policy_code": "LC-COUNT-1"}
    periods = [{"id": key, "month": month, **closing} for month, key in keys.items()]
    figures = [
        {
            "id": UUID(int=dice.getrandbits(128)),
            "period_id": key,
            "measure": name,
            **{"value": 0, "rows": [], "sha256": ""},
        }
        for key in keys.values()
        for name in FIGURE_NAMES
    ]
    _send(connection, {"periods": periods, "published_figures": figures})
    return keys


def decide_anew(
    connection: Connection,
    news: Sequence[tuple[Decision, Decision]],
    periods: Mapping[str, UUID],
    at: datetime,
    dice: random.Random,
) -> None:
    """Decide meetings anew in closed months: what was decided, and what stands from then on."""
    waiting: dict[str, list[dict[str, Any]]] = {}
    for before, after in news:
        key = UUID(after.session_id)
        for model in (StandingPerson, StandingRecord):
            connection.execute(
                model.__table__.delete().where(model.__table__.c.service_session_id == key)
            )
        row = {**_ledger_row(after, UUID(int=dice.getrandbits(128))), "number": 2, "decided_at": at}
        waiting.setdefault("service_records", []).append(row)
        for made in taken_apart(Version(row["id"], 2, after)):
            waiting.setdefault(made.__tablename__, []).append(_columns(made))
        for month in {str(before.month), str(after.month)}:
            posted = {
                "id": UUID(int=dice.getrandbits(128)),
                "period_id": periods[month],
                "posted_month": str(YEAR[-1].following()),
                "service_session_id": key,
                "service_record_id": row["id"],
                **{"cause": "correction", "deltas": {}, "created_at": at},
            }
            waiting.setdefault("adjustments", []).append(posted)
    _send(connection, waiting)


def _ledger_row(decision: Decision, key: UUID) -> dict[str, Any]:
    return {
        "id": key,
        "service_session_id": UUID(decision.session_id),
        "number": 1,
        "month": str(decision.month),
        "day": decision.day,
        "status": decision.status.value,
        "rule": decision.rule.value,
        "detail": to_stored(decision),
        "session_type": decision.session_type.value,
        "minutes": decision.minutes,
        "mentor_minutes": decision.mentor_minutes,
        "policy_code": decision.policy,
        "policy_from": decision.policy_from,
        "inputs_hash": decision.inputs_hash,
        "cause": "drawn",
        "decided_at": decision.started_at,
    }


def _columns(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def _send(connection: Connection, waiting: dict[str, list[dict[str, Any]]]) -> None:
    tables = ServiceRecord.metadata.tables
    for name, rows in waiting.items():
        connection.execute(tables[name].insert(), rows)
    waiting.clear()
