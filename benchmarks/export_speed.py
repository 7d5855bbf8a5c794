"""A workbook of 100 000 rows, twelve columns: our writer against openpyxl's write-only mode.

Each writer runs in a process of its own, by turns, with the same rows; the time is the
processor's, the memory what the process needs beyond what it had when the rows began. Both files
are opened again by calamine and must hold the same cells. Exits 1 when ours is not twice as fast
or needs 100 MB more.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from app.adapters.sheets import Sheet, write_book

ROWS, COLUMNS = 100_000, 12
LEAST_RATIO, MOST_MB = 2.0, 100.0
HEADINGS = [
    "编号",
    "日期",
    "类型",
    "街道",
    "部门",
    "行业",
    "类别",
    "时长",
    "人次",
    "导师",
    "状态",
    "原因",
]
WORDS = ["创业咨询", "个别辅导", "郭店街道", "区人力资源社会保障局", "软件和信息服务", "已计入"]


def rows(count: int) -> Iterator[list[str | int | date]]:
    """Yield rows such as an export has: a reference, a day, words, numbers."""
    first, kinds = date(2026, 1, 1), len(WORDS)
    days = [first + timedelta(days=number) for number in range(365)]
    for number in range(count):
        words = [WORDS[(number + step) % kinds] for step in range(7)]
        yield [f"TZ2026-{number:06d}", days[number % 365], *words, number % 150, 2, number]


def ours(path: Path, count: int) -> None:
    """Write the rows with the service's own writer."""
    with path.open("wb") as target:
        write_book(target, [Sheet("明细", HEADINGS, rows(count))], "footer")


def theirs(path: Path, count: int) -> None:
    """Write the rows with openpyxl in write-only mode."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("明细")
    sheet.append(HEADINGS)
    for row in rows(count):
        sheet.append(row)
    book.save(path)


WRITERS = {"ours": ours, "openpyxl": theirs}


def write(name: str, path: Path, count: int) -> None:
    """Write the file and print the processor seconds and the megabytes it took."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    WRITERS[name](path, count)
    seconds = time.process_time() - begun
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"{seconds:.3f} {grown / 1024:.1f}")


def measured(name: str, path: Path, count: int) -> tuple[float, float]:
    """Return processor seconds and megabytes of one writing in a process of its own."""
    command = [
        sys.executable,
        "-m",
        __spec__.name,
        "--write",
        name,
        str(path),
        "--rows",
        str(count),
    ]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(answer[0]), float(answer[1])


def cells(path: Path) -> list[list[object]]:
    """Return every cell as a second library reads it."""
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 0 when ours is fast and small enough and both files say the same."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", nargs=2, metavar=("WRITER", "FILE"))
    asked = parser.parse_args(arguments)
    if asked.write:
        write(asked.write[0], Path(asked.write[1]), asked.rows)
        return 0
    ratios, grown = [], []
    with tempfile.TemporaryDirectory(prefix="jieban-export-") as folder:
        paths = {name: Path(folder) / f"{name}.xlsx" for name in WRITERS}
        for _round in range(asked.rounds):
            took = {name: measured(name, path, asked.rows) for name, path in paths.items()}
            ratios.append(took["openpyxl"][0] / took["ours"][0])
            grown.append(took["ours"][1])
            told = ", ".join(f"{name} {s:.1f} s +{mb:.0f} MB" for name, (s, mb) in took.items())
            print(f"{told}: {ratios[-1]:.2f} x", flush=True)
        is_same = cells(paths["ours"]) == cells(paths["openpyxl"])
    ratio = statistics.median(ratios)
    print(
        f"{asked.rows:,} rows x {COLUMNS}: median {ratio:.2f} x faster (wanted {LEAST_RATIO}),"
        f" at most {max(grown):.0f} MB more (wanted < {MOST_MB:.0f}),"
        f" cells {'agree' if is_same else 'DIFFER'}"
    )
    return 0 if ratio >= LEAST_RATIO and max(grown) < MOST_MB and is_same else 1


if __name__ == "__main__":
    sys.exit(main())
