"""Each expert of a panel answers for himself from his own letter."""

import pytest
from flask.testing import FlaskClient

from app.domain.booking import BookingStatus
from app.models.booking import Booking
from app.models.service_session import ServiceSession
from tests.letter_links import Mailbox, press
from tests.panel_meeting import Table, lay_table
from tests.scenes import Plays
from tests.services.scene import give_email


@pytest.fixture
def plays() -> Plays:
    return {"table": lay_table}


@pytest.fixture
def table(scene: Table) -> Table:
    for number, expert in enumerate(scene.experts):
        give_email(scene.store, expert.person_id, f"expert{number}@example.org")
    return scene


@pytest.fixture
def mailbox(table: Table) -> Mailbox:
    return Mailbox(table.store)


def test_each_answers_for_himself_and_the_quorum_makes_the_meeting(
    table: Table, client: FlaskClient, mailbox: Mailbox
) -> None:
    booking: Booking = table.requested(quorum=2)
    links = [mailbox.link(f"expert{number}@example.org", "想约您") for number in (0, 1, 2)]
    assert len(set(links)) == 3
    assert press(client, links[0], do="accept").status_code == 303
    assert table.booking(booking).status is BookingStatus.REQUESTED
    assert press(client, links[1], do="decline", reason="m_overload").status_code == 303
    assert set(table.answers(booking).values()) == {"accepted", "declined", "invited"}
    assert "您已答复“不方便”" in client.get(links[1]).text
    assert press(client, links[2], do="accept").status_code == 303
    assert table.booking(booking).status is BookingStatus.ACCEPTED
    assert len(table.rows(ServiceSession)) == 1
