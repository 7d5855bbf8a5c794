"""A throw-away PostgreSQL of the installed binaries, one for all workers of a test run."""

import fcntl
import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

FOLDER_VARIABLE = "JIEBAN_TEST_POSTGRES_FOLDER"
PATIENCE = 30
ROOM = 4 * 1024**3
HOW_TO_GET = "install it with: apt-get install postgresql (or brew install postgresql)"


def binaries() -> Path | None:
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=_version)
    path = found[-1] if found else shutil.which("initdb")
    return Path(path).resolve().parent if path else None


def _version(path: str) -> int:
    return int(path.split("/")[4])


DURABLE_VARIABLE = "JIEBAN_TEST_POSTGRES_DURABLE"
PLAIN = {"max_connections": 200, "shared_buffers": "128MB"}
# What a server that dies with the run, and whose databases live for a test, need not do.
FLEETING = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "track_counts": "off",
    "jit": "off",
}


def prepare(*, durable: bool = False) -> None:
    """Name the folder that all workers share; the server starts when one needs it.

    A durable server keeps PostgreSQL's own defaults for fsync and synchronous_commit.
    """
    if durable:
        os.environ[DURABLE_VARIABLE] = "1"
    folder = Path(tempfile.mkdtemp(prefix="jieban-pg-", dir=_memory()))
    folder.chmod(0o755)
    os.environ[FOLDER_VARIABLE] = str(folder)


def _memory() -> str | None:
    # What dies with the run may live in memory; a durable server needs a disk.
    shared = Path("/dev/shm")  # noqa: S108  # holds no secrets
    durable = DURABLE_VARIABLE in os.environ
    roomy = shared.is_dir() and shutil.disk_usage(shared).free > ROOM
    return str(shared) if roomy and not durable else None


def url() -> str:
    """Return the address of the server, started by the first asker."""
    folder = Path(os.environ[FOLDER_VARIABLE])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        port_file = folder / "port"
        if not port_file.exists():
            port_file.write_text(str(_start(folder)))
        port = port_file.read_text()
    return f"postgresql+psycopg://jieban@127.0.0.1:{port}/postgres"


def stop() -> None:
    folder = Path(os.environ.pop(FOLDER_VARIABLE))
    if (folder / "port").exists():
        _run(["pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "-w", "stop"])
    shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> int:
    data = folder / "data"
    data.mkdir()
    if os.geteuid() == 0:
        # initdb refuses root.
        shutil.chown(data, "postgres", "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    _run(["initdb", "-D", str(data), "-U", "jieban", "--auth=trust", "--no-sync", "-E", "UTF8"])
    _serve(data, port)
    return port


def crash() -> None:
    """Kill the server without warning and start it anew on the same data and port."""
    folder = Path(os.environ[FOLDER_VARIABLE])
    data = folder / "data"
    master = int((data / "postmaster.pid").read_text().split()[0])
    os.kill(master, signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return _serve(data, int((folder / "port").read_text()))
        except RuntimeError:
            # The last of its processes still lets go of the shared memory.
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def log() -> str:
    """Return what the server has written down since it was made."""
    folder = Path(os.environ[FOLDER_VARIABLE])
    return (folder / "data" / "log").read_text(encoding="utf-8", errors="replace")


def _serve(data: Path, port: int) -> None:
    named = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "''"}
    named |= PLAIN if DURABLE_VARIABLE in os.environ else PLAIN | FLEETING
    options = " ".join(f"-c {name}={value}" for name, value in named.items())
    _run(["pg_ctl", "-D", str(data), "-w", "-l", str(data / "log"), "-o", options, "start"])


def _run(command: list[str]) -> None:
    folder = binaries()
    if folder is None:
        raise RuntimeError(f"no PostgreSQL here; {HOW_TO_GET}")
    command = [str(folder / command[0]), *command[1:]]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{command} failed: {done.stdout}{done.stderr}")
