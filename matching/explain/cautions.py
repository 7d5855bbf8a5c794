"""Find the one thing that a founder should mind about an expert."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from matching.explain.view import NeedView
from matching.explain.wording import CAUTIONS, WEAKEST, worded
from matching.lexicon import industry_likeness, topics_said
from matching.pool import profile_texts
from matching.rules import declared_ties, need_language, places_left
from matching.scorer import PART_CODES, Weights
from matching.text import refusals
from matching.types import Caution, ExpertProfile

_FEW_PLACES = 2
_ENDING_SOON = timedelta(days=30)


def caution(
    view: NeedView, expert: ExpertProfile, parts: Sequence[float], weights: Weights
) -> Caution:
    """Return the gravest caution; where nothing speaks against, name the weakest part."""
    return next(_cautions(view, expert), None) or _weakest_part(view, parts, weights)


def _cautions(view: NeedView, expert: ExpertProfile) -> Iterator[Caution]:
    yield from _ties(view, expert)
    yield from _refused(view, expert)
    yield from _meeting(view, expert)
    yield from _places(expert)
    yield from _term(view, expert)
    yield from _work(view, expert)
    yield from _reach(view, expert)


def _ties(view: NeedView, expert: ExpertProfile) -> Iterator[Caution]:
    if view.today is None:
        return
    kinds = declared_ties(view.need, expert, view.today)
    if kinds:
        yield _caution("interest_declared", kinds=",".join(kinds))


def _refused(view: NeedView, expert: ExpertProfile) -> Iterator[Caution]:
    for piece in refusals(expert):
        if set(view.topics) & topics_said([piece.text]):
            yield _caution("declined", matched=piece.text)


def _meeting(view: NeedView, expert: ExpertProfile) -> Iterator[Caution]:
    if view.need.modes and expert.modes and not set(view.need.modes) & set(expert.modes):
        yield _caution("mode_mismatch", modes=",".join(expert.modes))
    is_english = need_language(view.need) == "en"
    if is_english and expert.languages and "en" not in expert.languages:
        yield _caution("language_mismatch", languages=",".join(expert.languages))


def _places(expert: ExpertProfile) -> Iterator[Caution]:
    left = places_left(expert)
    if left == 0:
        yield _caution("places_taken")
    elif left is not None and left <= _FEW_PLACES:
        yield _caution("few_places_left", places=str(left))


def _term(view: NeedView, expert: ExpertProfile) -> Iterator[Caution]:
    if view.today is None or expert.term_until_on is None:
        return
    if expert.term_until_on - view.today <= _ENDING_SOON:
        yield _caution("term_ending", until=expert.term_until_on.isoformat())


def _work(view: NeedView, expert: ExpertProfile) -> Iterator[Caution]:
    offered = {*expert.topics, *topics_said(profile_texts(expert))}
    met = {view.words_for(topic) for topic in view.topics if topic in offered}
    for topic in view.topics:
        words = view.words_for(topic)
        if words and topic not in offered and words not in met:
            yield _caution("topic_not_covered", topic=topic, evidence=words)
    if view.need.stage and expert.stages and view.need.stage not in expert.stages:
        yield _caution("stage_mismatch", stages=",".join(expert.stages))


def _reach(view: NeedView, expert: ExpertProfile) -> Iterator[Caution]:
    need = view.need
    if need.area and expert.areas and need.area not in expert.areas:
        yield _caution("area_mismatch", areas=",".join(expert.areas))
    trades = expert.industries
    if need.industry and trades and not any(industry_likeness(need.industry, t) for t in trades):
        yield _caution("industry_not_covered", industry=need.industry)


def _weakest_part(view: NeedView, parts: Sequence[float], weights: Weights) -> Caution:
    """Compare what each part reached with what it could reach, among those asked for."""
    is_asked = {
        "text": True,
        "concept": bool(view.topics),
        "likely": False,
        "industry": bool(view.need.industry),
        "stage": bool(view.need.stage),
    }
    reached = {
        code: value / max(getattr(weights, code), 1e-9)
        for code, value in zip(PART_CODES, parts, strict=True)
        if is_asked[code]
    }
    return _caution("weakest_part", part=min(reached, key=lambda code: reached[code]))


def _caution(code: str, **facts: str) -> Caution:
    template = WEAKEST[facts["part"]] if "part" in facts else CAUTIONS[code]
    return Caution(code, worded(template, facts), tuple(facts.items()))
