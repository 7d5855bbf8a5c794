"""How large a request may be, and how often somebody may ask."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

MIB = 1024 * 1024
BODY_LIMIT = 1 * MIB
UPLOAD_LIMIT = 10 * MIB
_ATTRIBUTE = "jieban_body_limit"

View = TypeVar("View", bound=Callable[..., Any])


class Allowance:
    """So many requests in so many seconds for each key, counted by this process alone.

    By the machine's steady clock; nothing is written, since what is counted are looks.
    """

    MOST_KEYS = 10_000

    def __init__(
        self, *, most: int, seconds: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._now = now
        self._spent: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, key: str) -> int:
        """Spend one request of the key's; return how many seconds to wait when none is left."""
        with self._lock:
            now = self._now()
            spent = self._spent.setdefault(key, deque())
            self._spent.move_to_end(key)
            while spent and spent[0] <= now - self._seconds:
                spent.popleft()
            if len(spent) >= self._most:
                return max(1, int(spent[0] + self._seconds - now))
            spent.append(now)
            if len(self._spent) > self.MOST_KEYS:
                self._spent.popitem(last=False)
            return 0


def takes_file(view: View) -> View:
    """Let the view receive a file of up to UPLOAD_LIMIT bytes; other views take BODY_LIMIT."""
    setattr(view, _ATTRIBUTE, UPLOAD_LIMIT)
    return view


def install(app: Flask) -> None:
    """Refuse larger bodies with status 413 before anything of them is read."""
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_LIMIT
    app.before_request(_limit)
    app.teardown_request(_close_files)


def _close_files(_error: BaseException | None) -> None:
    request.close()


def _limit() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = getattr(view, _ATTRIBUTE, BODY_LIMIT)
    if (request.content_length or 0) > request.max_content_length:
        raise RequestEntityTooLarge
