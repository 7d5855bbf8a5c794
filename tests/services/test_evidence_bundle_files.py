"""The files of a month's meetings in its evidence bundle: by hash, held against the trail."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.adapters.attachment_files import FileFolder
from app.domain.attachment import AttachmentKind, examined
from app.queries.evidence_bundles import pack
from app.services import attachments
from tests.attachments import PDF, TEXT
from tests.bundles import (
    SIGNER,
    Sealed,
    changed,
    exported,
    read,
    seal,
    sealed_autumn,
    verdict,
    verifier,
    with_manifest,
)
from tests.scenes import Plays, after

SECRET = "李晓身份证"


@after(sealed_autumn)
def with_files(sealed: Sealed) -> Sealed:
    district = sealed.district
    meeting = UUID(read(exported(district.store), "sessions.json")[0]["id"])
    for name, content in ((f"{SECRET}.pdf", PDF), (f"{SECRET}.txt", TEXT)):
        sent = examined(name, content)
        add = (attachments.add, meeting, AttachmentKind.SCAN, sent)
        row = district.store.execute(district.officer, *add)
    district.store.execute(district.officer, attachments.strike, row.id, f"不是{SECRET}")
    seal(district.store)
    return sealed


@pytest.fixture
def plays() -> Plays:
    return {"scene": with_files}


def listed(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return list(read(files, "attachments.json"))


def test_every_file_is_listed_by_its_hash_and_without_its_name(scene: Sealed) -> None:
    files = exported(scene.district.store)
    assert {row["sha256"] for row in listed(files)} == {
        examined("a.pdf", PDF).sha256,
        examined("a.txt", TEXT).sha256,
    }
    assert {row["kind"] for row in listed(files)} == {"scan"}
    assert not any(SECRET.encode() in content for content in files.values())
    assert verdict(files, scene.head) == []
    _, notes = verifier.verify(io.BytesIO(pack(files)), SIGNER.key_id, scene.head)
    assert ("files", (2,)) in notes


def drop(rows: list[dict[str, Any]]) -> None:
    rows.pop()


def swap(rows: list[dict[str, Any]]) -> None:
    rows[0]["sha256"], rows[1]["sha256"] = rows[1]["sha256"], rows[0]["sha256"]


def invent(rows: list[dict[str, Any]]) -> None:
    rows.append({**rows[0], "id": rows[0]["service_session_id"]})


def twice(rows: list[dict[str, Any]]) -> None:
    rows.append(rows[0])


@pytest.mark.parametrize(
    ("attack", "words"),
    [(drop, "attachments"), (swap, "sha256"), (invent, "attachments"), (twice, "twice")],
)
def test_a_list_of_files_that_was_changed_is_named(
    scene: Sealed, attack: Callable[[Any], None], words: str
) -> None:
    found = verdict(changed(exported(scene.district.store), "attachments.json", attack), scene.head)
    assert found
    assert all(words in each for each in found)


def test_a_bundle_without_the_list_names_each_file_that_is_sealed(scene: Sealed) -> None:
    files = exported(scene.district.store)
    without = {name: content for name, content in files.items() if name != "attachments.json"}
    found = verdict(with_manifest(without), scene.head)
    assert len(found) == 2
    assert all("attachments" in each for each in found)


def test_the_bytes_are_compared_where_they_are_handed_in(scene: Sealed, tmp_path: Path) -> None:
    archive = pack(exported(scene.district.store))
    folder = FileFolder(tmp_path)
    gone, changed_one = folder.keep(PDF), folder.keep(TEXT)

    def found() -> set[tuple[str, str]]:
        proof = (io.BytesIO(archive), SIGNER.key_id, scene.head, str(tmp_path))
        return {(code, facts[0]) for code, facts in verifier.verify(*proof)[0].faults}

    assert found() == set()
    (tmp_path / gone[:2] / gone).unlink()
    (tmp_path / changed_one[:2] / changed_one).write_bytes(b"other")
    assert found() == {("file.missing", gone), ("file.changed", changed_one)}
