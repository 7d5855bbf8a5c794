"""What whoever had a report made is told: that it is there, or that it could not be made."""

from collections.abc import Mapping

from app.domain.message.notice import Audience, Notice

_FILE = "/bureau/report-files/{file_id}"
# In the inbox alone: the file is kept thirty days, and most are ready within a minute.
REPORT_FILES: Mapping[str, tuple[Notice, ...]] = {
    event: (Notice(to=Audience.MAKER, words=event, href=_FILE, by_mail=False),)
    for event in ("report_file.made", "report_file.failed")
}
