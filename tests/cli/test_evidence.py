import hashlib
import io
import json

import pytest
from click.testing import Result
from flask import Flask

from tests.bundles import SIGNER, VERIFIER, Sealed, sealed_autumn, verifier
from tests.scenes import Plays
from tests.serving import app, serve

__all__ = ["app", "serve"]


@pytest.fixture
def plays() -> Plays:
    return {"sealed": sealed_autumn}


@pytest.fixture
def sealed(scene: Sealed) -> Sealed:
    return scene


def call(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["evidence", *words])


def test_a_closed_month_is_written_to_a_file_with_its_hash(sealed, app, tmp_path) -> None:
    path = tmp_path / "2026-09.zip"
    result = call(app, "export", "2026-09", "--out", str(path), "--json")
    answer = json.loads(result.stdout)
    archive = path.read_bytes()
    told = (answer["file"], answer["bytes"], answer["sha256"])
    assert told == (str(path), len(archive), hashlib.sha256(archive).hexdigest())
    # These tests serve without a key for seals, so that none is in the bundle.
    found, _ = verifier.verify(io.BytesIO(archive), SIGNER.key_id, sealed.head)
    assert {code for code, _ in found.faults} == {"seal.forged"}


def test_what_cannot_be_written_is_told_by_the_exit_code(sealed, app, tmp_path) -> None:
    out = ("--out", str(tmp_path / "none" / "x.zip"))
    assert call(app, "export", "2026-09", *out).exit_code == 2
    result = call(app, "export", "2026-10", *out)
    assert (result.exit_code, "period.not_closed" in result.stderr) == (1, True)
    assert call(app, "export", "soon", *out).exit_code == 2


def test_the_hash_of_the_verifier_is_told_to_compare_copies_with(app) -> None:
    answer = json.loads(call(app, "verifier", "--json").stdout)
    assert answer["sha256"] == hashlib.sha256(VERIFIER.read_bytes()).hexdigest()
    assert answer["sha256"] in call(app, "verifier").stdout
