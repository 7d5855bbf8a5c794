"""Every link of every letter, opened by scanners and by its reader: nothing changes by looking."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.db import MachineNow
from app.domain.activity import ActivityKind, Plan
from app.domain.actor import SYSTEM, Actor
from app.domain.expert import ExpertCategory
from app.domain.mail_link import PURPOSES
from app.domain.message import EVENTS, Audience, Letter, Notice
from app.domain.wording import fill
from app.http.actor import current_actor
from app.http.by_link import by_link
from app.http.policy import public
from app.models.account import SignInSession
from app.models.mail_link import MailLink
from app.models.message import Delivery, Message
from app.models.outcome import Outcome
from app.queries.message_texts import letter as written_letter
from app.queries.message_texts import message_texts, written
from app.services import activities, bookings, outcomes, service_sessions, written_answers
from app.unit_of_work import Store, UnitOfWork
from tests.builders import a_mentor, a_need, an_expert
from tests.http.routes import UNKNOWN
from tests.letter_links import SITE, Mailbox, addresses_of, contents, links_of
from tests.moments import at
from tests.services.scene import Scene
from tests.web.links.conftest import FOUNDER, MENTOR

# That a sign-in is in use, and looks at evidence with their entries, are written by decision;
# by no letter's link.
BY_DECISION = frozenset({"sign_in_sessions", "access_entries", "audit_entries"})
# Every wording of a letter asks for some of these.
FACTS = {
    "founder": "李晓",
    "mentor": "张敏",
    "successor": "徐总",
    "reference": "TZ2026-000001",
    "month": "2026-09",
    "number": "2",
    "mode": "onsite",
    "place": "",
    "starts_at": at("09-18 14:00").isoformat(),
    "ends_at": at("09-18 15:00").isoformat(),
    "deadline": at("09-25 00:00").isoformat(),
    "times": at("09-21 15:00").isoformat(),
    "ties_zh": "持股",
    "ties_en": "Equity",
    "cause": "leave",
    "title": "创业补贴怎么申请",
    "why": "报告厅停电",
}


_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Walker:
    """Opens links twice, as nobody and as somebody, and looks whether anything has changed."""

    def __init__(self, app: Flask, store: Store, sign_in: Any, readers: dict[str, Actor]) -> None:
        self.app = app
        self.store = store
        self.nobody = app.test_client()
        self.clients = {
            address: sign_in(app.test_client(), who) for address, who in readers.items()
        }
        self.looked: set[tuple[str, str]] = set()

    def walk(self, address: str, paths: list[str]) -> None:
        for path in paths:
            if (address, path) in self.looked:
                continue
            is_link = path.startswith("/links/")
            before = contents(self.store)
            for client in (self.nobody, self.clients[address]):
                for method in ("GET", "HEAD", "GET"):
                    answer = client.open(path, method=method, buffered=True)
                    assert answer.status_code < 500, path
                    assert not is_link or answer.status_code == 200, path
            changed = {name for name, now in contents(self.store).items() if now != before[name]}
            assert changed <= (frozenset() if is_link else BY_DECISION), (path, changed)
            self.looked.add((address, path))


@pytest.fixture
def walker(app: Flask, scene: Scene, sign_in: Any) -> Walker:
    readers = {FOUNDER: scene.founder, MENTOR: scene.mentor, "officer": scene.officer}
    return Walker(app, scene.store, sign_in, readers)


def on_the_road(scene: Scene) -> Iterator[None]:
    """Play a road with its turnings, stopping wherever letters may have left."""
    booking = scene.request()
    yield
    other = scene.request("09-24 14:00")
    scene.store.execute(scene.mentor, bookings.offer_times, other.id, [at("09-24 15:30")])
    yield
    scene.clock.put(at("09-17 10:30"))
    yield
    scene.store.execute(scene.mentor, bookings.accept, booking.id)
    scene.store.execute(scene.mentor, bookings.offer_times, booking.id, [at("09-21 10:00")])
    yield
    scene.store.execute(scene.founder, bookings.decline_offer, booking.id)
    scene.clock.put(at("09-18 12:00"))
    yield
    scene.clock.put(at("09-18 15:00"))
    yield
    facts = service_sessions.Finish(actual_start=at("09-18 14:00"), actual_end=at("09-18 14:50"))
    scene.store.execute(scene.mentor, service_sessions.finish, scene.session().id, facts)
    scene.clock.put(at("09-21 15:00"))
    yield
    record = outcomes.Record("怎么登记？", "先核名。", [], "advised")
    scene.store.execute(scene.mentor, outcomes.record, scene.session().id, record)
    yield
    scene.clock.put(at("09-23 15:00"))
    yield
    (outcome,) = scene.rows(Outcome)
    scene.clock.put(outcome.confirm_by + timedelta(hours=9))
    yield


def test_no_letter_of_a_played_road_changes_anything_when_its_links_are_opened(
    scene: Scene, mailbox: Mailbox, walker: Walker
) -> None:
    events: set[str] = set()
    walked = 0
    for _ in on_the_road(scene):
        mailbox.work()
        fresh, walked = mailbox.letters[walked:], len(mailbox.letters)
        for each in fresh:
            walker.walk(each.address, addresses_of(each.text))
    events = {row.event for row in scene.rows(Message)}
    assert events >= {
        "booking.requested",
        "booking.answer_due",
        "booking.accepted",
        "service_session.reminded",
        "service_session.over",
        "outcome.record_due",
        "outcome.recorded",
        "outcome.confirm_due",
        "outcome.unconfirmed",
    }
    # Each letter that offers a link has had it opened while it was good.
    offered = {
        row.facts["words"]
        for row in scene.rows(Message)
        for delivery in scene.rows(Delivery, Delivery.message_id == row.id)
        if scene.rows(MailLink, MailLink.delivery_id == delivery.id)
    }
    assert offered == {words for terms in PURPOSES.values() for words in terms.carried_by}
    assert len([path for _, path in walker.looked if path.startswith("/links/")]) >= len(offered)
    assert {row.used_at for row in scene.rows(MailLink)} == {None}


@pytest.fixture
def pages(scene: Scene) -> dict[str, str]:
    """The keys of pages that letters lead to, each of something that is there."""
    scene.recorded()
    session = scene.session()
    official = an_expert(scene.store, category=ExpertCategory.OFFICIAL, name="田野")
    a_mentor(scene.store, official)
    asked = a_need(scene.store, scene.founder.person_id)
    answer = scene.store.execute(
        scene.founder, written_answers.ask, asked.id, official.id, "个体户办营业执照要带哪些材料？"
    )
    plan = Plan(
        kind=ActivityKind.LECTURE,
        title="创业补贴怎么申请",
        summary="讲清条件与材料。",
        starts_at=at("10-12 09:00"),
        ends_at=at("10-12 10:30"),
        experts=(scene.expert.id,),
        department="hrss",
        place="区人社局一楼报告厅",
        seat_total=80,
    )
    activity = scene.store.execute(scene.officer, activities.announce, plan)
    # Of what this road has not got, the page says that there is none.
    hrefs = [row.href for rows in EVENTS.values() for row in rows]
    unknown = {name: str(UNKNOWN) for href in hrefs for name in _PLACEHOLDER.findall(href)}
    return unknown | {
        "booking_id": str(session.booking_id),
        "session_id": str(session.id),
        "need_id": str(session.need_id),
        "reference": session.reference,
        "expert_id": str(scene.expert.id),
        "answer_id": str(answer.id),
        "activity_id": str(activity.id),
    }


def facts_for(words: str) -> dict[str, str]:
    """Return whatever the wording may ask for; what no fact of the road says is said by a word."""
    asked = _PLACEHOLDER.findall(message_texts()[words]["zh"]["text"])
    return {name: "某事" for name in asked if name not in ("when", "where", "ties")} | FACTS


def letter_of(notice: Notice, words: str, pages: dict[str, str]) -> Letter:
    title, text = written_letter(
        written(words, facts_for(words), "zh"),
        "李晓",
        f"{SITE}{fill(notice.href, pages)}",
        "历城创业导师",
    )
    return Letter(key="k", address=reader_of(notice), title=title, text=text)


def reader_of(notice: Notice) -> str:
    if notice.to in (Audience.OFFICERS, Audience.MAKER):
        return "officer"
    return (
        FOUNDER if notice.to in (Audience.FOUNDER, Audience.COMPANIONS, Audience.SEATED) else MENTOR
    )


def test_no_letter_of_any_event_changes_anything_when_its_links_are_opened(
    walker: Walker, pages: dict[str, str]
) -> None:
    by_mail = [(event, row) for event, rows in EVENTS.items() for row in rows if row.by_mail]
    assert len({event for event, _ in by_mail}) > 60
    for event, row in by_mail:
        for words in filter(None, (row.words, row.passed_on)):
            letter = letter_of(row, words, pages)
            paths = addresses_of(letter.text)
            assert paths, event
            walker.walk(letter.address, paths)
    assert len(walker.looked) > 15


def test_the_walk_would_see_a_link_spent_by_looking(
    app: Flask, scene: Scene, mailbox: Mailbox, walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.request()
    letter = mailbox.letter(MENTOR, "想约您")
    good = app.view_functions["links.look"]

    def spend(uow: UnitOfWork) -> None:
        (link,) = uow.all(select(MailLink))
        link.used_at, link.done = uow.now, "accepted"

    @public
    @by_link
    def look(token: str) -> Any:
        scene.store.execute(SYSTEM, spend)
        return good(token)

    monkeypatch.setitem(app.view_functions, "links.look", look)
    with pytest.raises(AssertionError, match="mail_links"):
        walker.walk(MENTOR, links_of(letter))


def test_the_walk_would_see_a_sign_in_noted_by_a_letters_link(
    app: Flask, scene: Scene, mailbox: Mailbox, walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.request()
    letter = mailbox.letter(MENTOR, "想约您")
    a_day_ago = update(SignInSession).values(last_seen_at=MachineNow(-600))
    scene.store.execute(SYSTEM, lambda uow: uow.session.execute(a_day_ago))
    walker.walk(MENTOR, links_of(letter))
    walker.looked.clear()

    @public
    def look(token: str) -> Any:
        return current_actor().name

    monkeypatch.setitem(app.view_functions, "links.look", look)
    with pytest.raises(AssertionError, match="sign_in_sessions"):
        walker.walk(MENTOR, links_of(letter))
