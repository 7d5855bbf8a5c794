"""Files that tests put to meetings: small, whole, of each type that is taken."""

import io
import zipfile
from pathlib import Path

from app.adapters.attachment_files import FileFolder
from app.domain.attachment import AttachmentKind, SentFile, examined
from app.models.attachment import Attachment
from app.services import attachments
from tests.databases import shared_folder

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\xff\xd9"
TEXT = "14:02 接通，14:41 挂断。\n".encode()


def office(part: str, *others: str) -> bytes:
    """Return an archive with the main part of an office document."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in ("[Content_Types].xml", part, *others):
            archive.writestr(name, "<x/>")
    return target.getvalue()


def folder() -> FileFolder:
    """Return where the files of tests lie."""
    return FileFolder(Path(shared_folder()) / "attachments")


def kept(name: str = "原件.pdf", content: bytes = PDF) -> SentFile:
    """Return a file as it was examined, its bytes kept."""
    sent = examined(name, content)
    folder().keep(content)
    return sent


def put(scene, who, session_id, kind=AttachmentKind.SCAN, **values) -> Attachment:
    """Put a file to a meeting; `name` and `content` say which."""
    sent = kept(*(values.pop(each) for each in ("name", "content") if each in values))
    return scene.store.execute(who, attachments.add, session_id, kind, sent, **values)
