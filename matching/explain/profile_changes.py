"""Think of what an expert's profile might say more, each with the profile as it would be."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from matching.explain.changes import change
from matching.explain.view import NeedView
from matching.lexicon import industry_likeness
from matching.types import Change, ExpertProfile

# A founder asks for one or two things; what else is heard in the text would be guesswork.
_MOST_TOPICS = 3
EVERYTHING = "profile_completed"


class Variant(NamedTuple):
    """Hold a change of a profile, and the profile after it."""

    change: Change
    expert: ExpertProfile


@dataclass(frozen=True, slots=True)
class _More:
    """Hold what a profile would say besides."""

    topics: tuple[str, ...] = ()
    expertise: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()

    def __add__(self, other: "_More") -> "_More":
        return _More(
            self.topics + other.topics,
            self.expertise + other.expertise,
            self.industries + other.industries,
            self.stages + other.stages,
        )

    def said_of(self, expert: ExpertProfile) -> ExpertProfile:
        """Return the profile that says it too."""
        return replace(
            expert,
            topics=expert.topics + self.topics,
            expertise=expert.expertise + self.expertise,
            industries=expert.industries + self.industries,
            stages=expert.stages + self.stages,
        )


def variants(view: NeedView, expert: ExpertProfile) -> tuple[Variant, ...]:
    """Return what the profile leaves open of that which the need asks for, each by itself.

    Where there are several, the last is all of them together.
    """
    found = [*_topics(view, expert), *_facts(view, expert)]
    if len(found) > 1:
        everything = sum((more for _, more in found), _More())
        found.append((change(EVERYTHING), everything))
    return tuple(Variant(told, more.said_of(expert)) for told, more in found)


def _topics(view: NeedView, expert: ExpertProfile) -> Iterator[tuple[Change, _More]]:
    said = set(expert.expertise)
    for topic in view.topics[:_MOST_TOPICS]:
        words = view.words_for(topic)
        if topic not in expert.topics:
            code = "topic_confirmed" if words else "topic_settled_confirmed"
            yield change(code, topic=topic, evidence=words), _More(topics=(topic,))
        if words and words not in said:
            said.add(words)
            yield change("experience_written", evidence=words), _More(expertise=(words,))


def _facts(view: NeedView, expert: ExpertProfile) -> Iterator[tuple[Change, _More]]:
    industry, stage = view.need.industry, view.need.stage
    known = any(industry_likeness(industry, each) == 1 for each in expert.industries)
    if industry and not known:
        yield change("industry_added", industry=industry), _More(industries=(industry,))
    if stage and stage not in expert.stages:
        yield change("stage_added", stage=stage), _More(stages=(stage,))
