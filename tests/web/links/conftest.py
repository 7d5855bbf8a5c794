import pytest
from flask import Flask

from app.web.links import door
from tests.letter_links import Mailbox
from tests.scenes import Plays
from tests.services.scene import Scene, set_scene

MENTOR, FOUNDER = "mentor@example.org", "founder@example.org"


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


@pytest.fixture
def mailbox(scene: Scene) -> Mailbox:
    return Mailbox(scene.store)


@pytest.fixture(autouse=True)
def fresh_allowances(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test wait for what others spent."""
    monkeypatch.setattr(door, "_USES", door.Allowance(most=120, seconds=3600))
    monkeypatch.setattr(door, "_GUESSES", door.Allowance(most=30, seconds=600))
