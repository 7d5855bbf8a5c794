"""Signals 疑点提示: what is worth a look in the records; never an accusation, never a rule."""

from app.domain.signal.finding import (
    Found,
    Kind,
    Served,
    daily_pairs,
    late_filed,
    long_days,
    overlapping,
)
from app.domain.signal.policy import NoSignalPolicyError, SignalPolicy, policy_on
from app.domain.signal.shares import Confirmed, Hand, certified_share, shared_devices
from app.domain.signal.texts import Alike, Written, comparable, same_texts
from app.domain.signal.verdict import (
    LONGEST_NOTE,
    AlreadyExplainedError,
    SignalState,
)

__all__ = [
    "LONGEST_NOTE",
    "Alike",
    "AlreadyExplainedError",
    "Confirmed",
    "Found",
    "Hand",
    "Kind",
    "NoSignalPolicyError",
    "Served",
    "SignalPolicy",
    "SignalState",
    "Written",
    "certified_share",
    "comparable",
    "daily_pairs",
    "late_filed",
    "long_days",
    "overlapping",
    "policy_on",
    "same_texts",
    "shared_devices",
]
