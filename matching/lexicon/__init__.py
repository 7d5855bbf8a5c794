"""Lead from a founder's words to the bureau's matters, topics, trades and categories."""

from matching.lexicon.reading import (
    PieceTable,
    Reading,
    likely_concepts,
    read,
    read_profiles,
    remember,
    spread,
    topic_rows,
    unit_rows,
)
from matching.lexicon.tables import (
    Concept,
    concepts,
    industry_likeness,
    lexicon_digest,
    topic_codes,
    topics_of_concepts,
    usual_categories,
)
from matching.lexicon.understanding import matter, shortened, topics_said, understand

__all__ = [
    "Concept",
    "PieceTable",
    "Reading",
    "concepts",
    "industry_likeness",
    "lexicon_digest",
    "likely_concepts",
    "matter",
    "read",
    "read_profiles",
    "remember",
    "shortened",
    "spread",
    "topic_codes",
    "topic_rows",
    "topics_of_concepts",
    "topics_said",
    "understand",
    "unit_rows",
    "usual_categories",
]
