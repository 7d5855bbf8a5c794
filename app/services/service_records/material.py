"""What the database holds about meetings that bear on each other, sorted for the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.domain.expert import Term
from app.domain.recusal import Background
from app.domain.service_record import Correction
from app.domain.stand_down import StoodDown

Rows = Mapping[UUID, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class KnownExpert:
    """An expert beyond his attendance: category, terms, stand-downs, and what can tie him."""

    category: str
    terms: tuple[Term, ...]
    background: Background
    stand_downs: tuple[StoodDown, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person beyond his attendance: whether identified by now, his primary verified group."""

    is_identified: bool
    group: str | None


@dataclass(frozen=True, slots=True)
class KnownVenture:
    """A venture with the people who belong to it and those who speak for it."""

    name: str
    credit_code: str | None
    registered_on: date | None
    members: frozenset[UUID]
    contacts: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class KnownWaiver:
    """Kinds of ties that two officers have waived, and when the second of them did."""

    kinds: frozenset[str]
    waived_at: datetime


@dataclass(frozen=True, slots=True)
class Material:
    """The rows of some meetings and of everybody in them.

    `attendances`, `confirmations` and `disputes` are sorted by meeting, oldest first, `advice`
    by expert: whom he advised and when. `waivers` are sorted by need and expert.
    """

    sessions: Sequence[Row[Any]]
    attendances: Rows
    confirmations: Rows
    disputes: Rows
    corrections: tuple[Correction, ...]
    experts: Mapping[UUID, KnownExpert]
    persons: Mapping[UUID, KnownPerson]
    ventures: Mapping[UUID, KnownVenture]
    aliases: Mapping[str, str]
    waivers: Mapping[tuple[UUID, UUID], Sequence[KnownWaiver]]
    advice: Rows
