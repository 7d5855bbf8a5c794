"""The life of a batch and of its pairs."""

from enum import StrEnum

from app.domain.errors import ConflictError, NotFoundError, RuleError

# More are left to the next batch, the shortest waiting first.
MOST_NEEDS = 2_000
LONGEST_REASON = 500


class BatchStatus(StrEnum):
    """States of a batch."""

    COMPUTING = "computing"
    DRAFT = "draft"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    UNDONE = "undone"
    DISCARDED = "discarded"
    CANCELLED = "cancelled"
    FAILED = "failed"


class BatchStep(StrEnum):
    """The steps in which a batch is computed, in their order."""

    COMPARE = "compare"
    SHARE = "share"
    EXPLAIN = "explain"


class BatchAct(StrEnum):
    """What may be done with a batch."""

    FINISH = "finish"
    FAIL = "fail"
    CANCEL = "cancel"
    REVIEW = "review"
    CHANGE = "change"
    PUBLISH = "publish"
    UNDO = "undo"
    DISCARD = "discard"


class PairState(StrEnum):
    """States of a pair of a batch.

    Nobody was found where it is left. Once published both sides are told; it is kept when the
    founder had booked before the batch was undone, lapsed when he did not and a later batch
    arranged the need anew, dropped when it was taken out before anybody was told.
    """

    LEFT = "left"
    PLANNED = "planned"
    PUBLISHED = "published"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    DROPPED = "dropped"


class BatchStepError(ConflictError):
    """The batch has moved on; this can no longer be done with it."""

    default_code = "batch.illegal_step"


class NotComputedError(NotFoundError):
    """There is nothing to show of the batch but how far it has come."""

    default_code = "batch.not_found"


class NothingToShareError(RuleError):
    """No need waits, or nobody of the pool could be asked."""

    default_code = "batch.no_needs"


class SameReviewerError(RuleError):
    """Who made a batch is not the one who reviews it."""

    default_code = "batch.same_person"


class PairToldError(ConflictError):
    """Founder and mentor have been told of the pair."""

    default_code = "batch.pair_told"


class ExpertBarredError(RuleError):
    """A rule forbids the pairing."""

    default_code = "batch.expert_barred"


class ExpertFullError(RuleError):
    """The expert takes no more services in the month."""

    default_code = "batch.expert_full"


_DRAFT, _REVIEWED = BatchStatus.DRAFT, BatchStatus.REVIEWED
_PUBLISHED, _COMPUTING = BatchStatus.PUBLISHED, BatchStatus.COMPUTING

TRANSITIONS: dict[tuple[BatchStatus, BatchAct], BatchStatus] = {
    (_COMPUTING, BatchAct.FINISH): _DRAFT,
    (_COMPUTING, BatchAct.FAIL): BatchStatus.FAILED,
    (_COMPUTING, BatchAct.CANCEL): BatchStatus.CANCELLED,
    (_DRAFT, BatchAct.REVIEW): _REVIEWED,
    # A changed draft has to be looked through again.
    (_DRAFT, BatchAct.CHANGE): _DRAFT,
    (_REVIEWED, BatchAct.CHANGE): _DRAFT,
    (_PUBLISHED, BatchAct.CHANGE): _PUBLISHED,
    (_DRAFT, BatchAct.PUBLISH): _PUBLISHED,
    (_REVIEWED, BatchAct.PUBLISH): _PUBLISHED,
    (_PUBLISHED, BatchAct.PUBLISH): _PUBLISHED,
    (_PUBLISHED, BatchAct.UNDO): BatchStatus.UNDONE,
    (_DRAFT, BatchAct.DISCARD): BatchStatus.DISCARDED,
    (_REVIEWED, BatchAct.DISCARD): BatchStatus.DISCARDED,
}


def next_status(status: BatchStatus, act: BatchAct) -> BatchStatus:
    """Return the state after an act.

    Raises:
        BatchStepError: the act is not possible in this state.
    """
    try:
        return TRANSITIONS[status, act]
    except KeyError:
        raise BatchStepError(status=status.value, act=act.value) from None
