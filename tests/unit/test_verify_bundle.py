"""The stand-alone verifier by itself: its independence, its signatures, its rules."""

import ast
import hashlib
import json
import random
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.calendar import Month
from app.domain.expert import AppointmentKind, Term
from app.domain.outcome import ConfirmationKind
from app.domain.replay.document import read_document
from app.domain.replay.times import END_OF_TIME
from app.domain.service_record import (
    FIGURE_NAMES,
    AttendeeFacts,
    Confirmation,
    ConflictFacts,
    CountingPolicy,
    Decision,
    Dimensions,
    DisputeFacts,
    ExpertFacts,
    Reason,
    Ruling,
    SessionFacts,
    SessionType,
    Span,
    VentureFacts,
    behind,
    corrected,
    decide_all,
    figure,
    plain_facts,
    to_stored,
)
from tests.bundles import VERIFIER, verifier

CASES = Path(__file__).parent / "domain" / "data" / "counting_cases.json"
SEPTEMBER = Month(2026, 9)
POLICY = CountingPolicy(
    code="LC-COUNT-1",
    valid_from=date(2026, 1, 1),
    min_minutes={SessionType.CONSULTATION: 30, SessionType.TUTORING: 30, SessionType.LECTURE: 45},
    merge_gap_minutes=120,
    close_working_day=5,
    overrun_cap_minutes=30,
    standard_minutes={SessionType.CONSULTATION: 50, SessionType.LECTURE: 90},
    late_confirmation_days=90,
)
ASOF = datetime(2026, 10, 13, 1, tzinfo=UTC)
# RFC 8032, 7.1: public key, message, signature of TEST 1, 2, 3 and SHA(abc).
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        "3dca179c138ac17ad9bef1177331a704",
    ),
]


def test_it_is_one_file_that_imports_the_standard_library_alone() -> None:
    tree = ast.parse(VERIFIER.read_text(encoding="utf-8"))
    named = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            named.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Name):
            assert node.id not in {"__import__", "eval", "exec", "compile"}
    assert named <= sys.stdlib_module_names
    assert not named & {"app", "importlib", "socket", "urllib", "subprocess", "pickle", "ctypes"}


@pytest.mark.parametrize("vector", VECTORS)
def test_the_signatures_of_the_standard_are_valid_and_no_neighbour_of_them(vector) -> None:
    key, message, signature = (bytes.fromhex(each) for each in vector)
    valid = verifier.ed25519_is_valid
    assert valid(key, message, signature)
    assert not valid(key, message + b"x", signature)
    for place in (0, 31, 32, 62):
        other = bytearray(signature)
        other[place] ^= 1
        assert not valid(key, message, bytes(other))
    assert not valid(bytes(31) + b"\x01", message, signature)


def test_a_signature_in_another_form_and_a_key_of_small_order_are_refused() -> None:
    key, message, signature = (bytes.fromhex(each) for each in VECTORS[0])
    larger = int.from_bytes(signature[32:], "little") + verifier.L
    assert not verifier.ed25519_is_valid(
        key, message, signature[:32] + larger.to_bytes(32, "little")
    )
    identity = b"\x01" + bytes(31)
    assert not verifier.ed25519_is_valid(identity, message, identity + bytes(32))


def test_the_tree_heads_are_those_of_the_standard() -> None:
    leaves = [hashlib.sha256(b"\0" + bytes([n])).digest() for n in range(5)]

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\1" + left + right).digest()

    first = node(node(leaves[0], leaves[1]), node(leaves[2], leaves[3]))
    found = verifier.Findings()
    assert verifier.merkle_root(leaves, "sha256", found) == node(first, leaves[4]).hex()
    assert verifier.merkle_root([], "sha256", found) == hashlib.sha256(b"").hexdigest()


def test_a_hash_that_python_does_not_have_is_told(monkeypatch) -> None:
    def without(name: str, data: bytes = b"") -> Any:
        raise ValueError(name)

    monkeypatch.setattr(verifier.hashlib, "new", without)
    found = verifier.Findings()
    with pytest.raises(verifier.Unreadable):
        verifier.merkle_root([bytes(32), bytes(32)], "sm3", found)
    assert found.faults == [("digest.unknown", ("sm3",))]


