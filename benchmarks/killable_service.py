"""The served site and its job process, to be killed and started at will."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.databases import SECRET
from tests.moments import START

PATIENCE_SECONDS = 30
ROOT = Path(__file__).parents[1]


class Service:
    """The served site and its job process, killed and started at will."""

    def __init__(self, url: str, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        clock = folder / "clock"
        clock.write_text(START.isoformat())
        self.environment = {
            **os.environ,
            "JIEBAN_ENV": "test",
            "JIEBAN_DATABASE_URL": url,
            "JIEBAN_SECRET_KEY": SECRET,
            "JIEBAN_CLOCK_FILE": str(clock),
        }
        self.web = self.jobs = None
        self.start_web()
        self.start_jobs()

    def start_web(self) -> None:
        """Serve, in a group of its own so that one signal reaches master and workers."""
        bind = f"127.0.0.1:{self.port}"
        self.web = self._start(
            "gunicorn", "--bind", bind, "--workers", "2", "--threads", "4", "wsgi:app"
        )

    def await_web(self) -> None:
        """Wait until somebody answers, so that there is something to kill."""
        patience = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < patience:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)

    def start_jobs(self) -> None:
        """Start the job process."""
        self.jobs = self._start("app.jobs")

    def stop(self) -> None:
        """End both."""
        for process in (self.web, self.jobs):
            kill(process)

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its group without warning."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_worker(master: int, dice: random.Random) -> None:
    """Kill one web worker; the master starts another."""
    listed = subprocess.run(["pgrep", "-P", str(master)], capture_output=True, text=True)
    workers = listed.stdout.split()
    if workers:
        os.kill(int(dice.choice(workers)), signal.SIGKILL)
