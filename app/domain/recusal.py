"""Recusal 回避: which declared interests forbid advising which founder on which day."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

_YEAR = timedelta(days=365)
_LEGAL_FORM = re.compile(r"(股份有限公司|有限责任公司|有限公司|公司)$")
_NOT_IN_NAME = re.compile(r"[\W_]+")


class Effect(StrEnum):
    """What an interest does to advice (review has stricter rules of its own)."""

    BLOCKS = "blocks"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class ConflictType:
    """A row of vocabulary conflict_type: its effect on advice and how long it looks back."""

    effect: Effect
    look_back: timedelta | None = None


# 财库〔2016〕198号 art. 16 and the Zhejiang rule (requirements E1-E7).
CONFLICT_TYPES: dict[str, ConflictType] = {
    "ci1_employment": ConflictType(Effect.DECLARED, 3 * _YEAR),
    "ci2_board": ConflictType(Effect.BLOCKS, 3 * _YEAR),
    "ci3_controller": ConflictType(Effect.BLOCKS, 3 * _YEAR),
    "ci4_equity": ConflictType(Effect.BLOCKS),
    "ci5_kin": ConflictType(Effect.BLOCKS),
    "ci6_dispute": ConflictType(Effect.BLOCKS, 3 * _YEAR),
    "ci7_regulator": ConflictType(Effect.DECLARED),
    "ci8_prior_coach": ConflictType(Effect.DECLARED, _YEAR),
    "ci9_paid_service": ConflictType(Effect.DECLARED, 3 * _YEAR),
    "ci10_same_unit": ConflictType(Effect.DECLARED, 3 * _YEAR),
    "ci11_competitor": ConflictType(Effect.BLOCKS),
    "ci12_other": ConflictType(Effect.DECLARED),
}


@dataclass(frozen=True, slots=True)
class Interest:
    """An interest as an expert declared it, in a company, a person, or both."""

    conflict_type: str
    organisation: str
    credit_code: str | None = None
    person_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def blocks(self) -> bool:
        """Tell whether the interest forbids advice, and not only has to be declared."""
        return CONFLICT_TYPES[self.conflict_type].effect is Effect.BLOCKS

    def is_live(self, day: date) -> bool:
        """Tell whether the interest stands on the day or still looks back on it."""
        if self.starts_on is not None and day < self.starts_on:
            return False
        if self.ends_on is None or day <= self.ends_on:
            return True
        look_back = CONFLICT_TYPES[self.conflict_type].look_back
        return look_back is not None and day - self.ends_on <= look_back


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Who is advised: the persons of the venture, its name and code as far as known."""

    person_ids: frozenset[UUID]
    venture_name: str | None = None
    credit_code: str | None = None
    other_ventures: tuple[tuple[str, str | None], ...] = ()

    @property
    def ventures(self) -> tuple[tuple[str, str | None], ...]:
        """Return name and code of every venture of the founder's side."""
        return ((self.venture_name or "", self.credit_code), *self.other_ventures)


def blocking(interests: Iterable[Interest], counterpart: Counterpart, day: date) -> Interest | None:
    """Return the first interest that forbids advising the counterpart, None when none does."""
    standing = live(interests, counterpart, day)
    return next((interest for interest in standing if interest.blocks), None)


def live(interests: Iterable[Interest], counterpart: Counterpart, day: date) -> Iterator[Interest]:
    """Yield the interests that tie the expert to the counterpart on the day."""
    for interest in interests:
        if interest.is_live(day) and _concerns(interest, counterpart):
            yield interest


def _concerns(interest: Interest, counterpart: Counterpart) -> bool:
    if interest.person_id is not None and interest.person_id in counterpart.person_ids:
        return True
    return any(_is_in(interest, name, code) for name, code in counterpart.ventures)


def _is_in(interest: Interest, name: str, credit_code: str | None) -> bool:
    if interest.credit_code and credit_code:
        return interest.credit_code == credit_code
    names = _plain(interest.organisation), _plain(name)
    return bool(names[0]) and names[0] == names[1]


def _plain(name: str) -> str:
    """Fold a name, so that 芯感微电子有限公司 and 芯感微电子 are one."""
    folded = _NOT_IN_NAME.sub("", unicodedata.normalize("NFKC", name).casefold())
    return _LEGAL_FORM.sub("", folded)
