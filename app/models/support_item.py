"""Support items of founders, and the lists of those supported before there was a service."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import on_violation
from app.domain.checking import TwoHands
from app.domain.plan import CheckedError, CheckStatus, KnownError, SameHandsError, SupportKind
from app.models.base import Base, Ledger, Prose, enum_of, references
from app.models.checked import Checked

_QUANTITY = "(kind IN ('loan', 'subsidy', 'jobs')) = (quantity IS NOT NULL)"


class SupportItem(Checked):
    """What a founder was given or brought about, entered by one officer and checked by another.

    `quantity` is in fen, or in heads for jobs. A wrong one is put right by a row that names it in
    `replaces_id`; `is_void` says that there was nothing at all.
    """

    __tablename__ = "support_items"
    __table_args__ = (
        CheckConstraint("kind <> 'service'", name="kind"),
        CheckConstraint(_QUANTITY, name="quantity"),
        CheckConstraint("quantity > 0", name="some"),
        CheckConstraint("NOT is_void OR replaces_id IS NOT NULL", name="void"),
        CheckConstraint("(status = 'proposed') = (checked_at IS NULL)", name="checked"),
        Index(
            "uq_support_items_document",
            "kind",
            "person_id",
            "document",
            unique=True,
            sqlite_where=text("status <> 'refused' AND replaces_id IS NULL"),
            postgresql_where=text("status <> 'refused' AND replaces_id IS NULL"),
        ),
        Index(
            "uq_support_items_replaces",
            "replaces_id",
            unique=True,
            sqlite_where=text("status <> 'refused'"),
            postgresql_where=text("status <> 'refused'"),
        ),
        Index("ix_support_items_status_kind", "status", "kind"),
    )
    HANDS = TwoHands(CheckStatus.PROPOSED, SameHandsError, CheckedError)
    PRIVATE = frozenset({"document", "note", "answer"})

    kind: Mapped[SupportKind] = mapped_column(enum_of(SupportKind))
    person_id: Mapped[UUID] = references("persons")
    venture_id: Mapped[UUID | None] = references("ventures", index=False)
    done_on: Mapped[date]
    quantity: Mapped[int | None] = mapped_column(BigInteger)
    document: Mapped[str]
    note: Mapped[Prose | None]
    replaces_id: Mapped[UUID | None] = references("support_items", index=False)
    is_void: Mapped[bool] = mapped_column(default=False)
    status: Mapped[CheckStatus] = mapped_column(enum_of(CheckStatus))
    answer: Mapped[Prose | None]


class OpeningList(Checked):
    """A list of what was done before there was a service 期初名单, with the paper it comes from."""

    __tablename__ = "opening_lists"
    __table_args__ = (
        CheckConstraint("(status = 'proposed') = (checked_at IS NULL)", name="checked"),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        CheckConstraint("row_count > 0", name="rows"),
        Index(
            "uq_opening_lists_content_sha256",
            "content_sha256",
            unique=True,
            sqlite_where=text("status IN ('proposed', 'approved')"),
            postgresql_where=text("status IN ('proposed', 'approved')"),
        ),
    )
    HANDS = TwoHands(CheckStatus.PROPOSED, SameHandsError, CheckedError)
    PRIVATE = frozenset({"document", "file_name", "answer"})

    document: Mapped[str]
    file_name: Mapped[str]
    content_sha256: Mapped[str] = mapped_column(String(64))
    row_count: Mapped[int]
    status: Mapped[CheckStatus] = mapped_column(enum_of(CheckStatus))
    withdrawn_at: Mapped[datetime | None]
    answer: Mapped[Prose | None]


class OpeningRow(Ledger, Base):
    """One line of a list; of the numbers that stood in it only marks are kept.

    `person_id` is whom it was matched with; nothing else of it ever changes.
    """

    __tablename__ = "opening_rows"
    __table_args__ = (
        UniqueConstraint("opening_list_id", "number"),
        CheckConstraint(_QUANTITY, name="quantity"),
        CheckConstraint("quantity > 0", name="some"),
        CheckConstraint("number_mac IS NOT NULL OR phone_mac IS NOT NULL", name="key"),
        CheckConstraint("(person_id IS NULL) = (matched_at IS NULL)", name="matched"),
    )
    PRIVATE = frozenset({"name", "document"})

    opening_list_id: Mapped[UUID] = references("opening_lists", index=False)
    number: Mapped[int]
    name: Mapped[str]
    number_mac: Mapped[str | None] = mapped_column(String(64))
    phone_mac: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[SupportKind] = mapped_column(enum_of(SupportKind))
    done_on: Mapped[date]
    quantity: Mapped[int | None] = mapped_column(BigInteger)
    document: Mapped[str]
    person_id: Mapped[UUID | None] = references("persons")
    matched_at: Mapped[datetime | None]


on_violation(
    KnownError,
    "uq_support_items_document",
    "support_items.kind, support_items.person_id, support_items.document",
)
on_violation(KnownError, "uq_support_items_replaces", "support_items.replaces_id")
on_violation(KnownError, "uq_opening_lists_content_sha256", "opening_lists.content_sha256")
