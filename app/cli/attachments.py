"""`attachments check`: the files of meetings against their hashes, as after a restored backup."""

from sqlalchemy import select

from app.adapters.attachment_files import files_of
from app.cli.command import REFUSED, CommandGroup, as_json, show
from app.domain.actor import SYSTEM
from app.domain.attachment import FileState
from app.http.edge import the_settings, the_store
from app.models.attachment import Attachment

group = CommandGroup("attachments", help="The files of meetings.")


@group.command("check")
@as_json
def check(is_json: bool) -> None:
    """Read every file; exit 1 when one is gone or changed, and tell which no row names."""
    kept = files_of(the_settings())
    there = set(kept.names())
    with the_store().read(SYSTEM) as reader:
        named = set(reader.session.scalars(select(Attachment.sha256)))
    states = {sha256: kept.state(sha256) for sha256 in sorted(named)}
    bad = {state: [key for key, was in states.items() if was is state] for state in FileState}
    answer = {
        "files": len(named),
        "ok": len(bad[FileState.SOUND]) == len(named),
        "missing": bad[FileState.MISSING],
        "changed": bad[FileState.CHANGED],
        "unnamed": sorted(there - named),
    }
    lines = [f"{len(named)} files, {len(there - named)} that no row names"]
    lines += [f"  {state}: {key}" for key, state in states.items() if state is not FileState.SOUND]
    show(answer, is_json, "\n".join(lines))
    if not answer["ok"]:
        raise SystemExit(REFUSED)
