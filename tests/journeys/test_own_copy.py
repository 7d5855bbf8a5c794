"""Scenario 11, step 5, first half: 钱大妈 asks for a copy of her data, and gets all of it."""

import json
import re
from html import unescape

import pytest
from sqlalchemy import Column, Table

from app.db import metadata
from app.models.message import Message
from app.models.need import Need
from app.models.outcome import OutcomeVersion, Rating
from app.queries.own_data import parts
from app.web.shared import own_copy_words
from app.web.shared.own_copy_words.fields import FIELDS
from tests.builders import keep
from tests.journeys.qian import GROUP, PHONE, Qian, an_autumn
from tests.moments import at
from tests.scenes import Plays
from tests.serving import app, serve, sign_in
from tests.web.bureau.conftest import enter

__all__ = ["app", "enter", "serve", "sign_in"]

PAGE, FILE = "/me/data/copy", "/me/data/copy.json"
# Columns that say which of the bureau's people did something, or to whom a letter went.
_OFFICIALS = re.compile(r"(_by|officer|owner|author|drawn_by|taken_by|entered_by)_id$")


@pytest.fixture
def plays() -> Plays:
    return {"qian": an_autumn}


@pytest.fixture
def qian(scene: Qian) -> Qian:
    return scene


def _told(text: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", text))


def test_the_copy_holds_every_kind_of_row_about_her_and_nobody_elses(qian, enter) -> None:
    outcome = qian.district.outcome_of(qian.september)
    account = qian.she.actor.account_id
    message = Message(
        account_id=account,
        event="booking.accepted",
        subject_id=qian.september.id,
        revision=99,
        title="已约好",
        text="9月18日下午两点，请带身份证。",
        href="/bookings",
        facts={},
        created_at=at("09-17 09:00"),
    )
    keep(qian.store, message)
    enter(qian.desk.clerk).get(f"/bureau/desk/people/{qian.she.person_id}")
    her = enter(qian.she.actor)

    taken = her.client.get(FILE)

    assert "my-data.json" in taken.headers["Content-Disposition"]
    held = json.loads(taken.get_data(as_text=True))
    kinds = {each["kind"]: each["rows"] for rows in held["sections"].values() for each in rows}
    need = qian.district.rows(Need, Need.person_id == qian.she.person_id)[0]
    version = qian.district.rows(OutcomeVersion, OutcomeVersion.outcome_id == outcome.id)[0]
    assert kinds["persons"][0]["phone"] == PHONE
    assert kinds["founder_groups"][0]["code"] == "hardship_employment"
    assert {row["purpose"] for row in kinds["consents"]} == {"service", "sensitive_group"}
    assert need.text in {row["text"] for row in kinds["needs"]}
    assert len(kinds["bookings"]) == len(kinds["service_sessions"]) == 2
    assert version.advice in {row["advice"] for row in kinds["outcome_versions"]}
    assert len(kinds["confirmations"]) == 2
    assert "9月18日下午两点，请带身份证。" in {row["text"] for row in kinds["messages"]}
    who = [row["who"] for row in kinds["access_entries"]]
    assert ["street_liaison"] in who
    assert qian.desk.clerk.name not in taken.get_data(as_text=True)
    for other in ("赵大爷", "13700009999"):
        assert other not in taken.get_data(as_text=True)

    # The page says the same in words, each value of the file in it.
    page = _told(her.get(PAGE))
    for words in (PHONE, GROUP, "张敏", need.text, version.advice, "谁看过您的资料", "街道"):
        assert words in page, words
    for code in ("hardship_employment", "sensitive_group", "None"):
        assert code not in page


def test_it_is_made_for_her_alone_and_the_desk_prints_it_within_reach(qian, enter) -> None:
    page = f"/bureau/desk/people/{qian.she.person_id}/copy"
    assert PHONE in enter(qian.desk.clerk).get(page)
    enter(qian.desk.stranger).get(page, 404)
    enter(qian.desk.mentor.actor).get(page, 403)
    neighbour = enter(qian.neighbour.actor)
    assert PHONE not in neighbour.get(PAGE)
    for who in (qian.desk.mentor.actor, qian.desk.clerk):
        enter(who).get(PAGE, 403)


def test_a_rating_is_told_to_who_gave_it_alone(qian, enter) -> None:
    outcome = qian.district.outcome_of(qian.october)
    given = {"outcome_id": outcome.id, "person_id": qian.she.person_id}
    keep(qian.store, Rating(**given, score=5, created_at=at("10-16 09:00")))
    assert '"ratings"' in enter(qian.she.actor).client.get(FILE).text
    assert '"ratings"' not in enter(qian.neighbour.actor).client.get(FILE).text


def _leads_to_a_person(table: Table, column: Column) -> bool:
    targets = {key.column.table.name for key in column.foreign_keys}
    if _OFFICIALS.search(column.name) and column.name != "opened_by_id":
        return False
    return "persons" in targets or ("accounts" in targets and column.name == "account_id")


def test_every_table_that_leads_to_a_person_is_told_or_left_out_for_a_reason() -> None:
    leading = {
        table.name
        for table in metadata.tables.values()
        for column in table.columns
        if _leads_to_a_person(table, column)
    }
    assert "needs" in leading
    known = parts.told_tables() | parts.LEFT_OUT.keys()
    assert leading - known == set()
    assert parts.LEFT_OUT.keys() & parts.told_tables() == set()


def test_every_kind_and_field_of_a_copy_has_a_name() -> None:
    fields = {name.removesuffix("_id") for part in parts.PARTS for name in part.columns}
    assert fields - FIELDS.keys() == set()
    assert parts.told_tables() - own_copy_words.KINDS.keys() == set()
    assert own_copy_words.SECTIONS.keys() == set(parts.Section)
