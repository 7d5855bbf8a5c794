"""What is kept for a while only: ended sign-ins, failures waited for, answers to second presses."""

from sqlalchemy import delete

from app.db import MachineNow
from app.domain.account import LONGEST_SIGN_IN, LONGEST_WAIT
from app.domain.actor import Permission
from app.models.account import SignInFailure, SignInSession
from app.models.job import IdempotencyKey
from app.services.jobs import plan_once
from app.unit_of_work import UnitOfWork

FORGET = "forget_expired"
ANSWERS_KEPT_SECONDS = 7 * 24 * 3600


def watch_expired(uow: UnitOfWork) -> bool:
    """Have what has expired forgotten, once each day; return whether that is new."""
    uow.require(Permission.RUN_JOBS)
    return plan_once(uow, FORGET, f"{FORGET}:{uow.today}", uow.now)


def forget_expired(uow: UnitOfWork) -> int:
    """Delete ended sign-ins, failures waited for and answers kept long enough; return how many."""
    longest = LONGEST_SIGN_IN.total_seconds()
    past = (
        delete(SignInSession)
        .where(SignInSession.created_at < MachineNow(-longest))
        .returning(SignInSession.id),
        delete(SignInFailure)
        .where(SignInFailure.wait_until < MachineNow(-2 * LONGEST_WAIT.total_seconds()))
        .returning(SignInFailure.id),
        delete(IdempotencyKey)
        .where(IdempotencyKey.created_at < MachineNow(-ANSWERS_KEPT_SECONDS))
        .returning(IdempotencyKey.id),
    )
    return sum(len(uow.session.execute(statement).all()) for statement in past)
