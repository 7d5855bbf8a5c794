"""Letters as a real mail server receives them, through its faults and ours."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from app.adapters.email import smtp_transport
from app.domain.job import DELIVER, DeliveryState, JobState
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.job import Job
from app.models.message import Delivery
from tests.calendar_readers import read_by_all
from tests.jobs.mail_server import HANGS_UP, MailServer, mail_server
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import SITE, Scene, set_scene

FOUNDER, MENTOR = "founder@example.org", "mentor@example.org"


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def deliver(scene: Scene, server: MailServer) -> None:
    post = smtp_transport(server.url, "历城创业导师", SITE)
    Worker(scene.store, registry(post, SITE, "历城创业导师", "service@example.org")).work()


def deliver_all(scene: Scene, server: MailServer) -> None:
    """Deliver, and go on whenever a letter is due again."""
    deliver(scene, server)
    while waiting := scene.rows(Job, Job.kind == DELIVER, Job.state == JobState.READY):
        scene.clock.put(max(scene.clock.now(), min(job.run_at for job in waiting)))
        deliver(scene, server)


def calendar_of(mail: EmailMessage) -> list[bytes]:
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    contents = [part.get_payload(decode=True) for part in parts]
    return [content for content in contents if isinstance(content, bytes)]


def the_only_letter(scene: Scene) -> Delivery:
    (letter,) = scene.rows(Delivery)
    return letter


def test_both_sides_receive_text_html_and_an_invitation_that_three_readers_read(
    scene: Scene, server: MailServer
) -> None:
    booking = scene.accepted("09-21 14:00")
    deliver_all(scene, server)
    invited = {mail["To"]: mail for mail in server.mails if calendar_of(mail)}
    assert invited.keys() == {FOUNDER, MENTOR}
    for mail in invited.values():
        assert mail.get_content_type() == "multipart/mixed"
        plain, rich = mail.get_body(["plain"]), mail.get_body(["html"])
        assert plain is not None
        assert rich is not None
        assert f"{SITE}/" in plain.get_content()
        assert f'<a href="{SITE}/' in rich.get_content()
        shown, kept = calendar_of(mail)
        assert shown == kept
    read = read_by_all([calendar_of(mail)[0] for mail in invited.values()])
    assert {calendar["method"] for calendar in read} == {"REQUEST"}
    for calendar in read:
        (entry,) = calendar["entries"]
        assert entry["uid"] == f"{booking.id}@example.org"
        assert entry["starts_at"] == at("09-21 14:00").isoformat()
    keys = {letter.provider_key for letter in scene.rows(Delivery)}
    named = {mail["Message-ID"].strip("<>").partition("@")[0] for mail in server.mails}
    assert named <= keys
    assert len(named) == len(server.mails)


def test_a_server_that_dies_before_it_answers_gets_the_same_letter_again(
    scene: Scene, server: MailServer
) -> None:
    server.data_answers.extend([HANGS_UP, HANGS_UP])
    scene.request()
    deliver(scene, server)
    assert the_only_letter(scene).state is DeliveryState.SENDING
    deliver_all(scene, server)
    assert the_only_letter(scene).state is DeliveryState.ACCEPTED
    assert len(server.raw) == 3
    assert len({mail["Message-ID"] for mail in server.mails}) == 1
    assert len({mail.get_body(["plain"]).get_content() for mail in server.mails}) == 1


def test_a_server_that_asks_for_patience_gets_the_letter_later(
    scene: Scene, server: MailServer
) -> None:
    server.data_answers.append("451 greylisted")
    scene.request()
    deliver(scene, server)
    letter = the_only_letter(scene)
    assert (letter.state, letter.reason) == (DeliveryState.PLANNED, "carrier_busy: 451 greylisted")
    deliver_all(scene, server)
    assert the_only_letter(scene).state is DeliveryState.ACCEPTED
    assert len(server.raw) == 1


def test_a_letter_refused_for_good_is_not_tried_again(scene: Scene, server: MailServer) -> None:
    server.data_answers.append("550 not wanted")
    scene.request()
    deliver_all(scene, server)
    letter = the_only_letter(scene)
    assert (letter.state, letter.reason) == (DeliveryState.FAILED, "refused: 550 not wanted")
    assert server.raw == []
