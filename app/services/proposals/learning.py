"""What was shown teaches a version; it ranks once later needs prove it better."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.domain.actor import Permission
from app.domain.errors import NotFoundError
from app.domain.proposal import (
    FEWEST_NEEDS,
    SHARE_THAT_TEACHES,
    ForeignVersionError,
    NoneLiveError,
    NotProvenError,
    TooFewOutcomesError,
    VersionEvent,
    VersionState,
    ensure_learning,
    next_state,
)
from app.models.proposal import LearningSwitch, MatcherVersion
from app.queries.free_times import Look
from app.queries.matcher_versions import is_learning, live_version, version_in
from app.services.proposals.experience import experience
from app.unit_of_work import UnitOfWork
from matching import (
    Adjustment,
    LearnedRanking,
    Matcher,
    Shown,
    TooFewError,
    Trial,
    later_than,
    split,
    try_out,
)

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shadow:
    """The version that makes lists beside those shown."""

    version_id: UUID
    learned: Adjustment


def learn(uow: UnitOfWork) -> MatcherVersion:
    """Return a new version, learned from the earlier needs and tried on the later.

    It changes no list.

    Raises:
        LearningOffError: learning is switched off.
        TooFewOutcomesError: too few needs led to a request, or all ended alike.
        ForeignVersionError: the matcher of today has shown nothing yet.
    """
    uow.require(Permission.MANAGE_MATCHER)
    ensure_learning(is_learning(uow))
    earlier, later = split(experience(uow), SHARE_THAT_TEACHES)
    ranking = _fitted(earlier)
    learned = ranking.adjustment_
    _ensure_of_today(learned)
    made = uow.add(
        MatcherVersion(
            number=(uow.one(select(func.max(MatcherVersion.number))) or 0) + 1,
            name=learned.version,
            state=VersionState.LEARNED,
            weights=learned.to_data(),
            evidence={
                "learned_from_needs": ranking.n_needs_,
                "learned_from_rows": ranking.n_examples_,
                "position_effect": ranking.position_effect_,
                **_evidence(_trial(uow, learned, later)),
            },
            learned_until=max(row.shown_at for row in earlier),
            created_at=uow.now,
            created_by_id=uow.actor.account_id,
        )
    )
    uow.flush()
    uow.audit("matcher_version.learned", made)
    return made


def observe(uow: UnitOfWork, number: int | None = None) -> MatcherVersion:
    """Let a version, by default the newest learned, make lists beside those shown, for nobody.

    It takes the place of a former one in the shadow.

    Raises:
        NotFoundError: there is no such version, or none learned.
        IllegalVersionStepError: it is live, or in the shadow already.
        ForeignVersionError: it was learned over another method than that of today.
    """
    uow.require(Permission.MANAGE_MATCHER)
    ensure_learning(is_learning(uow))
    version = _version(uow, number, VersionState.LEARNED)
    state = next_state(version.state, VersionEvent.OBSERVE)
    _ensure_of_today(Adjustment.from_data(version.weights))
    former = version_in(uow, VersionState.SHADOW)
    if former is not None:
        _retire(uow, former, "matcher_version.superseded")
    version.state = state
    version.retired_at = version.retired_by_id = None
    uow.audit("matcher_version.observed", version)
    return version


def promote(uow: UnitOfWork, number: int | None = None) -> MatcherVersion:
    """Let a version rank if later needs prove it better; by default the one in the shadow.

    Without one in the shadow it is the newest learned.

    It is tried anew, against what is live now, on all that was shown since it learned.

    Raises:
        NotFoundError: there is no such version, or none to promote.
        IllegalVersionStepError: it is live, or retired.
        ForeignVersionError: it was learned over another method than that of today.
        NotProvenError: with the figures of the trial.
    """
    uow.require(Permission.MANAGE_MATCHER)
    ensure_learning(is_learning(uow))
    version = _version(uow, number, VersionState.SHADOW, VersionState.LEARNED)
    state = next_state(version.state, VersionEvent.PROMOTE)
    learned = Adjustment.from_data(version.weights)
    _ensure_of_today(learned)
    trial = _trial(uow, learned, later_than(experience(uow), version.learned_until))
    if not trial.is_won:
        raise NotProvenError(**_evidence(trial)["trial"])
    former = live_version(uow)
    if former is not None:
        _retire(uow, former, "matcher_version.superseded")
    version.state, version.replaces_id = state, former.id if former else None
    version.promoted_at, version.promoted_by_id = uow.now, uow.actor.account_id
    version.evidence = {**version.evidence, **_evidence(trial)}
    uow.audit("matcher_version.promoted", version)
    return version


def roll_back(uow: UnitOfWork) -> MatcherVersion | None:
    """Let what ranked before the live version rank again; None stands for the base score alone.

    Raises:
        NoneLiveError: no version is live.
    """
    uow.require(Permission.MANAGE_MATCHER)
    live = live_version(uow)
    if live is None:
        raise NoneLiveError
    _retire(uow, live, "matcher_version.rolled_back")
    if live.replaces_id is None:
        return None
    former = uow.load(MatcherVersion, live.replaces_id, lock=True)
    former.state = next_state(former.state, VersionEvent.RESTORE)
    former.retired_at = former.retired_by_id = None
    uow.audit("matcher_version.restored", former)
    return former


def switch_learning(uow: UnitOfWork, is_on: bool) -> None:
    """Switch learning on or off; off, the base score ranks alone and places are not shared out."""
    uow.require(Permission.MANAGE_MATCHER)
    if is_learning(uow) == is_on:
        return
    made = LearningSwitch(is_on=is_on, switched_at=uow.now, switched_by_id=uow.actor.account_id)
    uow.audit("learning.switched_on" if is_on else "learning.switched_off", uow.add(made))


def ranking_version(look: Look) -> Adjustment | None:
    """Return what puts scores right now; None where the base score ranks alone.

    So it does while learning is off, and while what is live was learned over another method.
    """
    live = live_version(look) if is_learning(look) else None
    learned = Adjustment.from_data(live.weights) if live else None
    return learned if learned and Matcher.can_adopt(learned) else None


def ranking_number(look: Look) -> int | None:
    """Return the number of the version that ranks now, None for the base score alone."""
    live = live_version(look) if ranking_version(look) else None
    return live.number if live else None


def shadow_version(look: Look) -> Shadow | None:
    """Return what makes lists in the shadow right now; nothing while learning is off."""
    found = version_in(look, VersionState.SHADOW) if is_learning(look) else None
    learned = Adjustment.from_data(found.weights) if found else None
    if found is None or learned is None or not Matcher.can_adopt(learned):
        return None
    return Shadow(found.id, learned)


def _ensure_of_today(learned: Adjustment) -> None:
    if not Matcher.can_adopt(learned):
        raise ForeignVersionError(method=learned.method)


def _fitted(rows: list[Shown]) -> LearnedRanking:
    try:
        ranking = LearnedRanking().fit(rows)
    except TooFewError as error:
        raise TooFewOutcomesError(least=FEWEST_NEEDS) from error
    if ranking.n_needs_ < FEWEST_NEEDS:
        raise TooFewOutcomesError(least=FEWEST_NEEDS)
    return ranking


def _trial(uow: UnitOfWork, learned: Adjustment, rows: list[Shown]) -> Trial:
    return try_out(learned, ranking_version(uow), rows)


def _evidence(trial: Trial) -> Document:
    # Rounded, so that databases give back what they were given.
    figures = {
        name: round(value, 6) + 0.0 if isinstance(value, float) else value
        for name, value in asdict(trial).items()
    }
    return {"trial": {**figures, "is_won": trial.is_won}}


def _version(uow: UnitOfWork, number: int | None, *usual: VersionState) -> MatcherVersion:
    """Return the version of the number; without one, the newest in the first state that has any."""
    keys = select(MatcherVersion.id).order_by(MatcherVersion.number.desc()).limit(1)
    asked = [MatcherVersion.state == state for state in usual]
    if number is not None:
        asked = [MatcherVersion.number == number]
    found = next((key for each in asked if (key := uow.one(keys.where(each)))), None)
    if found is None:
        raise NotFoundError("matcher_version.not_found")
    return uow.load(MatcherVersion, found, lock=True)


def _retire(uow: UnitOfWork, version: MatcherVersion, action: str) -> None:
    version.state = next_state(version.state, VersionEvent.RETIRE)
    version.retired_at, version.retired_by_id = uow.now, uow.actor.account_id
    # Written at once: only one row may be live at any moment.
    uow.flush()
    uow.audit(action, version)
