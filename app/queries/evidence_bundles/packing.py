"""Files packed into a zip whose bytes depend on the files alone."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the archive: the same files give the same bytes on every machine and day."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, files[name])
    return target.getvalue()


def document(value: object) -> bytes:
    """Return a value as one readable JSON document, always the same for the same value."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def lines(values: Iterable[object]) -> bytes:
    """Return values as JSON, one a line."""
    return b"".join(
        json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        + b"\n"
        for value in values
    )
