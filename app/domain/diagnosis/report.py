"""The joint report 联合报告: what its hash covers, who signs it, what a signer dissents from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.domain.audit_entry import digest
from app.domain.errors import FieldError, InvalidInputError
from app.domain.prose import faults

LONGEST_SUMMARY = 4000
LONGEST_DISSENT = 1000


@dataclass(frozen=True, slots=True)
class Dissent:
    """With which finding of the report, by its number from 1 on, a signer does not agree, and why.

    It is called 保留意见 and printed with the report.
    """

    number: int
    text: str


def report_digest(body: Mapping[str, Any]) -> str:
    """Return the hash by which a version is known, over everything it says."""
    return digest(body)


def is_complete(signers: Collection[UUID], signed: Collection[UUID]) -> bool:
    """Tell whether everybody has signed for whom the version waits; nobody is nobody's report."""
    return bool(signers) and set(signers) <= set(signed)


def ensure_dissents(dissents: Sequence[Dissent], findings: int) -> tuple[Dissent, ...]:
    """Return the dissents in order of the findings, each on one that the report has.

    Args:
        dissents: what the signer says.
        findings: how many findings the report has.

    Raises:
        InvalidInputError: at the text, or at the list where it names no finding or one twice.
    """
    wrong: list[FieldError] = []
    numbers = [each.number for each in dissents]
    if len(set(numbers)) < len(numbers) or not set(numbers) <= set(range(1, findings + 1)):
        wrong.append(FieldError("dissents", "diagnosis.no_such_finding"))
    for each in dissents:
        wrong += faults(f"dissent_{each.number}", each.text, LONGEST_DISSENT)
    if wrong:
        raise InvalidInputError(errors=wrong)
    kept = (Dissent(each.number, each.text.strip()) for each in dissents)
    return tuple(sorted(kept, key=lambda each: each.number))
