"""Until when the record of a meeting is under lock, as pages say it."""

from datetime import date
from uuid import UUID

from flask import Flask

from app.http.run import reading
from app.queries import archive


def register(app: Flask) -> None:
    """Let templates ask whether a meeting is under lock."""

    def archived_until(session_id: UUID) -> date | None:
        with reading() as reader:
            return archive.archived_until(reader, session_id)

    app.jinja_env.globals.update(archived_until=archived_until)
