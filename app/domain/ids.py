"""Typed identifiers, made here and nowhere else."""

import secrets
import time
from typing import NewType
from uuid import UUID

AccountId = NewType("AccountId", UUID)
PersonId = NewType("PersonId", UUID)
VentureId = NewType("VentureId", UUID)
NeedId = NewType("NeedId", UUID)
ExpertId = NewType("ExpertId", UUID)
BookingId = NewType("BookingId", UUID)
ServiceSessionId = NewType("ServiceSessionId", UUID)
OutcomeId = NewType("OutcomeId", UUID)
JobId = NewType("JobId", UUID)


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562 §5.7): time-ordered, unguessable in its last 74 bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def parse_id(text: str) -> UUID | None:
    """Return the identifier written in canonical form, None when it is not one."""
    try:
        value = UUID(text)
    except ValueError:
        return None
    return value if str(value) == text.lower() else None
