"""The file of a closed month: kept at the closing, handed out byte for byte for ever."""

import csv
import hashlib
import io

import pytest
from sqlalchemy import text

from app.domain.actor import SYSTEM, Role
from app.domain.errors import ConflictError
from app.domain.service_record import CorrectionOp
from app.models.period import PublishedFigure, PublishedReport
from app.models.vocabulary import Term
from app.unit_of_work import UnitOfWork
from app.unit_of_work.scope import unscoped
from tests.builders import staff
from tests.journeys.district import District
from tests.journeys.test_closed_month import OCTOBER, REPORTED, Autumn, closed_autumn
from tests.scenes import Plays
from tests.turns import on_each

FILE, PAGE = "/bureau/reports/2026-09/published.csv", "/bureau/reports/2026-09"


@pytest.fixture
def plays() -> Plays:
    return {"closed": closed_autumn}


@pytest.fixture
def closed(scene: Autumn) -> Autumn:
    return scene


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def taken(closed: Autumn, enter) -> bytes:
    answer = enter(closed.district.approver).client.get(FILE)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return answer.get_data()


@on_each
def test_the_file_says_what_was_published_and_the_page_its_hash(closed, enter) -> None:
    content = taken(closed, enter)
    (row,) = closed.district.rows(PublishedReport)
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert row.size == len(content)
    page = enter(closed.district.approver).get(PAGE)
    assert row.sha256 in page
    assert FILE in page

    told = {line[2]: line for line in lines(content) if len(line) == 4}
    figures = {row.measure: row for row in closed.district.rows(PublishedFigure)}
    names = ("sessions", "person_times", "distinct_persons", "session_minutes", "enterprises")
    assert [int(told[name][1]) for name in names] == REPORTED[:5]
    for name in names:
        assert told[name][3] == figures[name].sha256


def test_every_split_in_it_adds_up(closed, enter) -> None:
    rows = lines(taken(closed, enter))
    splits = [place for place, line in enumerate(rows) if line and line[0].startswith("按")]
    assert len(splits) == 7
    for start in splits:
        part = []
        for line in rows[start + 1 :]:
            part.append([int(value) for value in line[2:]])
            if line[0] == "合计":
                break
        *parts, whole = part
        assert [sum(column) for column in zip(*parts, strict=True)] == whole


def test_years_later_it_is_the_same_to_the_byte_whatever_came_since(closed, enter) -> None:
    before = taken(closed, enter)
    district: District = closed.district
    district.confirm(closed.f5, closed.a8, "10-14 10:00")
    district.correct(closed.a2, CorrectionOp.REMOVE_ATTENDEE, closed.f3.person_id, "10-20 10:00")
    district.close(OCTOBER, "11-06 09:00")

    def rename(uow: UnitOfWork) -> None:
        for term in uow.session.query(Term).filter_by(vocabulary="session_type"):
            term.zh = f"新{term.zh}"

    district.store.execute(SYSTEM, rename)
    clerk = staff(district.store, Role.OFFICER, name="小新")
    assert taken(closed, enter) == before
    answer = enter(clerk).client.get(FILE)
    assert answer.get_data() == before
    assert answer.headers["ETag"].strip('"') == hashlib.sha256(before).hexdigest()


def test_nobody_makes_another(closed) -> None:
    def rewrite(uow: UnitOfWork, statement: str) -> None:
        with unscoped():
            uow.session.execute(text(statement))

    for statement in (
        "UPDATE published_reports SET content = 'x'",
        "DELETE FROM published_reports",
    ):
        with pytest.raises(ConflictError):
            closed.district.store.execute(SYSTEM, rewrite, statement)


def test_an_open_month_has_none(closed, enter) -> None:
    chief = enter(closed.district.approver)
    chief.get("/bureau/reports/2026-10/published.csv", 404)
    assert "published.csv" not in chief.get("/bureau/reports/2026-10")
