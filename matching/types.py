"""Values that go into the matcher and come out of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

Certainty = Literal["clear", "maybe"]
# What a tie does: forbids for good, unless two officers waive it, must be told, or nothing.
Effect = Literal["forbids", "waivable", "declared", "unheeded"]
Period = Literal["week", "month", "year"]
Facts = tuple[tuple[str, str], ...]

CATEGORIES = ("scholar", "entrepreneur", "official", "investor")


@dataclass(frozen=True, slots=True)
class Interest:
    """State what ties an expert to an organisation or a person.

    `kind` is a code of the vocabulary `conflict_type`; an empty kind means that
    nobody has classified the tie yet, and it is then treated as the gravest one.
    `effect` is the verdict of a caller who has judged the tie for this very need; kind,
    names and days are then only told, not asked.
    """

    organisation: str = ""
    credit_code: str = ""
    person_id: str = ""
    kind: str = ""
    until_on: date | None = None
    from_on: date | None = None
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """Count the services of every kind that an expert has in a running period, and may have."""

    period: Period
    booked: int
    limit: int


@dataclass(frozen=True, slots=True)
class NeedProfile:
    """Describe what a founder asks for, in plain values.

    `topics` are codes of `need_topic` that a person has added to what the text says,
    `struck` those that he has taken out. `industry` is a code or a free name.
    `linked_ventures` holds names and registration codes of the founder's other ventures.
    `language` is the one the founder asks to talk in; without it that of the text counts.
    `project_id` names what is advised, a venture or a founder without one.
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
    language: str = ""
    project_id: str = ""


@dataclass(frozen=True, slots=True)
class ExpertProfile:
    """Describe one expert: what is known of the work, and the facts that rules ask for.

    `term_from_on` and `term_until_on` are the first and the last day of the
    appointment; `capacity` is the number of needs carried at once, None for no limit.
    `ventures` holds names and registration codes of the expert's own ventures,
    `paired_projects` the projects tutored this year, of which there may be `most_projects`.
    `has_common_time` is None where nobody has compared the diaries; where it is False,
    `taken_at` is the nearest local time that would do if it were free.
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
    loads: tuple[Load, ...] = ()
    ventures: tuple[str, ...] = ()
    paired_projects: tuple[str, ...] = ()
    most_projects: int | None = None
    has_common_time: bool | None = None
    taken_at: datetime | None = None

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


class Exclusion(NamedTuple):
    """Name the rule that forbids a pairing."""

    expert_id: str
    rule: str
    text: str
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Name a matter that a need asks about and nobody allowed sees to.

    `label` and `label_en` name the concept in the bureau's words; all three are empty where
    a person added a topic without a word of it in the text. `evidence` is an exact piece of
    the text, `categories` are those of experts who usually see to the matter.
    """

    topic: str
    concept: str = ""
    label: str = ""
    label_en: str = ""
    evidence: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lack:
    """Tell that nobody who may be proposed is a good match for a need.

    `best_score` is that of the best one allowed, 0 where nobody is. `kept_out` counts by
    rule the experts who would be a good match but for it.
    """

    best_score: float
    least_score: float
    missing: tuple[Missing, ...] = ()
    kept_out: tuple[tuple[str, int], ...] = ()


class Shortlist(NamedTuple):
    """Hold who is proposed and who is kept out by rule.

    With a `lack` the candidates are the nearest ones, none of them a good match.
    """

    candidates: tuple[Candidate, ...]
    exclusions: tuple[Exclusion, ...]
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Name one thing that would alter where an expert stands.

    `rank` is where he would then stand; None where it is not enough by itself.
    """

    code: str
    text: str
    facts: Facts = ()
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Tell why an expert stands where he stands for a need, and what would alter it.

    `rank` is his place among the `total` whom no rule keeps out, None when one keeps him
    out; `rank_without_rules` is the place he has or would have. The candidate is worked out
    in either case. `changes` stand in order, the smallest first.
    """

    expert_id: str
    rank: int | None
    rank_without_rules: int
    total: int
    candidate: Candidate
    exclusions: tuple[Exclusion, ...]
    changes: tuple[Change, ...]
