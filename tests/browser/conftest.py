"""A live server and a real Chromium; `site.enter(actor)` opens a page signed in."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from app.domain.actor import Actor
from app.models.account import Account
from tests.conftest import missing
from tests.depth import THOROUGH
from tests.serving import SignIn, account_id, serve, sign_in

__all__ = ["serve", "sign_in"]

Size = dict[str, int]
EnsureAccessible = Callable[..., None]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
HOW_TO_GET = "apt-get install chromium, or name one in $CHROMIUM"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is in order need not be gathered and told.
AXE = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}


INSIDE = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def dialect() -> str:
    """Pages are tested on both databases elsewhere; a browser sees no difference."""
    return "sqlite"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(path).exists():
        missing("chromium", HOW_TO_GET)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@dataclass
class Site:
    """The application behind an address, and the browser in front of it."""

    address: str
    app: Flask
    browser: Browser
    sign_in: SignIn
    secrets: dict[str, str] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def visit(self, viewport: Size = DESK, *, scripts: bool = True) -> Page:
        """Open a page as a visitor."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport=viewport,  # type: ignore[arg-type]  # a plain dict is such a size
            java_script_enabled=scripts,
            locale="zh-CN",
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def enter(self, who: Actor | Account, viewport: Size = DESK, *, scripts: bool = True) -> Page:
        """Open a page as the actor, past the sign-in page."""
        key = str(account_id(who))
        if key not in self.secrets:
            cookie = self.sign_in(self.app.test_client(), who).get_cookie("sid")
            assert cookie is not None
            self.secrets[key] = cookie.value
        page = self.visit(viewport, scripts=scripts)
        page.context.add_cookies([{"name": "sid", "value": self.secrets[key], "url": self.address}])
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        # A refused form is answered 409 or 422, which Chromium calls a failure to load.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture
def site(serve: Callable[..., Flask], sign_in: SignIn, browser: Browser) -> Iterator[Site]:
    """Serve the test's database; at the end nothing may stand in the browser's console."""
    app = serve()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found = Site(f"http://127.0.0.1:{server.server_port}", app, browser, sign_in)
    yield found
    for context in found.contexts:
        context.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert found.complaints == []


@pytest.fixture
def ensure_accessible() -> EnsureAccessible:
    """Refuse a page on which axe finds a violation, or that scrolls sideways.

    It has to fit each size given, by default its own. Axe takes longer than everything else
    and reads it in one of them, by turns; in a thorough run in all.
    """
    turns = count()

    def scan(page: Page, *sizes: Size) -> None:
        turn, own = next(turns), page.viewport_size
        page.wait_for_load_state()
        for at, size in enumerate(sizes or (None,)):
            if size is not None:
                page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict is a size
            assert page.evaluate(INSIDE), f"{page.url} scrolls sideways"
            if THOROUGH or at == turn % max(1, len(sizes)):
                found = Axe().run(page, options=AXE)
                assert found.violations_count == 0, found.generate_report()
        if sizes and own is not None:
            page.set_viewport_size(own)

    return scan