def same(
    facts: list[SessionFacts], policies: list[CountingPolicy], asof: datetime
) -> list[Decision]:
    """Let both decide, compare everything, return what the service decided."""
    ours = decide_all(facts, policies, asof)
    rows = [{**(plain := json.loads(json.dumps(_policy(p)))), "rules": plain} for p in policies]
    inputs = json.loads(json.dumps([plain_facts(each) for each in facts]))
    theirs = verifier.decide(inputs, rows, asof)
    assert len(theirs) == len(ours)
    for decision in ours:
        stored, again = json.loads(json.dumps(to_stored(decision))), theirs[decision.session_id]
        for name in (*verifier.COMPARED, "pending", "inputs_hash"):
            assert again[name] == stored[name], (name, decision.session_id)
    return list(ours)


def _policy(policy: CountingPolicy) -> dict[str, Any]:
    return {
        "code": policy.code,
        "valid_from": policy.valid_from.isoformat(),
        "min_minutes": dict(policy.min_minutes),
        "merge_gap_minutes": policy.merge_gap_minutes,
        "close_working_day": policy.close_working_day,
        "overrun_cap_minutes": policy.overrun_cap_minutes,
        "standard_minutes": None
        if policy.standard_minutes is None
        else dict(policy.standard_minutes),
        "late_confirmation_days": policy.late_confirmation_days,
    }


def same_figures(decisions: list[Decision], theirs: dict[str, Any]) -> None:
    counted = verifier.count(theirs, str(SEPTEMBER))
    for name in FIGURE_NAMES:
        rows = [d.session_id for d in behind(decisions, SEPTEMBER, name)]
        assert counted[name] == (figure(decisions, SEPTEMBER, name), rows), name


@pytest.mark.parametrize("asof", [ASOF, END_OF_TIME])
def test_the_fixed_cases_are_decided_alike(asof) -> None:
    document = read_document(json.loads(CASES.read_text(encoding="utf-8")))
    facts = [corrected(each, document.corrections, asof) for each in document.records]
    assert len(same(facts, [document.policy], asof)) == len(facts) > 10


@pytest.mark.parametrize("seed", range(60))
def test_random_months_are_decided_and_counted_alike(seed) -> None:
    rng = random.Random(seed)  # noqa: S311  # repeatable choices
    facts = [a_session(rng, number) for number in range(25)]
    decisions = same(facts, [POLICY], ASOF)
    inputs = json.loads(json.dumps([plain_facts(each) for each in facts]))
    rows = [{**_policy(POLICY), "rules": json.loads(json.dumps(_policy(POLICY)))}]
    same_figures(decisions, verifier.decide(inputs, rows, ASOF))


def test_the_random_months_reach_every_reason_and_column() -> None:
    reached: set[Any] = set()
    for seed in range(60):
        rng = random.Random(seed)  # noqa: S311  # repeatable choices
        for decision in decide_all([a_session(rng, n) for n in range(25)], [POLICY], ASOF):
            reached |= {decision.reason, decision.column, decision.pending}
    assert {each.value for each in Reason} <= {each and each.value for each in reached}


