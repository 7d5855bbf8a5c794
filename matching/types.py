"""Values that go into the matcher and come out of it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Certainty = Literal["clear", "maybe"]
Facts = tuple[tuple[str, str], ...]

CATEGORIES = ("scholar", "entrepreneur", "official", "investor")


@dataclass(frozen=True, slots=True)
class Interest:
    """State what ties an expert to an organisation or a person.

    `kind` is a code of the vocabulary `conflict_type`; an empty kind means that
    nobody has classified the tie yet, and it is then treated as the gravest one.
    """

    organisation: str = ""
    credit_code: str = ""
    person_id: str = ""
    kind: str = ""
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class NeedProfile:
    """Describe what a founder asks for, in plain values.

    `topics` are codes of `need_topic` that a person has added to what the text says,
    `struck` those that he has taken out. `industry` is a code or a free name.
    `linked_ventures` holds names and registration codes of the founder's other ventures.
    """

    need_id: str
    text: str
    topics: tuple[str, ...] = ()
    industry: str = ""
    stage: str = ""
    area: str = ""
    modes: tuple[str, ...] = ()
    session_type: str = "consultation"
    venture_name: str = ""
    venture_code: str = ""
    linked_ventures: tuple[str, ...] = ()
    founder_person_id: str = ""
    struck: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpertProfile:
    """Describe one expert: what is known of the work, and the facts that rules ask for.

    `term_from_on` and `term_until_on` are the first and the last day of the
    appointment; `capacity` is the number of needs carried at once, None for no limit.
    """

    expert_id: str
    category: str
    name: str = ""
    organisation: str = ""
    title: str = ""
    bio: str = ""
    expertise: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    person_id: str = ""
    interests: tuple[Interest, ...] = ()
    term_from_on: date | None = None
    term_until_on: date | None = None
    is_paused: bool = False
    open_load: int = 0
    capacity: int | None = None

    def __post_init__(self) -> None:
        if self.category not in CATEGORIES:
            raise ValueError(f"expert {self.expert_id}: unknown category {self.category!r}")


@dataclass(frozen=True, slots=True)
class UnderstoodTopic:
    """Name a topic met in a founder's text, with the founder's own words that led there."""

    code: str
    certainty: Certainty
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one addend of a score."""

    code: str
    value: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Tell why an expert fits; `evidence` is an exact piece of the founder's text, or empty."""

    code: str
    text: str
    evidence: str = ""
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Caution:
    """Tell what the founder should keep in mind about an expert."""

    code: str
    text: str
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Propose one expert for one need; the parts add up to the score."""

    expert_id: str
    score: float
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Name the rule that forbids a pairing."""

    expert_id: str
    rule: str
    text: str
    facts: Facts = ()


class Shortlist(NamedTuple):
    """Hold who is proposed and who is kept out by rule."""

    candidates: tuple[Candidate, ...]
    exclusions: tuple[Exclusion, ...]
