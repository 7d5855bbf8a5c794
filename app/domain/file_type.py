"""The types of files that are taken, each known by its bytes."""

import io
import unicodedata
import zipfile
from collections.abc import Callable
from enum import StrEnum

_MOST_MEMBERS = 2_000
_HEAD = 1_024
_PLAIN_MARKS = frozenset("\t\r\n\f")
# What begins like one of the others, and is none, is no text either.
_BROKEN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff")
_OFFICE = "application/vnd.openxmlformats-officedocument"


class FileType(StrEnum):
    """A type of file, by its usual ending."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    CSV = "csv"
    TXT = "txt"

    @property
    def media_type(self) -> str:
        """The media type under which it is handed out."""
        return _MEDIA_TYPES[self]

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings its name may have, the usual one first."""
        return (".jpg", ".jpeg") if self is FileType.JPEG else (f".{self.value}",)


_MEDIA_TYPES = {
    FileType.PDF: "application/pdf",
    FileType.PNG: "image/png",
    FileType.JPEG: "image/jpeg",
    FileType.DOCX: f"{_OFFICE}.wordprocessingml.document",
    FileType.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    FileType.PPTX: f"{_OFFICE}.presentationml.presentation",
    FileType.CSV: "text/csv",
    FileType.TXT: "text/plain",
}
ACCEPTED = ",".join(suffix for file_type in FileType for suffix in file_type.suffixes)
_MAIN_PARTS = {
    "word/document.xml": FileType.DOCX,
    "xl/workbook.xml": FileType.XLSX,
    "ppt/presentation.xml": FileType.PPTX,
}


def file_type_of(content: bytes, name: str) -> FileType | None:
    """Return what the bytes are, None for everything that is not taken.

    Only of plain text the name decides whether it is a table.
    """
    found = next((file_type for file_type, is_one in _SIGNS.items() if is_one(content)), None)
    if found is not None:
        return found
    if content.startswith(b"PK"):
        return _office_type(content)
    if content.startswith(_BROKEN) or not _is_text(content):
        return None
    return FileType.CSV if name.lower().endswith(".csv") else FileType.TXT


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-_HEAD:]


def _is_png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR"


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content


_SIGNS: dict[FileType, Callable[[bytes], bool]] = {
    FileType.PDF: _is_pdf,
    FileType.PNG: _is_png,
    FileType.JPEG: _is_jpeg,
}


def _office_type(content: bytes) -> FileType | None:
    """Return which office document an archive is; one with macros is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [member.filename for member in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if len(members) > _MOST_MEMBERS or "[Content_Types].xml" not in members:
        return None
    if any(member.lower().endswith("vbaproject.bin") for member in members):
        return None
    found = {kind for part, kind in _MAIN_PARTS.items() if part in members}
    return found.pop() if len(found) == 1 else None


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(mark in _PLAIN_MARKS or unicodedata.category(mark) != "Cc" for mark in text)
    return False
