"""What an auditor proves with a bundle alone, and what whoever tampers with it is told."""

import io
import json
import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.adapters.signing import SealChecker, SealSigner
from app.domain.actor import SYSTEM
from app.domain.errors import NotFoundError, RuleError
from app.domain.service_record import FIGURE_NAMES, CorrectionOp
from app.models.outcome import OutcomeVersion
from app.models.person import Person, Venture
from app.models.service_record import ServiceRecord
from app.queries.evidence_bundles import BundleTooLongError, Issuer, bundle, pack
from app.services import audit_entries
from app.unit_of_work import Store
from tests.bundles import (
    ENTRIES,
    SEALS,
    SIGNER,
    Sealed,
    changed,
    exported,
    raw_archive,
    read,
    seal,
    sealed_autumn,
    verdict,
    verifier,
    with_manifest,
)
from tests.depth import THOROUGH
from tests.journeys.district import District
from tests.journeys.test_closed_month import OCTOBER, SEPTEMBER, Autumn, closed_autumn
from tests.scenes import Plays
from tests.turns import on_each

Files = dict[str, bytes]
STRANGER = SealSigner(Ed25519PrivateKey.from_private_bytes(b"stranger".ljust(32, b".")))
ROUNDS = 1_000 if THOROUGH else 100


@pytest.fixture
def plays() -> Plays:
    return {"sealed": sealed_autumn, "closed": closed_autumn}


@pytest.fixture
def sealed(scene: Sealed) -> Sealed:
    return scene


@pytest.fixture
def closed(scene: Autumn) -> Autumn:
    return scene


def head_of(sealed: Sealed) -> str:
    number, digest = sealed.head
    return f"{number}:{digest}"


def resealed(files: Files, signer: SealSigner | None) -> Files:
    """Return the files with leaves, roots, chain made to fit, signed by somebody, or as before."""
    entries, seals, previous = read(files, ENTRIES), read(files, SEALS), "0" * 64
    for entry in entries:
        if "body" in entry:
            entry["leaf"] = verifier.hashlib.sha256(b"\0" + entry["body"].encode()).hexdigest()
    for row in seals:
        leaves = [bytes.fromhex(e["leaf"]) for e in entries[row["first"] - 1 : row["last"]]]
        row["root"] = verifier.merkle_root(leaves, "sha256", verifier.Findings())
        row["previous"] = previous
        previous = row["digest"] = verifier.seal_digest(row, verifier.Findings())
        if signer:
            made = signer.sign(previous)
            row["key"], row["signature"] = made.key_id, made.value
    files = changed(files, ENTRIES, lambda _: entries)
    files = changed(files, SEALS, lambda _: seals)
    if signer:
        raw = signer.public.public_bytes_raw().hex()
        files = changed(files, "keys.json", lambda _: {"ed25519": [raw]})
    return changed(files, "manifest.json", lambda m: m["head"].update(digest=previous))


def edited(files: Files, table: str, change: Callable[[Any], bool]) -> Files:
    """Return the files with the first body of the table on which the change says it took."""

    def edit(entries: list[Any]) -> None:
        for entry in entries:
            body = json.loads(entry.get("body", "{}"))
            if body.get("entity") == table and change(body["row"]):
                entry["body"] = verifier.canonical(body)
                return
        raise AssertionError(f"nothing to change in {table}")

    return changed(files, ENTRIES, edit)


@on_each
def test_an_untouched_bundle_is_verified_and_made_twice_it_is_the_same(sealed) -> None:
    files = exported(sealed.district.store)
    assert pack(files) == pack(exported(sealed.district.store))
    assert verdict(files, sealed.head) == []
    assert {row["measure"] for row in read(files, "figures.json")} == set(FIGURE_NAMES)
    assert set(FIGURE_NAMES) == set(verifier.FIGURES)


def test_a_month_without_news_is_verified_too(closed) -> None:
    seal(closed.district.store)
    assert verdict(exported(closed.district.store)) == []


def test_an_open_month_and_an_unsealed_one_have_no_bundle(closed) -> None:
    with pytest.raises(NotFoundError) as refused:
        exported(closed.district.store, OCTOBER)
    assert refused.value.code == "period.not_closed"
    with pytest.raises(RuleError) as refused:
        exported(closed.district.store)
    assert refused.value.code == "evidence.not_sealed"