def a_session(rng: random.Random, number: int) -> SessionFacts:
    """Return a meeting of a few days in September in which anything may be out of order."""
    start = datetime(2026, 9, rng.choice([1, 2, 30]), tzinfo=UTC) + timedelta(
        minutes=15 * rng.randrange(60)
    )
    span = Span(start, start + timedelta(minutes=rng.choice([0, 20, 35, 60, 95, 240])))
    rarely = lambda: rng.random() < 0.06  # noqa: E731
    later = lambda: span.ends_at + timedelta(hours=rng.choice([1, 30, 24 * 40]))  # noqa: E731
    kind = rng.choice([*SessionType, SessionType.CONSULTATION, SessionType.CONSULTATION])
    experts = tuple(
        an_expert(rng, f"e{n}", span, is_lead=n == 0) for n in range(rng.choice([1, 1, 2]))
    )
    people = rng.sample(range(4), rng.choice([0, 1, 1, 1, 2]))
    recorded_at = None if rarely() else span.ends_at + timedelta(hours=1)
    opened = rarely()
    ruled = opened and rng.random() < 0.5
    return SessionFacts(
        session_id=f"s{number:02}",
        session_type=kind,
        actual=span,
        experts=experts,
        attendees=tuple(an_attendee(rng, f"p{n}", span) for n in people),
        topic=rng.choice(["finance", "finance", None]),
        venture=rng.choice([None, VentureFacts("v1", date(2026, 9, 2)), VentureFacts("v2", None)]),
        planned=rng.choice([None, span, Span(start, start + timedelta(minutes=30))]),
        break_minutes=rng.choice([0, 0, 10]),
        stated_minutes=rng.choice([None] * 9 + [40]),
        is_timed=not rarely(),
        is_text=rarely(),
        entered_at=rng.choice([None, recorded_at]),
        recorded_at=recorded_at,
        confirmation=None if rarely() else Confirmation(rng.choice([*ConfirmationKind]), later()),
        dispute=DisputeFacts(
            span.ends_at, later() if ruled else None, rng.choice([*Ruling]) if ruled else None
        )
        if opened
        else None,
        conflicts=tuple(a_conflict(rng, e.expert_id, span) for e in experts if rarely()),
        void_code=rng.choice(sorted(VOID)) if rarely() else None,
        is_test=rarely(),
        is_in_district=not rarely(),
        is_overrun_approved=rarely(),
        is_overlap_ruled=rng.random() < 0.5,
        anonymous_heads=rng.choice([0, 0, 3]),
        review_projects=rng.choice([0, 4]),
        dimensions=Dimensions("d", rng.choice([None, "a"]), None, "i"),
    )


VOID = {Reason.DUPLICATE, Reason.VOIDED, Reason.NO_SHOW_FOUNDER, Reason.NO_SHOW_MENTOR} | {
    Reason.NO_SHOW_BOTH,
    Reason.TECH_FAILURE,
    Reason.NOT_A_SESSION,
}


def an_expert(rng: random.Random, key: str, span: Span, *, is_lead: bool) -> ExpertFacts:
    term = Term(date(2025, 7, 1), date(2026, 9, rng.choice([1, 30, 30, 30])), date(2025, 7, 1))
    extension = Term(
        date(2026, 9, 2), date(2026, 9, 30), date(2026, 8, 30), AppointmentKind.EXTENSION
    )
    return ExpertFacts(
        expert_id=key,
        is_lead=is_lead,
        terms=(term, extension) if rng.random() < 0.3 else (term,),
        category="entrepreneur",
        present=some_of(rng, span),
        signed_at=rng.choice([None, span.ends_at]),
        stated_minutes=rng.choice([None, None, 25]),
        recused_minutes=rng.choice([0, 0, 15]),
        is_suspended=rng.random() < 0.04,
    )


def an_attendee(rng: random.Random, key: str, span: Span) -> AttendeeFacts:
    return AttendeeFacts(
        person_id=key,
        is_identified=rng.random() < 0.9,
        is_contact=rng.random() < 0.5,
        vouched_at=rng.choice([None, span.ends_at, span.ends_at]),
        present=some_of(rng, span),
        group=rng.choice([None, "graduate"]),
    )


def a_conflict(rng: random.Random, expert: str, span: Span) -> ConflictFacts:
    before, after = span.starts_at - timedelta(days=1), span.ends_at + timedelta(days=1)
    moments = [None, before, after]
    return ConflictFacts(rng.choice([None, expert]), rng.choice(moments), rng.choice(moments))


def some_of(rng: random.Random, span: Span) -> Span | None:
    if rng.random() < 0.7:
        return None
    third = (span.ends_at - span.starts_at) / 3
    return rng.choice(
        [Span(span.starts_at, span.ends_at - third), Span(span.starts_at + third, span.ends_at)]
    )
