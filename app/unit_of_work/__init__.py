"""One transaction for one use case: the only commit, the row scopes, the audit."""

from app.unit_of_work.scope import UnscopedStatementError, unscoped
from app.unit_of_work.store import Reader, Store
from app.unit_of_work.trail import UnauditedChangeError, facts_of
from app.unit_of_work.work import UnitOfWork

__all__ = [
    "Reader",
    "Store",
    "UnauditedChangeError",
    "UnitOfWork",
    "UnscopedStatementError",
    "facts_of",
    "unscoped",
]