def test_too_long_a_trail_is_refused_before_it_is_read(sealed) -> None:
    with (
        sealed.district.store.read(SYSTEM) as reader,
        pytest.raises(BundleTooLongError) as refused,
    ):
        bundle(reader, SEPTEMBER, Issuer("历城", ()), most_entries=10)
    assert refused.value.facts["most"] == 10


def test_every_session_of_the_month_is_in_it_with_its_inputs(sealed) -> None:
    files = exported(sealed.district.store)
    inside = {row["id"] for row in read(files, "records.json")}
    of_month = {
        str(row.id)
        for row in sealed.district.rows(ServiceRecord, ServiceRecord.month == str(SEPTEMBER))
    }
    assert inside == of_month
    assert all(row["inputs"] for row in read(files, "records.json"))


def test_no_name_number_or_text_of_anybody_is_in_it(sealed) -> None:
    files = exported(sealed.district.store)
    whole = b"".join(files.values()).decode()
    secrets = [
        text
        for person in sealed.district.rows(Person)
        for text in (person.name, person.phone, person.email)
        if text
    ]
    secrets += [venture.name for venture in sealed.district.rows(Venture)]
    secrets += [row.advice for row in sealed.district.rows(OutcomeVersion)]
    assert len(secrets) > 20
    assert [text for text in secrets if text in whole] == []


def test_without_the_printed_values_the_origin_is_not_proven(sealed, tmp_path, capsys) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(pack(exported(sealed.district.store)))
    assert verifier.main([str(path)]) == 1
    assert "consistent, origin not proven" in capsys.readouterr().out
    assert verifier.main([str(path), "--head", head_of(sealed)]) == 1
    printed = ["--key-fingerprint", SIGNER.key_id, "--head", head_of(sealed)]
    assert verifier.main([str(path), *printed]) == 0
    assert capsys.readouterr().out.endswith("verified\n")
    assert verifier.main([str(path), *printed, "--zh"]) == 0
    assert capsys.readouterr().out.endswith("核验通过\n")


def drop_record(files: Files, *, is_counted: bool) -> tuple[Files, str]:
    """Return the files without one record of the closing, with its rows wherever they stand."""
    figures = {row["measure"]: row["rows"] for row in read(files, "figures.json")}
    (key, *_) = figures["sessions" if is_counted else "not_counted"]
    rows = read(files, "records.json")
    session = next(row["service_session_id"] for row in rows if row["id"] == key)
    files = changed(
        files, "records.json", lambda rows: [r for r in rows if r["service_session_id"] != session]
    )
    return changed(
        files, "sessions.json", lambda rows: [r for r in rows if r["id"] != session]
    ), key


@pytest.mark.parametrize("is_counted", [False, True])
def test_a_row_taken_out_is_named(sealed, is_counted) -> None:
    files, key = drop_record(exported(sealed.district.store), is_counted=is_counted)
    named = verdict(files, sealed.head)
    assert any(
        f"service_records {key}" in line and "missing from the inputs" in line for line in named
    )
    assert any(line.startswith(f"record {key}: published in figure records") for line in named)
    assert any("service_sessions" in line and "missing" in line for line in named)


def test_a_row_whose_bodies_are_hidden_too_is_still_named(sealed) -> None:
    files, key = drop_record(exported(sealed.district.store), is_counted=False)

    def hide(entries: list[Any]) -> None:
        for entry in entries:
            if json.loads(entry.get("body", "{}")).get("id") == key:
                del entry["body"]

    named = verdict(changed(files, ENTRIES, hide), sealed.head)
    assert any(line.startswith(f"record {key}: published in figure records") for line in named)


def test_another_key_is_named_whatever_it_signs(sealed) -> None:
    files = resealed(exported(sealed.district.store), STRANGER)
    named = verdict(files, sealed.head)
    assert named == [
        f"seal {number}: signed with another key ({STRANGER.key_id}) than the printed one"
        for number in (2, 3)
    ]
    assert verdict(files, None, None) == []
    assert any(
        "not valid" in line
        for line in verdict(
            changed(
                files, SEALS, lambda seals: [s.update(key=SIGNER.key_id) for s in seals] and None
            ),
            sealed.head,
        )
    )


