"""How workers hear of what is due: `JIEBAN_ENGINE`. The row of the job stays the truth.

An engine only carries a wake for one job; whoever hears it claims the row like anybody else, so
that a wake that is lost, doubled or late does no harm.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Protocol, cast
from uuid import UUID

from app.settings import Settings
from app.unit_of_work import UnitOfWork

QUEUE = "jieban"
TASK = "jieban.wake"
# Wakes that one process follows at the same time.
AT_ONCE = 4
Follow = Callable[[str], None]
AfterCommit = Callable[[], None]


def nothing() -> None:
    """Leave nothing for after the commit."""


class EngineError(RuntimeError):
    """The engine cannot be used here; the text says to an operator what is missing."""


class Engine(Protocol):
    """What every engine can do.

    Attributes:
        looks_itself: workers look at the table by themselves and need no wakes.
    """

    looks_itself: bool

    def wake(self, uow: UnitOfWork, job_ids: Sequence[UUID]) -> AfterCommit:
        """Carry a wake for each job with the transaction; return what is left for after it."""

    def run_forever(self) -> None:
        """Work until SIGTERM or SIGINT; what is at hand is finished first."""

    def health(self) -> None:
        """Return when wakes can be carried.

        Raises:
            EngineError: they cannot, and why.
        """


def engine_of(settings: Settings, do: Callable[[UUID], object]) -> Engine:
    """Return the engine that the settings name; only its own package is ever imported.

    Raises:
        EngineError: its package is not installed.
    """
    name = settings.engine
    try:
        module = import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        raise EngineError(
            f"JIEBAN_ENGINE={name} needs a package that is not installed ({error.name});"
            f" run: make engine ENGINE={name}"
        ) from error

    def follow(job_id: str) -> None:
        do(UUID(job_id))

    return cast(Engine, module.open_engine(settings, follow))
