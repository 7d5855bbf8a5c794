"""A file that somebody sent with a form: looked at, then kept."""

from werkzeug.datastructures import FileStorage

from app.adapters.attachment_files import files_of
from app.domain.attachment import SentFile, examined
from app.http.edge import the_settings


def received(sent: FileStorage | None) -> SentFile:
    """Return a file as it was examined, its bytes kept.

    Raises:
        InvalidInputError: at field `file`.
    """
    content = sent.read() if sent else b""
    file = examined((sent.filename or "") if sent else "", content)
    files_of(the_settings()).keep(content)
    return file
