"""Say which rule keeps an expert out."""

from matching.explain.wording import RULES
from matching.rules import Breach
from matching.types import Exclusion


def exclusion(expert_id: str, breach: Breach) -> Exclusion:
    """Word a breach; it tells that there is a tie, never which."""
    return Exclusion(expert_id, breach.rule, RULES[breach.rule], breach.facts)
