"""Scenes that tests begin with, played once in a run and kept as templates of databases.

A conftest or a module names its scenes by the fixtures that give them, the fullest first:

    @pytest.fixture
    def plays() -> Plays:
        return {"road": FounderRoad}

    @pytest.fixture
    def road(scene) -> FounderRoad:
        return scene

A test that asks for `road` then gets a copy of the database as it was when the scene was over,
the clock as it stood, and the scene's own objects on its own store.

A scene may go on where another ended, which is then played once for both:

    @after(FounderRoad)
    def far_on_the_road(road: FounderRoad) -> FounderRoad:
"""

import copyreg
import fcntl
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy.orm import InstanceState

from app.db import open_engine
from app.domain.clock import FixedClock
from app.unit_of_work import Store
from tests import databases
from tests.moments import START

Beginning = Callable[[Store, FixedClock], Any]
_LOADING = ("load_options", "load_path")


@dataclass(frozen=True)
class Sequel:
    """A scene that goes on where another ended."""

    earlier: "Play"
    goes_on: Callable[[Any], Any]


Play = Beginning | Sequel
Plays = Mapping[str, Play]


def after(earlier: Play) -> Callable[[Callable[[Any], Any]], Sequel]:
    """Let a scene begin with what the earlier one ended with."""
    return lambda goes_on: Sequel(earlier, goes_on)


class _Pickler(pickle.Pickler):
    """Leave out store and clock, which every test has of its own, and how rows were loaded."""

    def __init__(self, file: BytesIO, store: Store, clock: FixedClock) -> None:
        super().__init__(file)
        self._names = {id(store): "store", id(clock): "clock"}

    def persistent_id(self, obj: Any) -> str | None:
        return self._names.get(id(obj))

    def reducer_override(self, obj: Any) -> Any:
        if not isinstance(obj, InstanceState):
            return NotImplemented
        state = obj.__getstate__()
        kept = {name: value for name, value in state.items() if name not in _LOADING}
        return copyreg.__newobj__, (InstanceState,), kept  # type: ignore[attr-defined]


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: BytesIO, store: Store, clock: FixedClock) -> None:
        super().__init__(file)
        self._values = {"store": store, "clock": clock}

    def persistent_load(self, pid: str) -> Any:
        return self._values[pid]


def template(dialect: str, server: str | None, play: Play) -> str:
    """Return the name of the template that holds the scene, playing it for the first asker."""
    folder = databases.shared_folder()
    played = play.goes_on if isinstance(play, Sequel) else play
    name = f"scene_{played.__module__.rpartition('.')[2]}_{played.__qualname__}".lower()
    with (folder / f"{name}.{dialect}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _kept(folder, dialect, name).exists():
            before = databases.TEMPLATE
            if isinstance(play, Sequel):
                before = template(dialect, server, play.earlier)
            url = databases.copy(server, before, name)
            _kept(folder, dialect, name).write_bytes(_played(dialect, url, play, before))
    return name


def reopened(dialect: str, name: str, store: Store, clock: FixedClock) -> Any:
    """Return the scene on a store over a copy of its template, the clock put where it stood."""
    kept = BytesIO(_kept(databases.shared_folder(), dialect, name).read_bytes())
    scene, now = _Unpickler(kept, store, clock).load()
    clock.put(now)
    return scene


def _played(dialect: str, url: str, play: Play, before: str) -> bytes:
    engine = databases.share_statements(open_engine(url))
    clock = FixedClock(START)
    store = Store(engine, clock, databases.AUDIT_KEY)
    if isinstance(play, Sequel):
        scene = play.goes_on(reopened(dialect, before, store, clock))
    else:
        scene = play(store, clock)
    kept = BytesIO()
    _Pickler(kept, store, clock).dump((scene, clock.now()))
    engine.dispose()
    if dialect == "sqlite":
        databases.settle(url)
    return kept.getvalue()


def _kept(folder: Path, dialect: str, name: str) -> Path:
    return folder / f"{name}.{dialect}.pickle"