def test_a_changed_term_is_named_in_the_inputs_and_in_the_trail(sealed) -> None:
    files = exported(sealed.district.store)

    figures = {row["measure"]: row["rows"] for row in read(files, "figures.json")}

    def prolong(rows: list[Any]) -> None:
        row = next(each for each in rows if each["id"] == figures["sessions"][0])
        row["inputs"]["experts"][0]["terms"][0]["ends_on"] = "2031-12-31"

    named = verdict(changed(files, "records.json", prolong), sealed.head)
    assert any("inputs.experts[0].terms[0].ends_on is 2031-12-31, but" in line for line in named)
    assert any("its inputs have another hash" in line for line in named)

    def renew(row: Any) -> bool:
        row["ends_on"] = "2031-12-31"
        return True

    named = verdict(edited(files, "appointments", renew), sealed.head)
    assert any("(appointments" in line and "was changed" in line for line in named)
    assert any(".terms was counted as" in line for line in named)


def test_a_changed_kind_of_confirmation_is_named(sealed) -> None:
    def certify(rows: list[Any]) -> None:
        row = next(r for r in rows if r["inputs"]["confirmation"])
        row["inputs"]["confirmation"]["kind"] = "call_back"

    named = verdict(changed(exported(sealed.district.store), "records.json", certify), sealed.head)
    assert any("inputs.confirmation.kind is call_back, but" in line for line in named)


def test_a_changed_figure_is_named_with_what_the_recount_gives(sealed) -> None:
    def raise_by_one(rows: list[Any]) -> None:
        next(r for r in rows if r["measure"] == "sessions")["value"] += 1

    files = changed(exported(sealed.district.store), "figures.json", raise_by_one)
    assert "figure sessions: published 4, the recount gives 3" in verdict(files, sealed.head)


def test_a_figure_raised_everywhere_by_who_has_the_key_does_not_survive_the_recount(
    sealed,
) -> None:
    def raise_by_one(row: Any) -> bool:
        row["value"] += row["measure"] == "sessions"
        return row["measure"] == "sessions"

    files = edited(exported(sealed.district.store), "published_figures", raise_by_one)
    files = changed(
        files,
        "figures.json",
        lambda rows: [r.update(value=4) for r in rows if r["measure"] == "sessions"] and None,
    )
    named = verdict(resealed(files, SIGNER))
    assert "figure sessions: published 4, the recount gives 3" in named
    assert "figure sessions: its fingerprint does not fit" in named


def test_a_dropped_tail_is_named(sealed) -> None:
    files = exported(sealed.district.store)
    shorter = changed(files, ENTRIES, lambda entries: entries[:-3])
    last = len(read(files, ENTRIES))
    assert f"trail: entry {last} is missing" in verdict(shorter, sealed.head)
    # A whole seal less: the printed head shows it as soon as it is one of those taken away.
    end = read(files, SEALS)[0]["last"]
    cut = changed(files, ENTRIES, lambda entries: entries[:end])
    cut = changed(cut, SEALS, lambda seals: seals[:1])
    assert any("2" in line and "ends before it" in line for line in verdict(cut, sealed.head))


def test_an_edited_body_is_named_also_when_everything_is_made_to_fit(sealed) -> None:
    def shorten(row: Any) -> bool:
        row["break_minutes"] = 5
        return row["status"] == "finished"

    files = edited(exported(sealed.district.store), "service_sessions", shorten)
    assert any("(service_sessions" in line and "was changed" in line for line in verdict(files))
    named = verdict(resealed(files, None), sealed.head)
    assert "head 2: the bundle has another seal of this number" in named
    assert any("the signature is not valid" in line for line in named)


@pytest.mark.parametrize("name", ["../evil.json", "/etc/passwd", "a//b", "a/../b", "c:\\x"])
def test_names_that_lead_elsewhere_are_refused(name) -> None:
    (named,) = verdict(raw_archive(("manifest.json", b"{}"), (name, b"x")))
    assert "unsafe name" in named


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = raw_archive(("manifest.json", b"\0" * (40 << 20)))
    assert len(bomb) < 100_000
    (named,) = verdict(bomb)
    assert "far too large" in named


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_bundle_is_told_so(content) -> None:
    assert len(verdict(content)) == 1


def scratches(files: Files, rng: random.Random) -> Files:
    """Return the files with one byte changed somewhere, and a manifest that fits."""
    name = rng.choice([each for each in files if each not in ("manifest.json", "README.txt")])
    content = bytearray(files[name])
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(7)
    return with_manifest({**files, name: bytes(content)})


