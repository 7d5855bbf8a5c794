"""The record of a meeting in full: what may be added to it, and the hash of what is signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain import prose
from app.domain.audit_entry import digest
from app.domain.errors import FieldError

# Codes of vocabulary `outcome`: what somebody claims came of the advice.
EFFECTS = (
    "eff_registered",
    "eff_loan",
    "eff_bank_loan",
    "eff_equity",
    "eff_subsidy",
    "eff_jobs",
    "eff_ip",
    "eff_award",
    "eff_sme_title",
    "eff_settled",
    "eff_survived_12m",
)
IN_YUAN = frozenset({"eff_loan", "eff_bank_loan", "eff_equity", "eff_subsidy"})
IN_PERSONS = frozenset({"eff_jobs"})
MOST_EFFECTS = 5
MOST_TOPICS = 5
HIGHEST_AMOUNT = 10**9 - 1
LONGEST_WORDS = 300
LONGEST_ADDRESSEE = 100


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of the advice, as its author claims: a kind, an amount where it has one, words."""

    kind: str
    amount: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Referral:
    """To whom the founder was sent on, and why."""

    to: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a record may hold beside question, advice, steps and result."""

    stage: str | None = None
    topics: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    referral: Referral | None = None

    def __bool__(self) -> bool:
        """Tell whether anything was added."""
        return self != NOTHING_MORE

    def faults(self) -> list[FieldError]:
        """Return what is wrong, each at its field; whether stage and topics exist is not asked."""
        found: list[FieldError] = []
        if len(self.topics) > MOST_TOPICS:
            found.append(FieldError("topics", "outcome.too_many_topics", {"max": MOST_TOPICS}))
        if len(self.effects) > MOST_EFFECTS:
            found.append(FieldError("effects", "outcome.too_many_effects", {"max": MOST_EFFECTS}))
        for number, effect in enumerate(self.effects, start=1):
            found += _effect_faults(f"effect_{number}", effect)
        if self.referral is not None:
            found += prose.faults("referral_to", self.referral.to, LONGEST_ADDRESSEE)
            found += prose.faults("referral_why", self.referral.why, LONGEST_WORDS)
        return found

    def kept_effects(self) -> list[dict[str, Any]] | None:
        """Return the effects as they are kept, None for none."""
        return [
            {"kind": each.kind, "amount": each.amount, "words": each.words.strip()}
            for each in self.effects
        ] or None

    def kept_referral(self) -> dict[str, str] | None:
        """Return the referral as it is kept."""
        if self.referral is None:
            return None
        return {"to": self.referral.to.strip(), "why": self.referral.why.strip()}


NOTHING_MORE = Extras()


def from_kept(
    stage: str | None,
    topics: Sequence[str] | None,
    effects: Sequence[dict[str, Any]] | None,
    referral: dict[str, str] | None,
) -> Extras:
    """Return what was kept of a record beside its words."""
    return Extras(
        stage=stage,
        topics=tuple(topics or ()),
        effects=tuple(
            Effect(each["kind"], each["amount"], each["words"]) for each in effects or ()
        ),
        referral=Referral(referral["to"], referral["why"]) if referral else None,
    )


def signed_sha256(facts: dict[str, Any], record: dict[str, Any]) -> str:
    """Return the hash of what both sides sign: the facts of the meeting, and the record.

    Args:
        facts: number, actual times, breaks and who was there.
        record: the version of the record, as it is kept.
    """
    return digest({"facts": facts, "record": record})


def _effect_faults(field: str, effect: Effect) -> list[FieldError]:
    found = []
    if effect.kind not in EFFECTS:
        found.append(FieldError(f"{field}_kind", "input.unknown_code"))
    if effect.amount is not None and not 0 < effect.amount <= HIGHEST_AMOUNT:
        facts = {"low": 1, "high": HIGHEST_AMOUNT}
        code = "input.too_small" if effect.amount <= 0 else "input.too_large"
        found.append(FieldError(f"{field}_amount", code, facts))
    if effect.amount is None and effect.kind in IN_YUAN | IN_PERSONS:
        found.append(FieldError(f"{field}_amount", "outcome.effect_amount"))
    if effect.amount is not None and effect.kind not in IN_YUAN | IN_PERSONS:
        found.append(FieldError(f"{field}_amount", "outcome.effect_without_amount"))
    return found + prose.faults(f"{field}_words", effect.words, LONGEST_WORDS)
