"""Every kind of job and what does it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from app.adapters.carrying import Carriers, Gateway, ShortTransport
from app.adapters.email import Outbox, Transport
from app.adapters.ics import Fetcher, Issuer, Reader, draw
from app.adapters.posting import Poster
from app.domain.attachment import KeptFiles
from app.domain.audit_entry import Checker
from app.domain.busy_calendar import Parcel, Reading
from app.domain.job import DELIVER, ClaimedJob, JobState
from app.domain.message import Errand, Receipt
from app.domain.waiting_list import WaitingKind
from app.domain.webhook import SEND, Call, Reply
from app.jobs.handling import Handler, OutsideHandler, Registry, Work
from app.jobs.make_report import making
from app.jobs.nightly_audit import looking_over
from app.services import (
    accounts,
    action_items,
    activities,
    appeals,
    batches,
    board_posts,
    bookings,
    busy_calendars,
    diagnoses,
    experts,
    follow_ups,
    messages,
    outcomes,
    policy_previews,
    report_files,
    self_audits,
    signals,
    tickets,
    waiting_lists,
    webhooks,
    written_answers,
)
from app.services.jobs import NOTIFY
from app.services.plan import progress
from app.services.proposals import MatcherCache
from app.unit_of_work import UnitOfWork

BROKEN = "batch.broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What else reaches the outside world.

    Attributes:
        sms: carries short messages.
        fetcher: gets calendars.
        poster: posts events to other systems.
        webhook_key: from which the secrets shared with them are made.
        files: where the bytes of attachments lie.
        audit_key: the key that marks entries of the trail, for its nightly proof.
        checker: the public keys of seals.
    """

    sms: ShortTransport | Gateway = field(default_factory=Outbox)
    fetcher: Fetcher = field(default_factory=Fetcher)
    poster: Poster = field(default_factory=Poster)
    webhook_key: bytes = field(default=b"", repr=False)
    files: KeptFiles | None = None
    audit_key: bytes | None = field(default=None, repr=False)
    checker: Checker | None = None


INSIDE = Outside()


def registry(
    transport: Transport,
    base_url: str,
    site_name: str,
    mailbox: str = "no-reply@localhost",
    outside: Outside = INSIDE,
    link_key: bytes | None = None,
) -> Registry:
    """Return what does each kind.

    Args:
        transport: carries letters.
        base_url: where the service is reached, for the links in letters.
        site_name: who signs letters.
        mailbox: the address that invitations name as organiser.
        outside: what else reaches the outside world; by default no message leaves.
        link_key: from which links are made that need no sign-in; without it letters have none.
    """
    matchers = MatcherCache()
    sender = Issuer(base_url, site_name, mailbox)
    return {
        NOTIFY: Handler(messages.notify, together=True),
        DELIVER: _delivering(Carriers(email=transport, sms=outside.sms), sender, link_key),
        SEND: _posting(outside, sender),
        busy_calendars.READ: _reading(Reader(fetcher=outside.fetcher, host=sender.host)),
        "release_hold": Handler(_on_subject(bookings.release)),
        "expire_booking": Handler(_on_subject(bookings.expire)),
        waiting_lists.LAPSE[WaitingKind.EXPERT]: Handler(_on_subject(bookings.lapse_place)),
        waiting_lists.OVER[WaitingKind.EXPERT]: Handler(_on_subject(bookings.lapse_place)),
        waiting_lists.LAPSE[WaitingKind.ACTIVITY]: Handler(_on_subject(activities.lapse_place)),
        waiting_lists.OVER[WaitingKind.ACTIVITY]: Handler(_on_subject(activities.lapse_place)),
        bookings.REOFFER: Handler(_on_subject(bookings.offer_freed)),
        bookings.LAPSE: Handler(_on_subject(bookings.lapse_offer)),
        "expire_written_answer": Handler(_on_subject(written_answers.expire)),
        "expire_board_post": Handler(_on_subject(board_posts.expire)),
        accounts.EXPIRE: Handler(_on_subject(accounts.expire)),
        accounts.FORGET: Handler(lambda uow, _job: accounts.forget_expired(uow)),
        signals.LOOK: _looking(),
        experts.TELL_DUTIES: Handler(experts.tell_duties),
        follow_ups.ASK: Handler(_on_subject(follow_ups.ask)),
        follow_ups.LAPSE: Handler(_on_subject(follow_ups.lapse)),
        "lapse_outcome": Handler(_on_subject(outcomes.lapse)),
        **_reminders(),
        batches.COMPUTE: _computing(matchers),
        **_of_the_books(outside),
        batches.REFRESH: Handler(
            lambda uow, job: batches.refresh_open(uow, _subject(job), matchers.pool(uow))
        ),
    }


