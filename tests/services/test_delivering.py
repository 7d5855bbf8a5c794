"""Messages on their way outside, with carriers that are away, silent, or forgetful."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from app.adapters.email import Outbox, Transport, smtp_transport
from app.adapters.sms import sms_gateway
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.errors import ConflictError
from app.domain.job import DELIVER, DeliveryState, JobState
from app.domain.message import Channel
from app.jobs.registry import Outside, registry
from app.jobs.worker import Worker
from app.models.account import Account
from app.models.job import Job
from app.models.message import Delivery, Message
from app.models.person import Person
from app.queries.outbox import backlogs, outbox, resendable
from app.services import bookings, messages
from app.unit_of_work import UnitOfWork
from tests import sms_gateway as fake
from tests.builders import staff
from tests.moments import START
from tests.scenes import Plays
from tests.services.scene import SITE, Scene, set_scene

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PHONE = "138 0000 1111"


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


@pytest.fixture
def provider() -> Iterator[fake.SmsGateway]:
    with fake.sms_gateway() as running:
        yield running


@dataclass
class Post:
    """Works with the given carriers, and moves the clock on while something waits."""

    scene: Scene
    email: Transport
    sms_url: str | None = None

    def work(self) -> None:
        sms = sms_gateway(self.sms_url) if self.sms_url else Outbox()
        kinds = registry(self.email, SITE, "历城创业导师", outside=Outside(sms=sms))
        Worker(self.scene.store, kinds).work()

    def until(self, done: Callable[[], bool], longest: timedelta = timedelta(days=4)) -> None:
        """Work at each moment that something is due, until what was wanted has come about."""
        clock = self.scene.clock
        end = clock.now() + longest
        self.work()
        while not done() and clock.now() < end:
            ready = self.scene.rows(Job, Job.kind == DELIVER, Job.state == JobState.READY)
            if not ready:
                break
            clock.put(max(clock.now(), min(job.run_at for job in ready)))
            self.work()
        assert done(), [(row.state, row.reason) for row in self.scene.rows(Delivery)]


@dataclass
class Texting(Post):
    """One short message to the founder."""

    key: object = None

    @property
    def delivery(self) -> Delivery:
        (row,) = self.scene.rows(Delivery, Delivery.id == self.key)
        return row

    @property
    def stands(self) -> tuple[str, str | None]:
        return self.delivery.state.value, self.delivery.reason

    def settled(self) -> bool:
        return self.delivery.state in (DeliveryState.ACCEPTED, DeliveryState.DELIVERED)


def plan_text(scene: Scene, phone: str = PHONE, until: datetime | None = None) -> Delivery:
    def use_case(uow: UnitOfWork) -> Delivery:
        message = uow.add(
            Message(
                account_id=scene.founder.account_id,
                event="booking.accepted",
                subject_id=scene.expert.id,
                revision=1,
                title="张敏接受了您的预约",
                text="见面时间已定。",
                href="/bookings/1",
                facts={"words": "letter", "name": "李晓"},
                created_at=uow.now,
            )
        )
        plan = messages.Plan(channel=Channel.SMS, address=phone, until=until)
        return messages.plan_delivery(uow, message, plan)

    return scene.store.execute(SYSTEM, use_case)


@pytest.fixture
def texting(scene: Scene, provider: fake.SmsGateway) -> Texting:
    return Texting(scene, Outbox(), provider.url, key=plan_text(scene).id)


def test_a_short_message_is_sent_signed_cut_and_once(
    texting: Texting, provider: fake.SmsGateway
) -> None:
    texting.work()
    texting.work()
    assert texting.stands == ("accepted", None)
    assert provider.messages == [
        {
            "out_id": texting.delivery.provider_key,
            "phone": "13800001111",
            "text": f"【历城创业导师】张敏接受了您的预约 {SITE}/bookings/1",
        }
    ]
    with texting.scene.store.read(staff(texting.scene.store)) as reader:
        (shown,) = outbox(reader, SITE, "历城创业导师").items
    assert (shown.channel, shown.text) == (Channel.SMS, provider.messages[0]["text"])


def test_without_a_gateway_short_messages_rest_in_the_outbox(scene: Scene) -> None:
    post = Texting(scene, Outbox(), key=plan_text(scene).id)
    post.work()
    assert post.stands == ("delivered", None)


def test_a_number_that_short_messages_do_not_reach_is_kept_as_skipped(scene: Scene) -> None:
    row = plan_text(scene, phone="0531-8888 1234")
    assert (row.state, row.reason) == (DeliveryState.SKIPPED, "no_mobile")
    assert scene.rows(Job, Job.kind == DELIVER) == []


@pytest.mark.parametrize("act", ["silent", "broken_after"])
def test_what_may_have_been_taken_is_asked_after_and_never_sent_again(
    texting: Texting, provider: fake.SmsGateway, act: str
) -> None:
    provider.acts_to_come.append(act)
    provider.reports.extend(["pending", "busy"])
    texting.work()
    assert texting.delivery.state is DeliveryState.UNKNOWN
    assert provider.questions == 0
    texting.until(texting.settled)
    assert texting.stands == ("delivered", None)
    assert provider.questions == 3
    assert list(provider.taken.values()) == [1]


def test_what_the_gateway_never_had_is_sent_under_the_same_key(
    texting: Texting, provider: fake.SmsGateway
) -> None:
    provider.acts_to_come.append("lost")
    texting.until(texting.settled)
    assert provider.questions == 1
    assert provider.taken == {texting.delivery.provider_key: 1}


def test_what_a_dead_worker_was_sending_is_asked_after(
    texting: Texting, provider: fake.SmsGateway
) -> None:
    provider.take({"out_id": texting.delivery.provider_key})

    def as_left_behind(uow: UnitOfWork) -> None:
        uow.session.execute(update(Delivery).values(state=DeliveryState.SENDING))

    texting.scene.store.execute(SYSTEM, as_left_behind)
    texting.work()
    assert texting.stands == ("delivered", None)
    assert list(provider.taken.values()) == [1]


def test_control_a_gateway_that_is_not_asked_is_given_it_twice(
    texting: Texting, provider: fake.SmsGateway
) -> None:
    class Blind:
        """Hands over like the gateway, and cannot be asked."""

        send = staticmethod(sms_gateway(provider.url).send)

    provider.acts_to_come.append("silent")
    kinds = registry(Outbox(), SITE, "站", outside=Outside(sms=Blind()))
    for _ in range(2):
        Worker(texting.scene.store, kinds).work()
        texting.scene.clock.put(texting.scene.clock.now() + HOUR)
    assert list(provider.taken.values()) == [2]


def test_a_report_of_failure_ends_it_as_failed(texting: Texting, provider: fake.SmsGateway) -> None:
    provider.acts_to_come.append("silent")
    provider.reports.append("failed")
    texting.until(lambda: texting.delivery.state is DeliveryState.FAILED)
    assert texting.stands == ("failed", "refused: ")


def test_a_gateway_that_never_says_leaves_it_unknown_for_an_officer(
    texting: Texting, provider: fake.SmsGateway
) -> None:
    provider.acts_to_come.append("silent")
    provider.reports.extend(["pending"] * 500)
    began = texting.scene.clock.now()
    texting.work()
    with pytest.raises(ConflictError):
        # It may still turn out to have arrived.
        texting.scene.store.execute(
            staff(texting.scene.store), messages.resend, texting.delivery.id
        )
    texting.until(lambda: texting.stands == ("unknown", "carrier_silent"))
    assert texting.scene.clock.now() - began > timedelta(days=1)
    assert list(provider.taken.values()) == [1]


def test_what_says_nothing_any_more_is_not_sent_but_what_was_sent_is_asked_after(
    scene: Scene, provider: fake.SmsGateway
) -> None:
    late = Texting(scene, Outbox(), provider.url, key=plan_text(scene, until=START + HOUR).id)
    provider.acts_to_come.append("silent")
    provider.reports.append("pending")
    late.work()
    scene.clock.put(START + 2 * HOUR)
    late.until(late.settled)
    assert late.stands == ("delivered", None)


def test_a_message_the_gateway_never_had_is_not_sent_too_late(
    scene: Scene, provider: fake.SmsGateway
) -> None:
    late = Texting(scene, Outbox(), provider.url, key=plan_text(scene, until=START + HOUR).id)
    provider.acts_to_come.append("lost")
    late.work()
    scene.clock.put(START + 2 * HOUR)
    late.until(lambda: late.stands == ("expired", "too_late"))
    assert not provider.taken


def test_a_closed_account_is_sent_nothing(texting: Texting, provider: fake.SmsGateway) -> None:
    def close(uow: UnitOfWork) -> None:
        uow.session.execute(
            update(Account)
            .where(Account.id == texting.scene.founder.account_id)
            .values(is_active=False)
        )

    texting.scene.store.execute(SYSTEM, close)
    texting.work()
    assert texting.stands == ("skipped", "account_closed")
    assert not provider.taken


def away() -> Transport:
    return smtp_transport(f"smtp://127.0.0.1:{fake.closed_port()}", "站", SITE)


def seen(scene: Scene, actor: Actor) -> list[tuple[str, int, datetime]]:
    with scene.store.read(actor) as reader:
        return [(each.channel.value, each.count, each.since) for each in backlogs(reader)]


def test_while_the_mail_server_is_away_bookings_go_on_and_the_letters_wait(scene: Scene) -> None:
    post = Post(scene, away())
    booking = scene.request()
    post.work()
    (letter,) = scene.rows(Delivery)
    assert letter.state is DeliveryState.PLANNED
    assert letter.reason.startswith("carrier_away: ")
    since = ("email", 1, START)
    for role in (Role.OFFICER, Role.SYS_ADMIN):
        assert seen(scene, staff(scene.store, role)) == [since]
    scene.store.execute(scene.mentor, bookings.accept, booking.id)
    scene.clock.put(START + 21 * MINUTE)
    # Longer than eight tries last.
    for _ in range(30):
        post.work()
        scene.clock.put(scene.clock.now() + MINUTE)
    # The request itself has been answered meanwhile, and its letter is not sent any more.
    states = {DeliveryState.PLANNED, DeliveryState.SKIPPED}
    assert {row.state for row in scene.rows(Delivery)} == states
    back, arrived = Post(scene, Outbox()), {DeliveryState.DELIVERED, DeliveryState.SKIPPED}
    back.until(lambda: {row.state for row in scene.rows(Delivery)} == arrived)
    assert seen(scene, scene.officer) == []


def test_letters_wait_a_day_and_then_have_failed_not_become_unknown(scene: Scene) -> None:
    post = Post(scene, away())
    scene.request()
    post.work()
    (first,) = scene.rows(Delivery)

    def letter() -> Delivery:
        (row,) = scene.rows(Delivery, Delivery.id == first.id)
        return row

    post.until(lambda: letter().state is not DeliveryState.PLANNED)
    assert (letter().state, letter().reason) == (DeliveryState.FAILED, "given_up")
    assert letter().updated_at - START >= timedelta(days=1)


def test_all_that_failed_is_sent_once_more_and_only_once(scene: Scene) -> None:
    accepted = scene.accepted()
    scene.work()
    operator = staff(scene.store, Role.SYS_ADMIN)

    def fail(uow: UnitOfWork) -> None:
        uow.session.execute(update(Delivery).values(state=DeliveryState.FAILED))
        uow.session.execute(
            update(Person).where(Person.id == scene.founder.person_id).values(email="new@x.cn")
        )

    scene.store.execute(SYSTEM, fail)
    count = len(scene.rows(Delivery))
    assert count > 1, accepted
    with scene.store.read(operator) as reader:
        assert resendable(reader) == {(Channel.EMAIL, DeliveryState.FAILED): count}
    resend = (messages.resend_all, Channel.EMAIL, DeliveryState.FAILED)
    assert scene.store.execute(operator, *resend) == (count, 0)
    assert scene.store.execute(operator, *resend) == (0, 0)
    again = scene.rows(Delivery, Delivery.series == 2)
    assert len(again) == count
    assert "new@x.cn" in {row.address for row in again}
    scene.work()
    # What was asked has been answered, so that the request is of no use any more.
    assert {row.state for row in scene.rows(Delivery, Delivery.series == 2)} == {
        DeliveryState.DELIVERED,
        DeliveryState.SKIPPED,
    }
    with pytest.raises(ConflictError):
        scene.store.execute(operator, messages.resend_all, Channel.EMAIL, DeliveryState.SKIPPED)
