"""`signals look`: what is worth a look in the records, looked for now."""

from app.cli.command import CommandGroup, as_json, show
from app.domain.actor import SYSTEM
from app.domain.signal import Kind
from app.http.edge import the_store
from app.services import signals

group = CommandGroup("signals", help="What is worth a look in the records.")


@group.command("look")
@as_json
def look(is_json: bool) -> None:
    """Look at the last months as each night, and keep what is found."""
    store = the_store()
    looked = signals.compute(store.execute(SYSTEM, signals.prepare))
    kept = store.execute(SYSTEM, signals.record, looked)
    counts = {kind.value: sum(each.kind is kind for each in looked.found) for kind in Kind}
    told = ", ".join(f"{kind} {count}" for kind, count in counts.items())
    answer = {"sessions": kept.sessions, "found": kept.found, "kinds": counts}
    show(answer, is_json, f"{kept.sessions} meetings, {kept.found} signals: {told}")
