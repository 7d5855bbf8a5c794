"""Scenario 11, step 4: 钱大妈 takes back her consent for the sensitive group.

The tag goes at once, what was published stays to the byte, the open month is counted without it,
and nothing that is kept for ever has ever named it.
"""

import json
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, create_engine, select

from app.domain.actor import SYSTEM
from app.domain.calendar import Month
from app.domain.service_record import split_persons
from app.models.audit_entry import AuditEntry
from app.models.consent import ConsentWithdrawal
from app.models.period import Adjustment, Period, PublishedFigure, PublishedGroups
from app.models.person import FounderGroup
from app.models.service_record import ServiceRecord
from app.queries.service_counts.decisions import of_month
from app.queries.service_counts.seals import by_group
from app.services import audit_entries, persons
from tests.builders import staff
from tests.bundles import exported, seal, verdict
from tests.journeys.qian import CODE, GROUP, OCTOBER, SEPTEMBER, Qian, an_autumn
from tests.scenes import Plays
from tests.serving import app, bearer, serve, sign_in
from tests.web.bureau.conftest import enter

__all__ = ["app", "bearer", "enter", "serve", "sign_in"]

CONSENT = "/me/data/consent"
SHEET = {"kind": "thumbprint", "given_on": "2026-10-16", "filed_at": "档案柜 3-13"}
# What says which group somebody is of, and what closed a month with it as a sum.
MAY_NAME_IT = {"founder_groups", "terms", "published_groups"}


@pytest.fixture
def plays() -> Plays:
    return {"qian": an_autumn}


@pytest.fixture
def qian(scene: Qian) -> Qian:
    return scene


@pytest.fixture
def raw(database_url: str) -> Any:
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def table(qian: Qian, month: Month) -> dict[str, tuple[int, int]]:
    """Return 人次 and 人数 of a month by group, as counted now."""
    with qian.store.read(qian.district.officer) as reader:
        decisions = [version.decision for version in of_month(reader, month).values()]
        found = split_persons(by_group(reader, decisions), month)
    return {code: (part.person_times, part.distinct_persons) for code, part in found.items()}


def frozen(qian: Qian) -> str:
    """Return every row of the closed month as text."""
    rows = []
    for model in (Period, PublishedFigure, PublishedGroups, Adjustment):
        rows += qian.district.rows(model)
    rows += qian.district.rows(ServiceRecord, ServiceRecord.month == str(SEPTEMBER))
    return "\n".join(
        json.dumps({c.name: str(getattr(row, c.name)) for c in row.__table__.columns})
        for row in rows
    )


def tables_naming_it(raw: Engine) -> set[str]:
    """Return the tables in any row of which the group stands, by code or in words."""
    held = MetaData()
    held.reflect(raw)
    with raw.connect() as connection:
        return {
            table.name
            for table in held.tables.values()
            for row in connection.execute(select(table))
            if any(word in str(value) for value in row for word in (CODE, GROUP))
        }


def faults(qian: Qian) -> list[Any]:
    with qian.store.read(SYSTEM) as reader:
        return list(audit_entries.verify(reader, qian.store.audit_key()).faults)


def test_she_takes_it_back_herself_and_closed_months_do_not_move(qian, enter) -> None:
    assert table(qian, SEPTEMBER) == table(qian, OCTOBER) == {CODE: (2, 2)}
    before, october = frozen(qian), qian.district.measures(OCTOBER).own
    bundle = exported(qian.store)
    her = enter(qian.she.actor)
    assert GROUP in her.get("/me/data")
    assert "已经结账公布的数字不变" in her.get(CONSENT)

    assert her.post(CONSENT).location == "/me/data"

    assert GROUP not in her.get("/me/data")
    left = qian.district.rows(FounderGroup)
    assert [row.person_id for row in left] == [qian.neighbour.person_id]
    withdrawal = qian.district.one(ConsentWithdrawal)
    assert (withdrawal.kind, withdrawal.consent_id is not None) == ("online", True)
    # Closed: every row as it was, also the bundle; open: counted without it, the total as before.
    assert frozen(qian) == before
    assert table(qian, OCTOBER) == {CODE: (1, 1), "unverified": (1, 1)}
    assert qian.district.measures(OCTOBER).own == october
    assert qian.district.measures(OCTOBER).adjustments == ()
    seal(qian.store)
    assert faults(qian) == []
    again = exported(qian.store)
    for name in ("records.json", "sessions.json", "figures.json"):
        assert again[name] == bundle[name]
    head = json.loads(again["manifest.json"])["head"]
    assert verdict(again, (head["number"], head["digest"])) == []

    # A second press finds nothing to take back.
    assert "没有可以撤回的同意" in her.get(CONSENT)
    entries = len(qian.district.rows(AuditEntry))
    token = her.token("/settings")
    her.send(CONSENT, 409, csrf_token=token)
    assert len(qian.district.rows(AuditEntry)) == entries