def leaves_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all values that are no containers."""
    if isinstance(value, dict):
        return [p for key, item in value.items() for p in leaves_of(item, (*path, key))]
    if isinstance(value, list):
        return [p for key, item in enumerate(value) for p in leaves_of(item, (*path, key))]
    return [path]


def fields(files: Files, rng: random.Random) -> Files:
    """Return the files with one field of the inputs saying something else."""
    name = rng.choice(["records.json", "figures.json", "adjustments.json", "policies.json"])
    value = read(files, name)
    *way, last = rng.choice(leaves_of(value))
    place = value
    for step in way:
        place = place[step]
    before = place[last]
    others = [None, True, 7, "2026-09-01", date(2026, 9, 2).isoformat(), "call_back"]
    place[last] = rng.choice([o for o in others if (type(o), o) != (type(before), before)])
    return changed(files, name, lambda _: value)


@pytest.mark.parametrize("change", [scratches, fields])
def test_every_one_of_many_random_changes_is_found(sealed, change) -> None:
    files, rng = exported(sealed.district.store), random.Random(13)  # noqa: S311  # repeatable
    assert verdict(files, sealed.head) == []
    missed = []
    for _ in range(ROUNDS // 2):
        tampered = change(files, rng)
        if meaning(tampered) != meaning(files) and not verdict(tampered, sealed.head):
            missed.append({n for n in files if tampered[n] != files[n]})
    assert missed == []


def meaning(files: Files) -> Any:
    """Return what the files say; a space more between two values says nothing else."""
    said: dict[str, Any] = {}
    for name in files:
        if name != "manifest.json":
            try:
                said[name] = read(files, name)
            except ValueError:
                said[name] = files[name]
    return said


def test_the_program_answers_2_when_it_is_called_wrongly(tmp_path, capsys) -> None:
    for words in ([], [str(tmp_path / "none.zip")], [__file__, "--head", "x"]):
        with pytest.raises(SystemExit) as ended:
            verifier.main(words)
        assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_an_archive_cut_short_anywhere_is_told_and_never_raises(sealed) -> None:
    archive = pack(exported(sealed.district.store))
    rng = random.Random(7)  # noqa: S311  # repeatable choices
    for _ in range(20):
        broken = archive[: rng.randrange(len(archive))]
        found, _ = verifier.verify(io.BytesIO(broken), SIGNER.key_id, sealed.head)
        assert found.faults


def test_a_new_key_follows_an_old_one_and_unsigned_seals_precede_both(closed) -> None:
    """As in a house that sealed before it had a key, and then lost one."""
    store = closed.district.store
    store.execute(SYSTEM, audit_entries.seal, store.audit_key())
    closed.district.confirm(closed.f5, closed.a8, "10-14 10:00")
    store.execute(SYSTEM, audit_entries.seal, store.audit_key(), STRANGER)
    strike = CorrectionOp.REMOVE_ATTENDEE
    closed.district.correct(closed.a2, strike, closed.f3.person_id, "10-20 10:00")
    store.execute(SYSTEM, audit_entries.seal, store.audit_key(), SIGNER)
    issuer = Issuer("历城", SealChecker([SIGNER.public, STRANGER.public]).public_keys())
    with store.read(SYSTEM) as reader:
        files = bundle(reader, SEPTEMBER, issuer)
    last = read(files, SEALS)[-1]
    head = (last["number"], last["digest"])
    assert verdict(files, head) == []
    # Printed while the old key was in use: what came after rests on a key the report does not name.
    before = read(files, SEALS)[1]
    named = verdict(files, (before["number"], before["digest"]), STRANGER.key_id)
    assert named == [f"seal 3: signed with another key ({SIGNER.key_id}) than the printed one"]

    def unsign(seals: list[Any]) -> None:
        seals[-1].update(key=None, signature=None)

    assert "seal 3: not signed" in verdict(changed(files, SEALS, unsign), head)


def test_entries_hashed_by_the_national_standard_are_verified_by_it(closed) -> None:
    store = closed.district.store
    seal(store)
    national = Store(store.engine, store.clock, store.audit_key(), "sm3")
    District(national, store.clock).confirm(closed.f5, closed.a8, "10-14 10:00")
    seal(national)
    files = exported(store)
    assert read(files, ENTRIES)[-1]["algorithm"] == read(files, SEALS)[-1]["algorithm"] == "sm3"
    assert verdict(files) == []

    def relabel(entries: list[Any]) -> None:
        # The last one told of: who is first in one transaction is a matter of chance.
        next(each for each in reversed(entries) if "body" in each).pop("algorithm")

    assert any("was changed" in line for line in verdict(changed(files, ENTRIES, relabel)))
