"""A gateway for short messages on this machine: it does not know a key again, and it has faults.

It counts how often it took each key. It can be told what to do next, or to choose by lot.
"""

import hashlib
import hmac
import json
import random
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

KEY, SECRET = "jieban", "sms secret/1"
# What it may do besides taking a message: refuse it for now, break down before or after taking it,
# take it and stay silent, lose it and stay silent, answer twice. Silence ends with a cut line.
FAULTS = ("busy", "broken", "broken_after", "silent", "lost", "twice")


class _Conversation(BaseHTTPRequestHandler):
    server: Any
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        stamp = self.headers["X-Timestamp"]
        signed = hmac.new(SECRET.encode(), f"{stamp}.".encode() + content, hashlib.sha256)
        if self.headers["X-Key"] != KEY or self.headers["X-Signature"] != signed.hexdigest():
            self.say(403, {"status": "refused", "reason": "signature"})
            return
        body = json.loads(content)
        getattr(self, f"on{self.path.replace('/', '_')}")(body)

    def do_GET(self) -> None:
        self.say(200, {"taken": self.server.taken, "acts": self.server.acts})

    def on_bridge_send(self, body: dict[str, str]) -> None:
        act = self.server.next_act()
        if act in ("busy", "broken"):
            code, status = (503, "busy") if act == "busy" else (500, "oops")
            self.say(code, {"status": status, "reason": act})
        elif act == "refused":
            self.say(200, {"status": "refused", "reason": "blacklisted"})
        elif act == "lost":
            self.keep_silent()
        else:
            self.server.take(body)
            if act == "silent":
                self.keep_silent()
            elif act == "broken_after":
                self.say(500, {"status": "oops"})
            else:
                for _ in range(2 if act == "twice" else 1):
                    self.say(200, {"status": "accepted", "id": f"biz-{body['out_id']}"})

    def on_bridge_query(self, body: dict[str, str]) -> None:
        self.server.questions += 1
        report = self.server.reports.popleft() if self.server.reports else None
        if report == "busy":
            self.say(503, {"status": "busy"})
            return
        count = self.server.taken[body["out_id"]]
        status = report or "delivered"
        items = [{"status": "accepted"}, {"status": status, "id": "biz"}] if count else []
        self.say(200, {"items": [{"status": "pending"}] if report == "pending" else items})

    def keep_silent(self) -> None:
        time.sleep(self.server.silence)
        self.close_connection = True

    def say(self, code: int, answer: Mapping[str, object]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class SmsGateway(ThreadingHTTPServer):
    """Takes every message unless told otherwise."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, rates: Mapping[str, float] | None = None, silence: float = 0) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.rates = rates or {}
        self.silence = silence
        self.acts_to_come: deque[str] = deque()
        self.reports: deque[str] = deque()
        self.questions = 0
        self.messages: list[dict[str, str]] = []
        self.taken: Counter[str] = Counter()
        self.acts: Counter[str] = Counter()
        self._lot = random.Random(11)  # noqa: S311  # repeatable choices
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        host = f"127.0.0.1:{self.server_address[1]}"
        return f"http://{KEY}:{quote(SECRET, safe='')}@{host}/bridge"

    def next_act(self) -> str:
        with self._lock:
            if self.acts_to_come:
                act = self.acts_to_come.popleft()
            else:
                acts, weights = ["taken", *self.rates], [1 - sum(self.rates.values())]
                act = self._lot.choices(acts, weights + list(self.rates.values()))[0]
            self.acts[act] += 1
            return act

    def take(self, body: dict[str, str]) -> None:
        with self._lock:
            self.messages.append(body)
            self.taken[body["out_id"]] += 1

    def handle_error(self, *_: object) -> None:
        """A client that went away is no news here."""


@contextmanager
def sms_gateway(silence: float = 0) -> Iterator[SmsGateway]:
    with SmsGateway(silence=silence) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
