"""Points are posted in the transaction of what earns them, and taken back the same way."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from app.domain.actor import Permission
from app.domain.point import Move, Subject, moves, totals
from app.domain.service_record import Decision, Status
from app.models.outcome import Outcome
from app.models.point import PointEntry
from app.queries.free_times import Look
from app.queries.points import load_point_rules, worths
from app.queries.points.entries import held as held_by_rule
from app.queries.service_counts.decisions import of_sessions
from app.unit_of_work import UnitOfWork

# Namespace of PostgreSQL's two-number advisory locks.
EXPERTS = 7103


@dataclass(frozen=True, slots=True)
class Difference:
    """An expert whose entries of a year do not come to what his counted work is worth."""

    expert_id: UUID
    posted: int
    worth: int


def follow(
    uow: UnitOfWork, before: Iterable[Decision], after: Iterable[Decision], cause: str
) -> None:
    """Post what changed decisions give or take; of others nothing is looked at.

    Args:
        uow: the transaction of the decisions.
        before: what stood.
        after: what was newly decided.
        cause: why.
    """
    earlier = {decision.session_id: decision for decision in before}
    touched: defaultdict[int, set[UUID]] = defaultdict(set)
    for decision in after:
        for each in (earlier.get(decision.session_id), decision):
            if each is not None and each.status is Status.COUNTED:
                touched[each.day.year] |= {UUID(str(key)) for key, _ in each.expert_minutes}
    for year, experts in sorted(touched.items()):
        settle(uow, year, experts, cause=cause)


def settle(
    uow: UnitOfWork, year: int, expert_ids: Collection[UUID] | None = None, *, cause: str
) -> int:
    """Post what is missing and take back what is too much; done twice, it posts nothing more.

    Args:
        uow: the transaction of whatever has changed.
        year: of the days of service.
        expert_ids: of these experts, of all when not given.
        cause: why, for the ledger.

    Returns:
        How many entries are new.
    """
    uow.flush()
    with uow.beyond_scope("the counted services behind points"):
        rules = load_point_rules(uow)
        if expert_ids is None:
            expert_ids = {*held_by_rule(uow, year), *worths(uow, year, rules)}
        _lock(uow, expert_ids)
        earned = worths(uow, year, rules, expert_ids)
        caps = {rule.id: rule.cap for rule in rules}
        posted = 0
        for expert_id in sorted(expert_ids):
            book = _Book(uow, expert_id, year, cause)
            for move in moves(book.held(), earned.get(expert_id, []), caps):
                posted += book.post(move)
    return posted


def settle_all(uow: UnitOfWork, year: int) -> int:
    """Settle everybody's points of a year by hand, such as after new rules; return the entries."""
    uow.require(Permission.RUN_JOBS)
    return settle(uow, year, cause="points.settled")


def follow_outcome(uow: UnitOfWork, outcome_id: UUID, cause: str) -> None:
    """Settle the points of whoever served at the meeting of an outcome, where it counts."""
    uow.flush()
    with uow.beyond_scope("the counted services behind points"):
        session_id = uow.one(select(Outcome.service_session_id).where(Outcome.id == outcome_id))
        stands = of_sessions(uow, [session_id] if session_id else [])
    follow(uow, (), [version.decision for version in stands.values()], cause)


def differences(look: Look, year: int) -> Iterator[Difference]:
    """Yield who has other points than his counted services are worth; the caller sees all."""
    rules = load_point_rules(look)
    caps = {rule.id: rule.cap for rule in rules}
    posted, earned = held_by_rule(look, year), worths(look, year, rules)
    for expert_id in sorted(posted.keys() | earned.keys()):
        own = {key: points for key, points in posted.get(expert_id, {}).items() if points}
        due = totals(earned.get(expert_id, []), caps)
        if own != due:
            yield Difference(expert_id, sum(own.values()), sum(due.values()))


class _Book:
    """The entries of one expert in one year, and what is posted to them."""

    def __init__(self, uow: UnitOfWork, expert_id: UUID, year: int, cause: str) -> None:
        self._uow, self._expert_id, self._year, self._cause = uow, expert_id, year, cause
        self._entries: defaultdict[Subject, list[PointEntry]] = defaultdict(list)
        for entry in uow.all(
            select(PointEntry)
            .where(PointEntry.expert_id == expert_id, PointEntry.year == year)
            .order_by(PointEntry.created_at, PointEntry.id)
        ):
            self._entries[entry.rule_id, entry.subject_id].append(entry)

    def held(self) -> dict[Subject, int]:
        """Return what each subject has been given, reversals deducted."""
        summed = {key: sum(each.points for each in own) for key, own in self._entries.items()}
        return {key: points for key, points in summed.items() if points}

    def post(self, move: Move) -> int:
        """Append the entries of a move and return how many there are."""
        if not move.is_reversal:
            self._append(move, move.points)
            return 1
        own = self._entries[move.rule_id, move.subject_id]
        reversed_ids = {each.reverses_id for each in own}
        standing = [each for each in own if each.points > 0 and each.id not in reversed_ids]
        for entry in standing:
            self._append(move, -entry.points, entry.id)
        return len(standing)

    def _append(self, move: Move, points: int, reverses_id: UUID | None = None) -> None:
        own = self._entries[move.rule_id, move.subject_id]
        entry = self._uow.add(
            PointEntry(
                expert_id=self._expert_id,
                rule_id=move.rule_id,
                year=self._year,
                subject_id=move.subject_id,
                number=len(own) + 1,
                points=points,
                reverses_id=reverses_id,
                service_record_id=move.record_id,
                cause=self._cause,
                created_at=self._uow.now,
            )
        )
        own.append(entry)
        self._uow.flush()
        self._uow.audit("point.reversed" if reverses_id else "point.posted", entry)


def _lock(uow: UnitOfWork, expert_ids: Iterable[UUID]) -> None:
    """Let nobody else settle these experts until the transaction ends; SQLite has one writer."""
    if uow.session.get_bind().dialect.name != "postgresql":
        return
    for expert_id in sorted(expert_ids):
        key = int.from_bytes(expert_id.bytes[-4:], signed=True)
        uow.session.execute(select(func.pg_advisory_xact_lock(EXPERTS, key)))
