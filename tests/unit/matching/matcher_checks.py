"""Checks that every matcher passes; call `check_matcher` with a maker of unfitted ones."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from matching import Candidate, ExpertProfile, Matcher, NeedProfile
from matching.learn import LEARNED
from matching.text import MAX_CHARACTERS, snippets
from tests.unit.matching.profiles import a_bare_expert, a_need, an_expert, collection

MakeMatcher = Callable[[], Matcher]
Check = Callable[[MakeMatcher], None]
TODAY = date(2026, 9, 1)
ODD_TEXTS = (
    "",
    " \n\t",
    "，。！？",
    "😀👨‍👩‍👧🇨🇳",
    "\x00\x01\ud800",
    "e\u0301\u0323" * 50,
    "ﷺ㈱①ﬁ",
    "{evidence} {0} %s",
    "العربية नमस्ते 안녕하세요 こんにちは",
    "ＡＢＣ　创业　担保",
)


def all_candidates(matcher: Matcher) -> Iterator[tuple[NeedProfile, ExpertProfile, Candidate]]:
    experts = {expert.expert_id: expert for expert in collection().experts}
    for need in collection().needs:
        for candidate in matcher.rank(need, k=len(experts)):
            yield need, experts[candidate.expert_id], candidate


def check_parameters_are_untouched_by_fit(make: MakeMatcher) -> None:
    matcher = make()
    before = {name: id(value) for name, value in matcher.get_params(deep=False).items()}
    matcher.fit(collection().experts)
    assert before == {name: id(value) for name, value in matcher.get_params(deep=False).items()}


def check_a_clone_is_unfitted_and_ranks_alike(make: MakeMatcher) -> None:
    matcher = make().fit(collection().experts)
    twin = clone(matcher)
    with pytest.raises(NotFittedError):
        twin.rank(a_need())
    twin.fit(collection().experts)
    assert twin.version_ == matcher.version_
    assert [twin.rank(need) for need in collection().needs] == [
        matcher.rank(need) for need in collection().needs
    ]


def check_an_unfitted_matcher_refuses(make: MakeMatcher) -> None:
    matcher = make()
    for use in (
        lambda: matcher.rank(a_need()),
        lambda: matcher.propose(a_need(), today=TODAY),
        lambda: matcher.scores([a_need()]),
        lambda: matcher.add([an_expert()]),
        lambda: matcher.replace([an_expert()]),
        lambda: matcher.expert_ids,
        lambda: matcher.to_bytes(),
    ):
        with pytest.raises(NotFittedError):
            use()


def check_the_parts_add_up_to_the_score(make: MakeMatcher) -> None:
    for _, _, candidate in all_candidates(make().fit(collection().experts)):
        printed = sum(Decimal(repr(part.value)) for part in candidate.parts)
        assert printed == Decimal(repr(candidate.score))
        assert all(part.value >= 0.0 for part in candidate.parts if part.code != LEARNED)


def check_candidates_stand_in_the_order_of_the_scores(make: MakeMatcher) -> None:
    matcher = make().fit(collection().experts)
    scores = matcher.scores(collection().needs)
    for row, need in enumerate(collection().needs):
        ranked = matcher.rank(need, k=100)
        keys = [(-candidate.score, candidate.expert_id) for candidate in ranked]
        assert keys == sorted(keys)
        assert {candidate.expert_id: candidate.score for candidate in ranked} == dict(
            zip(matcher.expert_ids, scores[row].tolist(), strict=True)
        )


def check_the_order_of_the_experts_does_not_matter(make: MakeMatcher) -> None:
    experts = list(collection().experts)
    forward, backward = make().fit(experts), make().fit(experts[::-1])
    assert forward.version_ == backward.version_
    for need in collection().needs:
        assert forward.rank(need) == backward.rank(need)


def check_fewer_candidates_are_the_first_of_more(make: MakeMatcher) -> None:
    matcher = make().fit(collection().experts)
    for need in collection().needs:
        assert matcher.rank(need, k=3) == matcher.rank(need, k=8)[:3]
        assert matcher.rank(need, k=0) == []


def check_new_experts_are_ranked_without_refit(make: MakeMatcher) -> None:
    matcher = make().fit(collection().experts[:5])
    version = matcher.version_
    matcher.add(collection().experts[5:])
    replaced = make().fit(collection().experts[:5]).replace(collection().experts)
    assert len(matcher.expert_ids) == len(collection().experts)
    assert matcher.version_ == replaced.version_ == version
    for need in collection().needs:
        assert matcher.rank(need) == replaced.rank(need)


def check_there_are_two_to_four_reasons_and_one_caution(make: MakeMatcher) -> None:
    for _, _, candidate in all_candidates(make().fit(collection().experts)):
        assert 2 <= len(candidate.reasons) <= 4
        assert len(candidate.cautions) == 1
        texts = [reason.text for reason in candidate.reasons]
        assert len(set(texts)) == len(texts)


def check_evidence_and_what_it_met_really_stand_there(make: MakeMatcher) -> None:
    for need, expert, candidate in all_candidates(make().fit(collection().experts)):
        pieces = {snippet.text for snippet in snippets(expert)}
        for reason in candidate.reasons:
            assert reason.evidence in need.text
            assert reason.evidence in reason.text
            assert dict(reason.facts).get("matched", "") in pieces | {""}
        assert dict(candidate.cautions[0].facts).get("evidence", "") in need.text


def check_odd_texts_are_ranked_and_explained(make: MakeMatcher) -> None:
    experts = [*collection().experts, a_bare_expert(), an_expert(bio="{x}\ud800", title="😀")]
    matcher = make().fit(experts)
    for text in ODD_TEXTS:
        ranked = matcher.rank(a_need(text), k=20)
        assert len(ranked) == len(experts)
        assert all(np.isfinite(candidate.score) for candidate in ranked)
        assert all(2 <= len(candidate.reasons) <= 4 for candidate in ranked)


def check_a_mebibyte_costs_no_more_than_its_beginning(make: MakeMatcher) -> None:
    bio, text = "贷款经营" * 260_000, "想贷款开公司，怕赔钱。" * 32_000
    whole = make().fit([*collection().experts, an_expert(bio=bio)])
    begun = make().fit([*collection().experts, an_expert(bio=bio[:MAX_CHARACTERS])])
    found = whole.rank(a_need(text), k=2)
    assert found == begun.rank(a_need(text[:MAX_CHARACTERS]), k=2)


def check_an_empty_pool_has_no_candidates(make: MakeMatcher) -> None:
    matcher = make().fit([])
    assert matcher.rank(a_need()) == []
    candidates, kept_out, _ = matcher.propose(a_need(), today=TODAY)
    assert (candidates, kept_out) == ((), ())
    assert matcher.scores([a_need()]).shape == (1, 0)
    assert matcher.add([an_expert()]).rank(a_need())[0].expert_id == "E1"


def check_a_pool_may_become_empty(make: MakeMatcher) -> None:
    matcher = make().fit(collection().experts).replace([])
    assert matcher.rank(a_need()) == []


def check_the_state_survives_bytes(make: MakeMatcher) -> None:
    matcher = make().fit(collection().experts)
    blob = matcher.to_bytes()
    restored = Matcher.from_bytes(blob, collection().experts)
    assert restored.version_ == matcher.version_
    assert restored.to_bytes() == blob
    for need in collection().needs:
        assert restored.rank(need) == matcher.rank(need)


def check_a_state_serves_another_pool(make: MakeMatcher) -> None:
    blob = make().fit(collection().experts).to_bytes()
    pool = [*collection().experts[3:], an_expert("A0")]
    restored = Matcher.from_bytes(blob, pool)
    replaced = make().fit(collection().experts).replace(pool)
    for need in collection().needs:
        assert restored.rank(need) == replaced.rank(need)


def check_two_experts_of_one_id_are_refused(make: MakeMatcher) -> None:
    with pytest.raises(ValueError, match="two experts have the id E1"):
        make().fit([an_expert(), an_expert(title="另一位")])


def check_a_negative_number_of_candidates_is_refused(make: MakeMatcher) -> None:
    with pytest.raises(ValueError, match="k is -1"):
        make().fit([an_expert()]).rank(a_need(), k=-1)


CHECKS: tuple[Check, ...] = tuple(
    value for name, value in sorted(globals().items()) if name.startswith("check_")
)
