"""The bytes of attachments: one file for each hash, in a folder beside the database."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.domain.attachment import FileDamagedError, FileState, KeptFiles
from app.settings import Settings

_CHUNK = 1024 * 1024
_LENGTH = hashlib.sha256().digest_size * 2


class FileFolder(KeptFiles):
    """Files named after the SHA-256 of what is in them; the same bytes lie there once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Keep the bytes, safely on the disk before this returns; return their SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if self.state(sha256) is not FileState.SOUND:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(path, content)
        return sha256

    def read(self, sha256: str) -> bytes:
        """Return the bytes.

        Raises:
            FileDamagedError: they are gone, or no longer those of the hash.
        """
        try:
            content = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise FileDamagedError(state=FileState.MISSING.value) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise FileDamagedError(state=FileState.CHANGED.value)
        return content

    def state(self, sha256: str) -> FileState:
        """Tell whether the bytes are there and still those of the hash."""
        found = hashlib.sha256()
        try:
            with self._path(sha256).open("rb") as file:
                while chunk := file.read(_CHUNK):
                    found.update(chunk)
        except FileNotFoundError:
            return FileState.MISSING
        return FileState.SOUND if found.hexdigest() == sha256 else FileState.CHANGED

    def names(self) -> Iterator[str]:
        """Yield the hash of everything that is kept."""
        for path in sorted(self._folder.glob("??/*")):
            if len(path.name) == _LENGTH:
                yield path.name

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


def files_of(settings: Settings) -> FileFolder:
    """Return where this installation keeps its files."""
    return FileFolder(settings.attachments)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, even when the machine stops in between."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
