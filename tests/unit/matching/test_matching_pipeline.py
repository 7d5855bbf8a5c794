import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import matching.lexicon
import matching.pipeline.state
from matching import (
    DamagedStateError,
    ExpertProfile,
    ForeignStateError,
    Interest,
    Matcher,
    TextEncoder,
)
from matching.index import pack, unpack
from matching.lexicon import read, reading
from matching.pool import profile_texts
from matching.scorer import measured
from tests.unit.matching.profiles import a_matcher, a_need, all_said, an_expert, collection

TODAY = date(2026, 9, 1)
ROOT = Path(__file__).parents[3]
PRINT_ALL = """
import sys
from tests.unit.matching.profiles import all_said
sys.stdout.buffer.write(all_said().encode())
"""


def test_who_is_kept_out_by_rule_is_not_proposed_but_named() -> None:
    need = replace(collection().needs[2], modes=())
    shortlist = a_matcher().propose(need, k=10, today=TODAY)
    (excluded,) = shortlist.exclusions
    assert (excluded.expert_id, excluded.rule) == ("X03", "conflict_of_interest")
    assert excluded.text == "这位导师与贵企业存在利害关系，需要回避"
    assert "X03" not in {candidate.expert_id for candidate in shortlist.candidates}
    assert len(shortlist.candidates) == 9


def test_a_proposal_of_all_experts_equals_the_ranking_when_no_rule_speaks() -> None:
    matcher = a_matcher()
    need = replace(collection().needs[0], modes=())
    candidates, exclusions, _ = matcher.propose(need, today=TODAY)
    assert exclusions == ()
    assert list(candidates) == matcher.rank(need, k=5)


def test_when_rules_keep_all_out_nobody_is_proposed() -> None:
    matcher = Matcher().fit([an_expert(is_paused=True)])
    shortlist = matcher.propose(a_need(), today=TODAY)
    assert shortlist.candidates == ()
    assert [each.rule for each in shortlist.exclusions] == ["mentor_paused"]


def test_an_expert_of_a_known_id_takes_the_place_of_the_former() -> None:
    matcher = Matcher().fit([an_expert("E1"), an_expert("E2")])
    matcher.add([an_expert("E2", bio="种草莓", title="农技员")])
    assert matcher.expert_ids == ("E1", "E2")
    assert matcher.rank(a_need("草莓"))[0].expert_id == "E2"


def test_changed_facts_of_an_expert_hold_at_once() -> None:
    matcher = Matcher().fit([an_expert()])
    assert matcher.propose(a_need(), today=TODAY).candidates
    matcher.replace([an_expert(interests=(Interest("青桥"),))])
    assert not matcher.propose(a_need(venture_name="青桥"), today=TODAY).candidates


def test_equal_scores_stand_in_the_order_of_the_ids() -> None:
    matcher = Matcher().fit([an_expert("B"), an_expert("C"), an_expert("A")])
    ranked = matcher.rank(a_need())
    assert [candidate.expert_id for candidate in ranked] == ["A", "B", "C"]
    assert len({candidate.score for candidate in ranked}) == 1


def test_background_texts_change_what_is_rare() -> None:
    plain = Matcher().fit(collection().experts)
    with_corpus = Matcher().fit(collection().experts, corpus=["办执照"] * 50)
    assert with_corpus.encoder_.n_documents_ == 60
    assert plain.version_ != with_corpus.version_


def test_the_version_names_parameters_and_fit_but_not_the_pool() -> None:
    versions = {
        a_matcher().version_,
        Matcher(replace(measured().weights, text=9.0)).fit(collection().experts).version_,
        Matcher(encoder=TextEncoder(n_neighbours=3)).fit(collection().experts).version_,
        Matcher(encoder=TextEncoder(min_background=2)).fit(collection().experts).version_,
        Matcher().fit(collection().experts[1:]).version_,
    }
    assert len(versions) == 5
    assert a_matcher().replace([an_expert()]).version_ == a_matcher().version_


def test_another_lexicon_makes_another_version_and_a_foreign_state(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    matcher = a_matcher()
    monkeypatch.setattr(matching.pipeline.state, "lexicon_digest", lambda: "0" * 64)
    assert a_matcher().version_ != matcher.version_
    with pytest.raises(ForeignStateError, match="another method or lexicon"):
        Matcher.from_bytes(matcher_bytes(matcher), collection().experts)


def matcher_bytes(matcher: Matcher) -> bytes:
    arrays = unpack(matcher.to_bytes())
    arrays["described"] = np.frombuffer(b'{"method": "old", "lexicon": ""}', dtype=np.uint8)
    return pack(arrays)


def test_what_the_fit_kept_of_each_profile_is_what_reading_it_gives() -> None:
    experts = collection().experts
    pool = Matcher().fit(experts[:4]).replace([*experts[2:], experts[0]]).pool_
    profiles = [profile_texts(expert) for expert in pool.experts]
    reading._slot.cache_clear()
    pool.recall(np.arange(len(profiles)))
    kept = [read(pieces) for pieces in profiles]
    reading._slot.cache_clear()
    for recalled, pieces in zip(kept, profiles, strict=True):
        fresh = read(pieces)
        assert fresh is not recalled
        assert recalled.pieces == fresh.pieces
        assert np.array_equal(recalled.strengths, fresh.strengths)
        assert np.array_equal(recalled.topics, fresh.topics)


def test_a_damaged_state_is_refused() -> None:
    blob = bytearray(a_matcher().to_bytes())
    blob[len(blob) // 2] ^= 1
    with pytest.raises(DamagedStateError):
        Matcher.from_bytes(bytes(blob), collection().experts)


def test_a_state_with_background_texts_ranks_as_before() -> None:
    matcher = Matcher(encoder=TextEncoder(min_background=5)).fit(collection().experts)
    restored = Matcher.from_bytes(matcher.to_bytes(), collection().experts)
    assert restored.encoder_.background_ is not None
    assert restored.rank(collection().needs[0]) == matcher.rank(collection().needs[0])


def test_a_restored_matcher_may_be_fitted_again() -> None:
    restored = Matcher.from_bytes(a_matcher().to_bytes(), collection().experts)
    assert restored.fit(collection().experts).version_ == a_matcher().version_


def test_processes_with_other_hash_seeds_give_the_same_bytes() -> None:
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    other = subprocess.run(
        [sys.executable, "-c", PRINT_ALL],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    said = all_said()
    assert other.stdout == said.encode()
    assert said.count("Candidate(") == 60


def test_ranking_is_sound_while_another_thread_replaces_the_pool() -> None:
    matcher = a_matcher()
    pools = [collection().experts[:4], collection().experts]
    stop = threading.Event()

    def keep_replacing() -> None:
        while not stop.is_set():
            for pool in pools:
                matcher.replace(pool)

    replacing = threading.Thread(target=keep_replacing)
    replacing.start()
    try:
        sizes = {len(matcher.rank(collection().needs[0], k=20)) for _ in range(40)}
    finally:
        stop.set()
        replacing.join()
    assert sizes <= {4, 10}


def test_a_category_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="expert E1: unknown category 'wizard'"):
        ExpertProfile("E1", "wizard")
