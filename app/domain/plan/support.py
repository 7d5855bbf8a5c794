"""Support items 扶持事项: what a founder was given or brought about, in whole fen or heads."""

import re
from datetime import date
from enum import StrEnum

from app.domain import prose
from app.domain.errors import FieldError, InvalidInputError

LONGEST_DOCUMENT = 120
LONGEST_GROUNDS = 400
# 个人创业担保贷款 reaches 300 000 元, that of a small firm some millions; beyond it is a slip.
MOST_FEN = 10**12
MOST_HEADS = 100_000
_YUAN = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?")


class SupportKind(StrEnum):
    """What was done: 担保贷款, 补贴, 入驻, 带动就业; a service only in an opening list."""

    LOAN = "loan"
    SUBSIDY = "subsidy"
    SETTLEMENT = "settlement"
    JOBS = "jobs"
    SERVICE = "service"


class Unit(StrEnum):
    """What the quantity of a support item is counted in."""

    FEN = "fen"
    HEADS = "heads"
    NONE = "none"


# A service is counted from the ledger; before there was one, from an opening list.
SUPPORT_ITEMS = (
    SupportKind.LOAN,
    SupportKind.SUBSIDY,
    SupportKind.SETTLEMENT,
    SupportKind.JOBS,
)
# Whoever creates jobs has done something; being given something makes a founder supported.
FOUNDER_KINDS = frozenset(
    {SupportKind.LOAN, SupportKind.SUBSIDY, SupportKind.SETTLEMENT, SupportKind.SERVICE}
)
_UNITS = {
    SupportKind.LOAN: Unit.FEN,
    SupportKind.SUBSIDY: Unit.FEN,
    SupportKind.JOBS: Unit.HEADS,
}


def unit_of(kind: SupportKind) -> Unit:
    """Return what the quantity of a kind is counted in."""
    return _UNITS.get(kind, Unit.NONE)


def fen_of(written: str) -> int | None:
    """Return an amount written in 元 as fen, exactly; None when it is no amount of money."""
    plain = written.replace(",", "").replace("，", "").strip().removesuffix("元").strip()
    if not _YUAN.fullmatch(plain):
        return None
    whole, _, rest = plain.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or "0")


def yuan(fen: int) -> str:
    """Return fen as 元 with thousands, and with 角 and 分 where there are any."""
    whole, rest = divmod(fen, 100)
    return f"{whole:,}.{rest:02d}" if rest else f"{whole:,}"


def ensure_quantity(kind: SupportKind, quantity: int | None) -> int | None:
    """Return the quantity as it is kept: nothing where the kind has none.

    Raises:
        InvalidInputError: it is missing, not positive, or beyond belief.
    """
    unit = unit_of(kind)
    if unit is Unit.NONE:
        return None
    if quantity is None:
        raise InvalidInputError.at("quantity", "input.required")
    most = MOST_FEN if unit is Unit.FEN else MOST_HEADS
    if quantity < 1:
        raise InvalidInputError.at("quantity", "input.too_small", low=1, high=most)
    if quantity > most:
        raise InvalidInputError.at("quantity", "input.too_large", low=1, high=most)
    return quantity


def ensure_document(document: str, on: date, today: date) -> str:
    """Return what shows it, and refuse what has not happened yet.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = prose.faults("document", document, LONGEST_DOCUMENT)
    if on > today:
        errors.append(FieldError("done_on", "input.too_late", {"last": today}))
    if errors:
        raise InvalidInputError(errors=errors)
    return " ".join(document.split())
