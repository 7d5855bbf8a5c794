"""`make run`: the schema brought up to date, the demo loaded once, web and jobs served."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from app.adapters.demo_sign_ins import demo_sign_ins
from app.adapters.schema import is_newest, upgrade
from app.domain.actor import SYSTEM
from app.models.expert import Expert
from app.queries.accounts import account_lines
from app.settings import Environment, Settings, load
from app.unit_of_work import Store, unscoped
from app.unit_of_work.opening import open_store

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30


def main() -> int:
    """Serve until interrupted; everything started here ends with it."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    if _is_taken(host, port):
        sys.stderr.write(f"port {port} is in use; choose another with PORT=\n")
        return 2
    os.environ.setdefault("JIEBAN_BASE_URL", f"http://{host}:{port}")
    settings = load(os.environ, ROOT)
    store = open_store(settings)
    with unscoped():
        if not is_newest(store.engine):
            upgrade(store.engine)
    if _is_empty(store):
        subprocess.run(_flask("seed", "start"), cwd=ROOT, check=True)  # noqa: S603  # our own
    welcome = _welcome(store, settings, f"http://{host}:{port}")
    store.engine.dispose()
    return _serve_until_stopped(_commands(host, port), (host, port), welcome)


def _is_empty(store: Store) -> bool:
    with store.read(SYSTEM) as reader:
        return reader.session.scalars(select(Expert.id).limit(1)).first() is None


def _welcome(store: Store, settings: Settings, address: str) -> str:
    lines = [""]
    if settings.environment is Environment.DEMO:
        stated = demo_sign_ins()
        lines.append(f"  demo sign-ins, password {stated.password}:")
        with store.read(SYSTEM) as reader:
            lines += [
                f"    {line.login:<14}{line.name}  {', '.join(sorted(line.roles))}"
                for line in account_lines(reader, stated.logins)
            ]
    return "\n".join([*lines, "", f"  {address}", "", ""])


def _commands(host: str, port: int) -> Sequence[Sequence[str]]:
    workers = os.environ.get("WORKERS", "2")
    web = ["gunicorn", "--bind", f"{host}:{port}", "--workers", workers, "--threads", "4"]
    # Imported once and forked: nothing connects before the first request.
    web += ["--preload", "--log-level", "warning", "wsgi:app"]
    return [[sys.executable, "-m", *web], [sys.executable, "-m", "app.jobs"]]


def _serve_until_stopped(
    commands: Sequence[Sequence[str]], address: tuple[str, int], welcome: str
) -> int:
    # A group of its own for each, so that Ctrl-C reaches them through here alone.
    running = [
        subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603  # our own
        for command in commands
    ]
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, _interrupt)
    try:
        _await(address, running)
        sys.stdout.write(welcome)
        sys.stdout.flush()
        while all(process.poll() is None for process in running):
            time.sleep(0.2)
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(running)
    return 1


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _await(address: tuple[str, int], running: Sequence[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and not _is_taken(*address):
        if any(process.poll() is not None for process in running):
            return
        time.sleep(0.05)


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def _stop(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _flask(*words: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", *words]


if __name__ == "__main__":
    sys.exit(main())
