"""Rows as the matcher knows them: what an expert does, what a founder asks for."""

from collections.abc import Mapping, Sequence

from app.domain.need import TopicState
from app.models.expert import Expert
from app.models.need import Need, NeedTopic
from app.models.person import Venture
from app.queries.pairings import project_of
from matching import ExpertProfile, NeedProfile


def profile_of(expert: Expert, industries: Mapping[str, str]) -> ExpertProfile:
    """Return what is lasting of an expert; the facts of the day are added for each need.

    Args:
        expert: the row.
        industries: label by code; profiles speak in words, so that texts can meet them.
    """
    return ExpertProfile(
        expert_id=str(expert.id),
        category=expert.category.value,
        name=expert.name,
        organisation=expert.organisation,
        title=expert.title,
        bio=expert.bio,
        expertise=tuple(expert.expertise),
        industries=tuple(industries.get(each, each) for each in expert.industries),
        topics=tuple(expert.topics),
        stages=tuple(expert.stages),
        areas=tuple(expert.areas),
        modes=tuple(expert.modes),
        languages=tuple(expert.languages),
        person_id=str(expert.person_id),
    )


def need_profile(
    need: Need, topics: Sequence[NeedTopic], venture: Venture | None, industries: Mapping[str, str]
) -> NeedProfile:
    """Return what a founder asks for; what its words say the matcher understands itself."""
    industry = need.industry or ""
    return NeedProfile(
        need_id=str(need.id),
        text=need.text,
        topics=tuple(topic.code for topic in topics if topic.state is TopicState.ADDED),
        struck=tuple(topic.code for topic in topics if topic.state is TopicState.STRUCK),
        industry=industries.get(industry, industry),
        stage=need.stage or "",
        area=need.area or "",
        modes=tuple(need.modes),
        session_type=need.session_type,
        venture_name=venture.name if venture else "",
        venture_code=(venture.credit_code or "") if venture else "",
        founder_person_id=str(need.person_id),
        language=need.language or "",
        project_id=str(project_of(need.venture_id, need.person_id)),
    )
