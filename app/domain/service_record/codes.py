"""The closed lists a counting decision is written in; every code is the vocabulary's own."""

from enum import StrEnum

from app.domain.outcome import ConfirmationKind


class SessionType(StrEnum):
    """What was served 服务形式."""

    CONSULTATION = "consultation"
    DIAGNOSIS = "diagnosis"
    TUTORING = "tutoring"
    ROUNDTABLE = "roundtable"
    LECTURE = "lecture"
    REVIEW = "review"
    FOLLOW_UP = "follow_up"


class Ruling(StrEnum):
    """How an approver settled a dispute 裁定."""

    DELIVERED = "ruled_delivered"
    EXCUSED = "ruled_excused"
    NO_SHOW_FOUNDER = "no_show_founder"
    NO_SHOW_MENTOR = "no_show_mentor"
    NO_SHOW_BOTH = "no_show_both"
    TECH_FAILURE = "tech_failure"


class Status(StrEnum):
    """What the decision on a service record is 计数结论."""

    COUNTED = "counted"
    COUNTED_APART = "counted_apart"
    NOT_COUNTED = "not_counted"


class Column(StrEnum):
    """The column of its own in which a record is shown beside the headline 单列."""

    OUTSIDE_DISTRICT = "outside_district"
    WAIVED_CONFLICT = "waived_conflict"
    TEXT = "text"
    FOLLOW_UP = "follow_up"
    REVIEW = "review"


class Reason(StrEnum):
    """Why a record is not in the headline 不计数原因."""

    TEST_DATA = "test_data"
    DUPLICATE = "duplicate"
    VOIDED = "voided"
    NO_SHOW_FOUNDER = "no_show_founder"
    NO_SHOW_MENTOR = "no_show_mentor"
    NO_SHOW_BOTH = "no_show_both"
    TECH_FAILURE = "tech_failure"
    NOT_A_SESSION = "not_a_session"
    DISPUTED = "disputed"
    MERGED = "merged"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    MENTOR_SUSPENDED = "mentor_suspended"
    MENTOR_OUT_OF_TERM = "mentor_out_of_term"
    IDENTITY_UNVERIFIED = "identity_unverified"
    NO_ATTENDEE = "no_attendee"
    BELOW_MINIMUM = "below_minimum"
    UNCONFIRMED = "unconfirmed"
    OUTSIDE_DISTRICT = "outside_district"


class Rule(StrEnum):
    """The rule of LC-COUNT-1 that settled a decision, as numbered in docs/counting.md."""

    ALL_HOLD = "all_hold"
    OWN_COLUMN = "own_column"
    GENUINE = "genuine"
    DELIVERED = "delivered"
    FORM = "form"
    SETTLED = "settled"
    MERGING = "merging"
    NO_CONFLICT = "no_conflict"
    APPOINTED = "appointed"
    IDENTIFIED = "identified"
    ATTENDED = "attended"
    MINIMUM = "minimum"
    CONFIRMED = "confirmed"
    DISTRICT = "district"


class Pending(StrEnum):
    """What an undecided record waits for, printed beside the figures of a closed month."""

    RECORD = "awaiting_record"
    CONFIRMATION = "awaiting_confirmation"
    RULING = "awaiting_ruling"


# One reason is shown, the first of these that applies; the others stay in the detail.
REASON_PRECEDENCE: tuple[Reason, ...] = (
    Reason.TEST_DATA,
    Reason.DUPLICATE,
    Reason.VOIDED,
    Reason.NO_SHOW_FOUNDER,
    Reason.NO_SHOW_MENTOR,
    Reason.NO_SHOW_BOTH,
    Reason.TECH_FAILURE,
    Reason.NOT_A_SESSION,
    Reason.DISPUTED,
    Reason.MERGED,
    Reason.CONFLICT_OF_INTEREST,
    Reason.MENTOR_SUSPENDED,
    Reason.MENTOR_OUT_OF_TERM,
    Reason.IDENTITY_UNVERIFIED,
    Reason.NO_ATTENDEE,
    Reason.BELOW_MINIMUM,
    Reason.UNCONFIRMED,
    Reason.OUTSIDE_DISTRICT,
)

# What a person or a ruling may say of a record; the other reasons follow from its facts.
VOID_CODES = frozenset(
    {
        Reason.DUPLICATE,
        Reason.VOIDED,
        Reason.NO_SHOW_FOUNDER,
        Reason.NO_SHOW_MENTOR,
        Reason.NO_SHOW_BOTH,
        Reason.TECH_FAILURE,
        Reason.NOT_A_SESSION,
    }
)

RULE_OF_REASON: dict[Reason, Rule] = {
    Reason.TEST_DATA: Rule.GENUINE,
    Reason.DUPLICATE: Rule.GENUINE,
    Reason.VOIDED: Rule.GENUINE,
    Reason.NO_SHOW_FOUNDER: Rule.DELIVERED,
    Reason.NO_SHOW_MENTOR: Rule.DELIVERED,
    Reason.NO_SHOW_BOTH: Rule.DELIVERED,
    Reason.TECH_FAILURE: Rule.DELIVERED,
    Reason.NOT_A_SESSION: Rule.FORM,
    Reason.DISPUTED: Rule.SETTLED,
    Reason.MERGED: Rule.MERGING,
    Reason.CONFLICT_OF_INTEREST: Rule.NO_CONFLICT,
    Reason.MENTOR_SUSPENDED: Rule.APPOINTED,
    Reason.MENTOR_OUT_OF_TERM: Rule.APPOINTED,
    Reason.IDENTITY_UNVERIFIED: Rule.IDENTIFIED,
    Reason.NO_ATTENDEE: Rule.ATTENDED,
    Reason.BELOW_MINIMUM: Rule.MINIMUM,
    Reason.UNCONFIRMED: Rule.CONFIRMED,
    Reason.OUTSIDE_DISTRICT: Rule.DISTRICT,
}

# Only these make a venture "served" 服务企业; only these can be answered in writing.
ADVICE_TYPES = frozenset({SessionType.CONSULTATION, SessionType.DIAGNOSIS, SessionType.TUTORING})

# Strongest first: of several confirmations of one merged service the weakest is shown.
CONFIRMATION_STRENGTH: tuple[ConfirmationKind, ...] = (
    ConfirmationKind.SIGNED_IN,
    ConfirmationKind.PAPER_SIGNATURE,
    ConfirmationKind.SMS_CODE,
    ConfirmationKind.LINK,
    ConfirmationKind.CALL_BACK,
)
