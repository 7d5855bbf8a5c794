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
    standing_aside,
    stretches,
    venture_registrations,
)

GROUPS = (
    overview,
    sessions,
    exports,
    evidence,
    corrections,
    outcomes,
    standing_aside,
    venture_registrations,
    disputes,
    reports,
    stretches,
    proof,
    rules,
    policies,
    previews,
    appeals,
)
