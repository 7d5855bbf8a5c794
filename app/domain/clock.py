"""The only reader of the clock: one business time for web, jobs and commands alike."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from app.domain.errors import DomainError


class Clock(Protocol):
    """Tells the business time as an aware UTC instant."""

    def now(self) -> datetime:
        """Return the present business time."""
        ...


class ClockFileError(DomainError):
    """The clock file is missing, unreadable or has gone back in time."""

    default_code = "clock.file"


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


class FileClock:
    """A clock that stands at the instant written in a file, read anew at each use.

    The file lets a training or an acceptance test move through days; it may only go forward.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._latest: datetime | None = None

    def now(self) -> datetime:
        """Return the instant of the file.

        Raises:
            ClockFileError: when the file cannot be read, has no offset, or went back.
        """
        try:
            instant = datetime.fromisoformat(self._path.read_text(encoding="utf-8").strip())
        except (OSError, ValueError) as error:
            raise ClockFileError(path=str(self._path), cause=str(error)) from error
        if instant.tzinfo is None:
            raise ClockFileError(path=str(self._path), cause="no offset")
        instant = instant.astimezone(UTC)
        if self._latest is not None and instant < self._latest:
            raise ClockFileError(path=str(self._path), cause="went back")
        self._latest = instant
        return instant


class FixedClock:
    """A clock that stands where it is put; `moves` forward by hand."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant it was put at."""
        return self._instant

    def put(self, instant: datetime) -> None:
        """Stand at another instant from now on."""
        self._instant = instant.astimezone(UTC)