def _of_the_books(outside: Outside) -> Registry:
    return {
        report_files.MAKE: making(),
        report_files.FORGET: Handler(_on_subject(report_files.forget)),
        self_audits.LOOK: looking_over(outside.files, outside.audit_key, outside.checker),
        policy_previews.COUNT: _previewing(),
    }


def _looking() -> OutsideHandler:
    """Look for signals; they are computed without a transaction, so nobody waits for it."""
    return OutsideHandler(
        signals.prepare, signals.compute, lambda uow, _job, looked: signals.record(uow, looked)
    )


def _reminders() -> Registry:
    return {
        "remind_answer": Handler(messages.remind_answer),
        "remind_session": Handler(messages.remind_session),
        activities.REMIND: Handler(messages.remind_activity),
        "ask_record": Handler(messages.ask_record),
        "remind_record": Handler(messages.remind_record),
        "remind_confirm": Handler(messages.remind_confirm),
        "remind_reading": Handler(messages.remind_reading),
        tickets.REMIND: Handler(messages.remind_ticket),
        action_items.REMIND: Handler(messages.remind_action_item),
        diagnoses.REMIND_SIGNING: Handler(messages.remind_signing),
        diagnoses.REMIND_PRESENTED: Handler(messages.remind_presented),
        appeals.REMIND: Handler(messages.remind_appeal),
        progress.REMIND: Handler(messages.remind_progress),
    }


def _on_subject(use_case: Callable[[UnitOfWork, UUID], object]) -> Work:
    def work(uow: UnitOfWork, job: ClaimedJob) -> None:
        use_case(uow, _subject(job))

    return work


def _delivering(carriers: Carriers, sender: Issuer, key: bytes | None) -> OutsideHandler:
    desk = messages.Desk(
        base_url=sender.base_url,
        site=sender.name,
        draw=partial(draw, sender),
        link_key=key,
        asked=carriers.asked,
    )

    def prepare(uow: UnitOfWork, job: ClaimedJob) -> Errand | None:
        return messages.hand_over(uow, _subject(job), desk)

    def record(uow: UnitOfWork, job: ClaimedJob, receipt: Receipt) -> None:
        messages.record_receipt(uow, _subject(job), receipt)

    return OutsideHandler(
        prepare,
        carriers.carry,
        record,
        failed=partial(messages.put_back, desk=desk),
        ended=messages.end_letter,
    )


def _posting(outside: Outside, issuer: Issuer) -> OutsideHandler:
    sender = webhooks.Sender(site=issuer.name, base_url=issuer.base_url, key=outside.webhook_key)

    def prepare(uow: UnitOfWork, job: ClaimedJob) -> Call | None:
        return webhooks.prepare(uow, _subject(job), sender)

    def record(uow: UnitOfWork, job: ClaimedJob, reply: Reply) -> None:
        webhooks.record(uow, _subject(job), reply)

    return OutsideHandler(
        prepare, outside.poster.post, record, failed=webhooks.fail, ended=webhooks.give_up
    )


def _reading(reader: Reader) -> OutsideHandler:
    def prepare(uow: UnitOfWork, job: ClaimedJob) -> Parcel | None:
        return busy_calendars.prepare(uow, _subject(job))

    def record(uow: UnitOfWork, job: ClaimedJob, reading: Reading) -> None:
        busy_calendars.record(uow, _subject(job), reading)

    return OutsideHandler(prepare, reader.read, record, ended=busy_calendars.give_up)


def _computing(matchers: MatcherCache) -> OutsideHandler:
    """Take one step of a batch; it computes without a transaction, so nobody waits for it."""

    def prepare(uow: UnitOfWork, job: ClaimedJob) -> Any:
        return batches.prepare(uow, _subject(job), matchers.pool(uow))

    def record(uow: UnitOfWork, _job: ClaimedJob, result: Any) -> None:
        batches.record(uow, result)

    def ended(uow: UnitOfWork, job: ClaimedJob, _state: JobState) -> None:
        batches.fail(uow, _subject(job), BROKEN)

    return OutsideHandler(prepare, batches.compute, record, ended=ended)


def _previewing() -> OutsideHandler:
    """Count one month of a preview; it counts without a transaction, so nobody waits for it."""

    def prepare(uow: UnitOfWork, job: ClaimedJob) -> Any:
        return policy_previews.prepare(uow, _subject(job))

    def record(uow: UnitOfWork, _job: ClaimedJob, counted: Any) -> None:
        policy_previews.record(uow, counted)

    def ended(uow: UnitOfWork, job: ClaimedJob, _state: JobState) -> None:
        policy_previews.fail(uow, _subject(job))

    return OutsideHandler(prepare, policy_previews.compute, record, ended=ended)


def _subject(job: ClaimedJob) -> UUID:
    if job.subject_id is None:
        raise ValueError(f"{job.kind} needs a subject")
    return job.subject_id
