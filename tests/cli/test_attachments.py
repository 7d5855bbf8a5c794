import json
from pathlib import Path

import pytest
from flask import Flask

from app.adapters.attachment_files import FileFolder
from app.domain.attachment import AttachmentKind, examined
from app.services import attachments
from tests.attachments import JPEG, PDF, TEXT
from tests.scenes import Plays, after
from tests.services.scene import Scene, set_scene
from tests.serving import Serve, serve

__all__ = ["serve"]


@after(set_scene)
def held(scene: Scene) -> Scene:
    scene.finished()
    return scene


@pytest.fixture
def plays() -> Plays:
    return {"scene": held}


def answer(app: Flask) -> tuple[int, dict]:
    result = app.test_cli_runner().invoke(args=["attachments", "check", "--json"])
    return result.exit_code, json.loads(result.stdout)


def test_every_file_is_compared_and_what_no_row_names_is_told(
    scene: Scene, serve: Serve, tmp_path: Path
) -> None:
    app, folder = serve(attachments=tmp_path), FileFolder(tmp_path)
    for name, content in (("甲.pdf", PDF), ("乙.txt", TEXT)):
        add = (attachments.add, scene.session().id, AttachmentKind.SCAN, examined(name, content))
        scene.store.execute(scene.officer, *add)
    pdf, txt, jpeg = (folder.keep(content) for content in (PDF, TEXT, JPEG))
    sound = {"files": 2, "ok": True, "missing": [], "changed": [], "unnamed": [jpeg]}
    assert answer(app) == (0, sound)
    (tmp_path / pdf[:2] / pdf).unlink()
    (tmp_path / txt[:2] / txt).write_bytes(b"other")
    assert answer(app) == (1, {**sound, "ok": False, "missing": [pdf], "changed": [txt]})
