import multiprocessing
import time
from pathlib import Path

import pytest

from app.unit_of_work.turn import Turn
from tests.depth import THOROUGH

# A process that is spawned imports everything anew, two seconds of the processor.
WRITERS, STEPS = {"fork": 4, "spawn": 4 if THOROUGH else 2}, 25


def count_up(path: Path) -> None:
    turn = Turn(path)
    number = path.with_name("number")
    for _ in range(STEPS):
        with turn:
            seen = int(number.read_text())
            time.sleep(0.001)
            number.write_text(str(seen + 1))


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_writers_of_many_processes_take_turns(tmp_path: Path, method: str) -> None:
    (tmp_path / "number").write_text("0")
    context = multiprocessing.get_context(method)
    writers = [
        context.Process(target=count_up, args=(tmp_path / "db",)) for _ in range(WRITERS[method])
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert (tmp_path / "number").read_text() == str(WRITERS[method] * STEPS)


def hold_and_hang(turn: Turn, path: Path) -> None:
    with turn:
        path.touch()
        time.sleep(60)


def test_a_killed_writer_gives_its_turn_back_even_when_forked_from_one_who_had_it(
    tmp_path: Path,
) -> None:
    turn = Turn(tmp_path / "db")
    with turn:
        pass
    holder = multiprocessing.get_context("fork").Process(
        target=hold_and_hang, args=(turn, tmp_path / "held")
    )
    holder.start()
    while not (tmp_path / "held").exists():
        time.sleep(0.01)
    holder.kill()
    holder.join()
    with turn:
        pass
