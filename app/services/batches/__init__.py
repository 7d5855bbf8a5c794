"""The verbs of a batch: draft, compute, try, change, review, publish, undo."""

from app.services.batches.asking import ask_experts, refresh_open
from app.services.batches.changing import discard, drop, review, swap
from app.services.batches.computing import compute, fail, prepare, record
from app.services.batches.drafting import COMPUTE, cancel, draft
from app.services.batches.publishing import REFRESH, Published, Undone, publish, undo
from app.services.batches.trying import Recomputed, Trial, adopt, recompute, try_terms

__all__ = [
    "COMPUTE",
    "REFRESH",
    "Published",
    "Recomputed",
    "Trial",
    "Undone",
    "adopt",
    "ask_experts",
    "cancel",
    "compute",
    "discard",
    "draft",
    "drop",
    "fail",
    "prepare",
    "publish",
    "recompute",
    "record",
    "refresh_open",
    "review",
    "swap",
    "try_terms",
    "undo",
]
