"""Find which words of a founder met which part of a profile."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.explain.view import NeedView
from matching.explain.wording import CATEGORIES, FIELDS, REASONS, worded
from matching.index import greatest
from matching.lexicon import (
    concepts,
    industry_likeness,
    read,
    shortened,
    spread,
    topic_codes,
    usual_categories,
)
from matching.text import Snippet, snippets
from matching.types import ExpertProfile, Reason

_FEWEST = 2
_MOST = 4
_MOST_OF_A_KIND = 2
_LIKE_INDUSTRY = 0.6
# Beyond these a shared matter is too faint to be called a reason.
_MOST_MATTERS = 8
_LEAST_SAID = 0.2
# Sums of another machine differ in later ones; equal matters stand in the order of codes.
_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Standing:
    """Tell where a candidate stands in the whole ranking."""

    rank: int
    total: int


def reasons(view: NeedView, expert: ExpertProfile, standing: Standing) -> tuple[Reason, ...]:
    """Give two to four reasons, those in the founder's own words first."""
    found: list[Reason] = []
    for kind in (_matter_reasons, _topic_reasons, _words_reasons, _fact_reasons):
        if len(found) >= _MOST:
            break
        fresh = (reason for reason in kind(view, expert) if not _repeats(reason, found))
        for reason in itertools.islice(fresh, _MOST_OF_A_KIND):
            found.append(reason)  # noqa: PERF402  # the generator looks at what is found so far
    missing = max(0, _FEWEST - len(found))
    return (*found, *_last_reasons(expert, standing)[:missing])[:_MOST]


def _repeats(reason: Reason, found: list[Reason]) -> bool:
    """Answer whether a reason rests on words that an earlier one rests on."""
    evidences = [each.evidence for each in found if each.evidence]
    return bool(reason.evidence) and any(
        reason.evidence in earlier or earlier in reason.evidence for earlier in evidences
    )


def _matter_reasons(view: NeedView, expert: ExpertProfile) -> Iterator[Reason]:
    """Name the matters that the need and the profile have in common, the weightiest first."""
    pieces = snippets(expert)
    offered = read([piece.text for piece in pieces])
    shared = view.query.concepts * spread(offered.concepts)
    for place in greatest(np.round(shared, _DECIMALS), _MOST_MATTERS):
        said, matched = view.reading.telling[:, place], offered.telling[:, place]
        if shared[place] and said.max(initial=0.0) > _LEAST_SAID:
            concept, met = concepts()[place], pieces[int(np.argmax(matched))]
            words = shortened(view.reading.pieces[int(np.argmax(said))], concept.topic)
            facts = {"topic": concept.topic, "concept": concept.code}
            yield _reason("topic", words, facts | {"field": met.field, "matched": met.text})


def _topic_reasons(view: NeedView, expert: ExpertProfile) -> Iterator[Reason]:
    for topic in view.topics:
        words = view.words_for(topic)
        met = _topic_snippet(topic, expert)
        if topic in view.need.topics and met:
            yield _reason(
                "topic_settled", "", {"topic": topic, "field": met.field, "matched": met.text}
            )
        elif topic in expert.topics:
            code = "topic_declared" if words else "topic_settled_declared"
            yield _reason(code, words, {"topic": topic})


def _topic_snippet(topic: str, expert: ExpertProfile) -> Snippet | None:
    """Find the piece of a profile that says most of a topic."""
    pieces = snippets(expert)
    if topic not in topic_codes() or not pieces:
        return None
    said = read([piece.text for piece in pieces]).topics[:, topic_codes().index(topic)]
    best = int(np.argmax(said))
    return pieces[best] if said[best] > _LEAST_SAID else None


def _words_reasons(view: NeedView, expert: ExpertProfile) -> Iterator[Reason]:
    for shared in view.shared_words.with_profile(snippets(expert)):
        facts = {"field": shared.snippet.field, "matched": shared.snippet.text}
        yield _reason("words", shared.evidence, facts)


def _fact_reasons(view: NeedView, expert: ExpertProfile) -> Iterator[Reason]:
    need = view.need
    industry = _like_industry(need.industry, expert)
    if industry:
        yield _reason("industry", "", {"industry": need.industry, "matched": industry})
    if need.stage and need.stage in expert.stages:
        yield _reason("stage", "", {"stage": need.stage})
    if view.topics and expert.category in usual_categories().get(view.topics[0], ()):
        yield _reason("category", "", {"category": expert.category, "topic": view.topics[0]})
    if need.area and need.area in expert.areas:
        yield _reason("area", "", {"area": need.area})
    if set(need.modes) & set(expert.modes):
        yield _reason("mode", "", {"mode": min(set(need.modes) & set(expert.modes))})


def _like_industry(industry: str, expert: ExpertProfile) -> str:
    if not industry:
        return ""
    nearest = max(expert.industries, key=lambda each: industry_likeness(industry, each), default="")
    return nearest if industry_likeness(industry, nearest) >= _LIKE_INDUSTRY else ""


def _last_reasons(expert: ExpertProfile, standing: Standing) -> tuple[Reason, ...]:
    return (
        _reason("overall", "", {"rank": str(standing.rank), "total": str(standing.total)}),
        _reason("trade", "", {"category": expert.category}),
    )


def _reason(code: str, evidence: str, facts: dict[str, str]) -> Reason:
    shown = facts | {"evidence": evidence}
    if "field" in facts:
        shown["field"] = FIELDS[facts["field"]]
    if "category" in facts:
        shown["category"] = CATEGORIES[facts["category"]]
    return Reason(code, worded(REASONS[code], shown), evidence, tuple(facts.items()))
