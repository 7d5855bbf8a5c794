"""Files that show what happened at a meeting: what is taken, by what it is known, who sees it."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Protocol

from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.file_type import FileType, file_type_of

LONGEST_NAME = 100
LONGEST_REASON = 300
MOST_OF_ONE_MEETING = 40
NAMELESS = "附件"
_PARTED = re.compile(r"[\\/]")
_UNFIT = re.compile(r'[<>:"|?*]')


class AttachmentKind(StrEnum):
    """What a file shows."""

    CALL_LOG = "call_log"
    JOIN_LOG = "join_log"
    SCAN = "scan"
    PHOTO = "photo"
    PRESENTATION = "presentation"
    REGISTRY_EXTRACT = "registry_extract"
    OTHER = "other"


class FileState(StrEnum):
    """How the kept bytes stand to their hash."""

    SOUND = "sound"
    CHANGED = "changed"
    MISSING = "missing"


class TooManyError(RuleError):
    """The meeting has as many files as one may have."""

    default_code = "attachment.too_many"


class StruckError(ConflictError):
    """The file was struck already."""

    default_code = "attachment.struck"


class KnownFileError(ConflictError):
    """He put in the same file already, to this meeting and as the same kind."""

    default_code = "attachment.known"


class FileDamagedError(ConflictError):
    """The bytes that were kept are gone, or are others than were put in."""

    default_code = "attachment.damaged"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was taken: what it is by its content, its cleaned name, its hash."""

    name: str
    file_type: FileType
    size: int
    sha256: str


class KeptFiles(Protocol):
    """Where the bytes lie, each once, under their hash."""

    def keep(self, content: bytes) -> str:
        """Keep the bytes and return their SHA-256."""

    def read(self, sha256: str) -> bytes:
        """Return the bytes.

        Raises:
            FileDamagedError: they are gone, or no longer those of the hash.
        """

    def state(self, sha256: str) -> FileState:
        """Tell whether the bytes are there and still those of the hash."""

    def names(self) -> Iterable[str]:
        """Return the hash of everything that is kept."""


def examined(name: str, content: bytes) -> SentFile:
    """Return what a file is, by its content; its name says nothing of that.

    Raises:
        InvalidInputError: at field `file`: empty, or of a type that is not taken.
    """
    if not content:
        raise InvalidInputError.at("file", "input.not_chosen")
    file_type = file_type_of(content, name)
    if file_type is None:
        raise InvalidInputError.at("file", "attachment.type_unknown")
    sha256 = hashlib.sha256(content).hexdigest()
    return SentFile(cleaned_name(name, file_type), file_type, len(content), sha256)


def cleaned_name(name: str, file_type: FileType) -> str:
    """Return a name without folders and signs that mislead, ended as its content asks."""
    last = _PARTED.split(unicodedata.normalize("NFC", name))[-1]
    # Formatting signs turn exe.pdf into fdp.exe for whoever reads it.
    shown = "".join(mark for mark in last if unicodedata.category(mark)[0] != "C")
    path = PurePosixPath(_UNFIT.sub("_", shown).strip(" ."))
    is_fitting = path.suffix.lower() in file_type.suffixes
    stem = (path.stem if is_fitting else path.name).strip(" .") or NAMELESS
    suffix = path.suffix.lower() if is_fitting else file_type.suffixes[0]
    return f"{stem[: LONGEST_NAME - len(suffix)]}{suffix}"


def ensure_room(count: int) -> None:
    """Refuse more files than one meeting may have.

    Raises:
        TooManyError: with the most.
    """
    if count >= MOST_OF_ONE_MEETING:
        raise TooManyError(most=MOST_OF_ONE_MEETING)