def test_what_is_kept_for_ever_has_never_named_the_group(qian, enter, raw, caplog) -> None:
    caplog.set_level(0)
    enter(qian.she.actor).post(CONSENT)
    # The search finds what does name it: the row of her neighbour.
    naming = tables_naming_it(raw)
    assert "founder_groups" in naming
    assert naming <= MAY_NAME_IT | {"audit_entries"}
    bodies = [row for row in qian.district.rows(AuditEntry) if CODE in row.body]
    assert {row.entity for row in bodies} == {"published_groups"}
    for word in (CODE, GROUP):
        assert word not in caplog.text


def test_the_report_keeps_its_sum_and_lists_her_no_more(qian, enter) -> None:
    desk = enter(qian.district.officer)
    report = f"/bureau/reports/{SEPTEMBER}"
    rows = f"/bureau/sessions?month={SEPTEMBER}&measure=person_times&group={CODE}&basis=reported"
    assert "结账时公布" in desk.get(report)
    assert "钱大妈" in desk.get(rows)
    enter(qian.she.actor).post(CONSENT)

    shown = desk.get(rows)
    assert "结账时公布的是 2，其中 1 已撤回同意，不再列出" in shown
    assert "钱大妈" not in shown
    assert "赵大爷" in shown
    assert GROUP in desk.get(report)
    # Nobody can ask for those who took it back.
    desk.get(rows.replace(CODE, "withdrawn"), 422)
    nobody = f"/bureau/sessions?month={SEPTEMBER}&measure=person_times&group=unverified"
    assert "加起来正好是 1" in desk.get(nobody)
    year = desk.get("/bureau/reports/stretches/2026-H2")
    assert GROUP in year


def test_the_books_agree_with_themselves_that_night(qian, enter) -> None:
    enter(qian.she.actor).post(CONSENT)
    qian.district.wait_until("10-17 03:30")

    assert qian.findings() == ()


def test_a_clerk_takes_it_back_on_her_paper_request(qian, enter) -> None:
    page = f"/bureau/desk/people/{qian.she.person_id}"
    ask = f"{page}/consent/withdraw"
    clerk = enter(qian.desk.clerk)
    assert ask in clerk.get(page)
    refused = clerk.post(ask, status=422, kind="thumbprint", given_on="", filed_at="").text
    for field in ("given_on", "filed_at", "agreed"):
        assert f'id="{field}-e"' in refused
    assert len(qian.district.rows(FounderGroup)) == 2

    assert clerk.post(ask, **SHEET, agreed="yes").location == page

    shown = clerk.get(page)
    assert GROUP not in shown
    assert "10月16日" in shown
    assert "已撤回" in shown
    assert qian.district.one(ConsentWithdrawal).made_by_id == qian.desk.clerk.account_id
    enter(qian.desk.stranger).get(ask, 404)
    enter(qian.desk.mentor.actor).get(ask, 403)
    # Asked again she can sign anew; only then may an officer verify.
    clerk.get(f"{page}/consent")


def test_a_program_takes_it_back_once(qian, app, bearer) -> None:
    client, headers = app.test_client(), bearer(qian.desk.clerk)
    path = f"/api/v1/persons/{qian.she.person_id}/consents/withdraw"
    answers = [client.post(path, json=SHEET, headers=headers) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[0].json["group_lines"] == []
    assert answers[1].json["code"] == "consent.nothing_to_withdraw"
    stranger = bearer(qian.desk.stranger)
    assert client.post(path, json=SHEET, headers=stranger).status_code == 404


def test_who_takes_back_does_not_touch_a_month_decided_again_later(qian, enter) -> None:
    enter(qian.she.actor).post(CONSENT)
    records = len(qian.district.versions(qian.september))
    # Something else makes the closed September be decided anew: the seal it was closed with stays.
    other = staff(qian.store, name="第二位经办")
    qian.store.execute(other, persons.identify, qian.she.person_id, "居民身份证")
    assert len(qian.district.versions(qian.september)) == records
    assert len(qian.district.versions(qian.october)) > 1
