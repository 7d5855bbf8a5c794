"""A throw-away Redis of the installed binary, on a free port of this machine alone."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

HOW_TO_GET = "install it with: apt-get install redis-server (or brew install redis)"
PATIENCE_SECONDS = 10


def binary() -> str | None:
    return shutil.which("redis-server")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def redis_server(program: str) -> Iterator[str]:
    """Serve until the end of the block; yields the address."""
    port = free_port()
    given = {"--port": port, "--bind": "127.0.0.1", "--save": "", "--appendonly": "no"}
    words = [str(word) for pair in given.items() for word in pair]
    server = subprocess.Popen([program, *words], cwd="/", stdout=subprocess.DEVNULL)
    try:
        _await(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


def _await(port: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("redis-server does not answer")
