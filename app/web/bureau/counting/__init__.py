"""The ledger of services: figures, the rows behind them, evidence, disputes, corrections."""

from app.web.bureau.counting import (
    appeals,
    corrections,
    disputes,
    evidence,
    exports,
    outcomes,
    overview,
    policies,
    previews,
    proof,
    reports,
    rules,
    sessions,
)

GROUPS = (
    overview,
    sessions,
    exports,
    evidence,
    corrections,
    outcomes,
    disputes,
    reports,
    proof,
    rules,
    policies,
    previews,
    appeals,
)
