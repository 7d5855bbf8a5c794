"""Which columns of which tables belong into the copy somebody gets of his own data."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.models.account import Account, SignInSession
from app.models.action_item import ActionItem
from app.models.activity import Registration, ReviewProject
from app.models.attachment import Attachment
from app.models.base import Base
from app.models.board_post import BoardPost
from app.models.booking import Booking
from app.models.calendar_feed import CalendarFeed
from app.models.consent import Consent, ConsentWithdrawal
from app.models.diagnosis import DiagnosisMaterial, DiagnosisPresentation, DiagnosisWord
from app.models.follow_up import FollowUp
from app.models.log_line import LogLine
from app.models.message import Delivery, Message, Preference
from app.models.need import Need, NeedTopic
from app.models.outcome import Confirmation, Dispute, OutcomeVersion, Rating
from app.models.person import FounderGroup, Person, PersonAlias, Venture
from app.models.proposal import Proposal
from app.models.sample import SampleCall
from app.models.service_session import Attendance, ServiceSession
from app.models.standing_record import StandingRecord
from app.models.support_item import OpeningRow, SupportItem
from app.models.ticket import Ticket
from app.models.time_offer import TimeOffer
from app.models.waiting_list import WaitingEntry
from app.models.written_answer import WrittenAnswer


class Section(StrEnum):
    """The headings of a copy, in the order in which they stand."""

    PROFILE = "profile"
    VENTURES = "ventures"
    CONSENTS = "consents"
    NEEDS = "needs"
    BOOKINGS = "bookings"
    MEETINGS = "meetings"
    RECORDS = "records"
    WORDS = "words"
    ACTIVITIES = "activities"
    SUPPORT = "support"
    MESSAGES = "messages"
    LOOKS = "looks"


@dataclass(frozen=True, slots=True)
class Part:
    """Some columns of the rows of one table that are about the person.

    Attributes:
        by: the column that leads to the person, and `keys` the field of `Keys` it is compared to.
    """

    section: Section
    model: type[Base]
    by: str
    keys: str
    columns: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The name of the table."""
        return str(self.model.__tablename__)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of all that is about one human being, whatever his records."""

    persons: Collection[UUID]
    accounts: Collection[UUID]
    ventures: Collection[UUID]
    needs: Collection[UUID]
    bookings: Collection[UUID]
    sessions: Collection[UUID]
    outcomes: Collection[UUID]
    ratings: Collection[UUID]
    diagnoses: Collection[UUID]
    messages: Collection[UUID]


def _part(section: Section, model: type[Base], by: str, keys: str, columns: str) -> Part:
    return Part(section, model, by, keys, tuple(columns.split()))


_S = Section
PARTS: tuple[Part, ...] = (
    _part(
        _S.PROFILE,
        Person,
        "id",
        "persons",
        "name phone email birth_year street identity_level created_at",
    ),
    _part(_S.PROFILE, Account, "id", "accounts", "login name created_at is_active"),
    _part(_S.PROFILE, FounderGroup, "person_id", "persons", "code verified_at"),
    _part(_S.PROFILE, PersonAlias, "alias_id", "persons", "created_at"),
    _part(
        _S.VENTURES,
        Venture,
        "id",
        "ventures",
        "name credit_code registered_on entity_type industry area street",
    ),
    _part(_S.CONSENTS, Consent, "person_id", "persons", "purpose kind given_on filed_at"),
    _part(_S.CONSENTS, ConsentWithdrawal, "person_id", "persons", "purpose kind asked_on filed_at"),
    _part(
        _S.NEEDS,
        Need,
        "person_id",
        "persons",
        "reference text session_type industry stage area street status channel submitted_at"
        " bureau_reason",
    ),
    _part(_S.NEEDS, NeedTopic, "need_id", "needs", "need_id code evidence state"),
    _part(_S.NEEDS, Proposal, "need_id", "needs", "need_id expert_id rank score"),
    _part(_S.NEEDS, BoardPost, "need_id", "needs", "need_id text status written_at"),
    _part(
        _S.BOOKINGS,
        Booking,
        "founder_person_id",
        "persons",
        "reference need_id lead_expert_id session_type mode place starts_at ends_at status channel"
        " note end_reason end_note",
    ),
    _part(_S.BOOKINGS, TimeOffer, "booking_id", "bookings", "booking_id side note status"),
    _part(
        _S.BOOKINGS,
        WaitingEntry,
        "person_id",
        "persons",
        "kind earliest_on latest_on status joined_at",
    ),
    _part(
        _S.MEETINGS,
        ServiceSession,
        "id",
        "sessions",
        "reference lead_expert_id session_type mode place planned_starts_at planned_ends_at"
        " actual_start actual_end status no_show no_show_note",
    ),
    _part(
        _S.MEETINGS,
        Attendance,
        "person_id",
        "persons",
        "service_session_id checked_in_at in_at out_at evidence",
    ),
    _part(
        _S.MEETINGS, LogLine, "service_session_id", "sessions", "kind started_at ended_at contact"
    ),
    _part(
        _S.MEETINGS,
        StandingRecord,
        "service_session_id",
        "sessions",
        "service_session_id month status reason minutes",
    ),
    _part(
        _S.RECORDS,
        OutcomeVersion,
        "outcome_id",
        "outcomes",
        "outcome_id number question advice actions result effects referral created_at",
    ),
    _part(
        _S.RECORDS,
        ActionItem,
        "service_session_id",
        "sessions",
        "service_session_id text owner due_on status note",
    ),
    _part(
        _S.RECORDS,
        DiagnosisMaterial,
        "diagnosis_id",
        "diagnoses",
        "text due_on status answered_at remark",
    ),
    _part(_S.RECORDS, DiagnosisPresentation, "diagnosis_id", "diagnoses", "presented_at audience"),
    _part(
        _S.RECORDS,
        Attachment,
        "service_session_id",
        "sessions",
        "service_session_id name file_type size sha256 added_at",
    ),
    _part(
        _S.WORDS,
        Confirmation,
        "person_id",
        "persons",
        "outcome_id agrees kind remark signed_name created_at",
    ),
    _part(_S.WORDS, Rating, "person_id", "persons", "outcome_id score created_at"),
    _part(_S.WORDS, Ticket, "rating_id", "ratings", "called called_at said done"),
    _part(
        _S.WORDS,
        Dispute,
        "opened_by_id",
        "persons",
        "service_session_id statement opened_at ruling ruling_text",
    ),
    _part(_S.WORDS, DiagnosisWord, "person_id", "persons", "understood objection said_at"),
    _part(
        _S.WORDS,
        FollowUp,
        "outcome_id",
        "outcomes",
        "outcome_id asked_at answered_at is_running jobs loan_yuan remark",
    ),
    _part(
        _S.WORDS,
        WrittenAnswer,
        "person_id",
        "persons",
        "need_id question answer helped asked_at answered_at",
    ),
    _part(_S.WORDS, SampleCall, "person_id", "persons", "service_session_id called_at result said"),
    _part(
        _S.ACTIVITIES,
        Registration,
        "person_id",
        "persons",
        "activity_id status joined_at left_at checked_in_at evidence",
    ),
    _part(_S.ACTIVITIES, ReviewProject, "person_id", "persons", "activity_id name score place"),
    _part(
        _S.SUPPORT,
        SupportItem,
        "person_id",
        "persons",
        "kind done_on quantity document note status",
    ),
    _part(_S.SUPPORT, OpeningRow, "person_id", "persons", "kind name done_on quantity document"),
    _part(_S.MESSAGES, Message, "account_id", "accounts", "title text created_at read_at"),
    _part(_S.MESSAGES, Delivery, "message_id", "messages", "channel address state updated_at"),
    _part(_S.MESSAGES, Preference, "account_id", "accounts", "topic channel is_on"),
    _part(_S.LOOKS, SignInSession, "account_id", "accounts", "created_at last_seen_at revoked_at"),
    _part(_S.LOOKS, CalendarFeed, "account_id", "accounts", "made_at revoked_at"),
)

# What leads to a person and is in no copy, and why.
SECRETS = "a secret of his own, kept as a hash that says nothing"
SAME = "the same facts as a row that is told"
LINK = "only leads from one row that is told to another"
WORK = "the bureau's own work on a row that is told"
LEFT_OUT: dict[str, str] = {
    "account_roles": LINK,
    "api_tokens": SECRETS,
    "mail_links": SECRETS,
    "record_hands": SECRETS,
    "venture_members": LINK,
    "booking_founders": LINK,
    "standing_persons": SAME,
    "experts": "an expert's own page tells him what is kept",
    "declared_interests": "an expert's own page tells him what is kept",
    "diagnosis_signatures": "experts and officers sign, founders do not",
    "person_doubles": "a suspicion that names another person",
    "desk_entries": WORK,
    "erasures": "after it nothing is told to anybody",
    "access_entries": "told under who looked, without the address of who did",
}


def told_tables() -> frozenset[str]:
    """Return the tables of which rows are told."""
    return frozenset(part.kind for part in PARTS)


def column_of(part: Part, name: str) -> Any:
    """Return the column of the part's table."""
    return getattr(part.model, name)
