"""The demo district: told by use cases, with a story for every ledger, and sound afterwards."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, select

from app.adapters.attachment_files import FileFolder
from app.cli.demo import Belongings, DemoDistrict
from app.db import metadata, open_engine
from app.domain.actor import SYSTEM
from app.domain.calendar import local_day
from app.domain.clock import FixedClock
from app.models.attachment import Attachment
from app.services import audit_entries, self_audits
from app.services.audit_entries.comparing import ledger_models
from app.unit_of_work import Store
from tests import databases

SEEDS = Path(__file__).parents[2] / "seeds" / "demo"
UNTIL = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
# A version is learned from more needs than a demo has.
WITHOUT_STORY = {"matcher_versions"}


def empty_ledgers(url: str) -> set[str]:
    engine = create_engine(url)
    tables = [metadata.tables[str(model.__tablename__)] for model in ledger_models()]
    with engine.connect() as connection:
        found = {
            table.name
            for table in tables
            if connection.execute(select(table.c.id).limit(1)).first() is None
        }
    engine.dispose()
    return found


def test_every_ledger_has_a_story_and_the_books_are_sound(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    path.write_bytes(Path(databases.sqlite_template(databases.shared_folder())).read_bytes())
    url = f"sqlite:///{path}"
    store = Store(open_engine(url), FixedClock(UNTIL), databases.AUDIT_KEY)
    files = FileFolder(tmp_path / "files")
    DemoDistrict(store, SEEDS, UNTIL, Belongings(files=files)).load()
    assert empty_ledgers(url) == WITHOUT_STORY
    with store.read(SYSTEM) as reader:
        found = self_audits.look_over(
            reader, local_day(UNTIL), lambda _done, _of: None, files=files
        )
        report = audit_entries.verify(reader, databases.AUDIT_KEY, {}, None)
        names = set(reader.session.scalars(select(Attachment.sha256)))
    assert found.findings == ()
    assert report.is_ok
    assert {*files.names()} == names
    store.engine.dispose()
