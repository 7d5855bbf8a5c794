"""The search for an expert left to the bureau, by the founder or because nobody fits."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.need import NeedStatus
from app.domain.policy_number import PolicyNumber
from app.models.need import Need
from app.models.proposal import MatchRound
from app.models.vocabulary import Term
from app.queries.lacks import is_newest_round
from app.services import deadlines
from app.unit_of_work import UnitOfWork
from matching import Lack, Missing

Document = dict[str, Any]


def leave_to_bureau(uow: UnitOfWork, need: Need, event: str, reason: str | None = None) -> None:
    """Put the need into the bureau's queue with a deadline; both sides are told."""
    due_at = deadlines.duty(uow, PolicyNumber.ASK_BUREAU)
    need.bureau_reason = reason
    need.bureau_asked_at, need.bureau_due_at = uow.now, due_at
    uow.audit(event, need, due_at=due_at)
    uow.tell(event, need)


def is_left_out(need: Need) -> bool:
    """Tell whether the need waits for an expert and nobody at the bureau looks for one."""
    return need.status is NeedStatus.SUBMITTED and need.bureau_asked_at is None


def see_to_lack(uow: UnitOfWork, need: Need, before: MatchRound | None, made: MatchRound) -> None:
    """Leave a need that nobody fits to the bureau, and take it back once somebody does."""
    was_left = before is not None and before.asks_bureau
    if made.lack is not None:
        made.asks_bureau = was_left or is_left_out(need)
        if is_left_out(need):
            leave_to_bureau(uow, need, "need.unmatched")
    elif was_left and need.status is NeedStatus.SUBMITTED:
        _take_back(uow, need)


def see_to_arranged(uow: UnitOfWork, need_ids: Collection[UUID]) -> None:
    """Take needs that nobody fitted back once the bureau itself has arranged somebody."""
    left = uow.all(
        select(Need)
        .join(MatchRound, is_newest_round())
        .where(Need.id.in_(need_ids), MatchRound.asks_bureau)
        .order_by(Need.id)
    )
    for need in left:
        _take_back(uow, need)


def lack_document(uow: UnitOfWork, lack: Lack | None) -> Document | None:
    """Return what is lacking as it is kept, None for nothing.

    A matter of which the text says no word is called by its topic.
    """
    if lack is None:
        return None
    unnamed = [each.topic for each in lack.missing if not each.label]
    terms = select(Term).where(Term.vocabulary == "need_topic", Term.code.in_(unnamed))
    named = {term.code: (term.zh, term.en) for term in (uow.all(terms) if unnamed else ())}
    return {
        "best_score": lack.best_score,
        "least_score": lack.least_score,
        "missing": [_missing(each, *named.get(each.topic, ("", ""))) for each in lack.missing],
        "kept_out": dict(lack.kept_out),
    }


def _take_back(uow: UnitOfWork, need: Need) -> None:
    need.bureau_reason = need.bureau_asked_at = need.bureau_due_at = None
    uow.audit("need.matched", need)


def _missing(missing: Missing, zh: str, en: str) -> Document:
    return {
        "topic": missing.topic,
        "concept": missing.concept,
        "label": missing.label or zh or missing.topic,
        "label_en": missing.label_en or en or missing.topic,
        "evidence": missing.evidence,
        "categories": list(missing.categories),
    }
