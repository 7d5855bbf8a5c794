"""值得看一眼 on its pages: quiet words, rows behind each, explained once; not for mentors."""

import re
from collections.abc import Callable

import pytest

from app.domain.actor import SYSTEM, Actor
from app.models.job import Job
from app.models.signal import Signal, SignalNote
from app.services import signals
from tests.acquainted import People
from tests.scenes import Plays, after
from tests.services.test_signals import unusual
from tests.web.bureau.conftest import Desk

LIST = "/bureau/signals"


@after(unusual)
def looked_at(people: People) -> People:
    store = people.district.store
    found = signals.compute(store.execute(SYSTEM, signals.prepare))
    store.execute(SYSTEM, signals.record, found)
    return people


@pytest.fixture
def plays() -> Plays:
    return {"people": looked_at}


@pytest.fixture
def people(scene: People) -> People:
    return scene


@pytest.fixture
def desk(people: People, enter: Callable[[Actor], Desk]) -> Desk:
    return enter(people.district.officer)


def test_each_number_leads_to_its_rows_and_each_row_to_its_records(
    people: People, desk: Desk
) -> None:
    page = desk.get(LIST)
    chips = dict(
        re.findall(r'href="(/bureau/signals\?state=open&amp;kind=\w+)"[^>]*>[^<]*?(\d+)<', page)
    )
    assert sum(map(int, chips.values())) == 2
    for path, count in chips.items():
        rows = re.findall(
            r'<th scope="row"><a href="(/bureau/signals/[^"]+)"',
            desk.get(path.replace("&amp;", "&")),
        )
        assert len(rows) == int(count)
    for row in people.district.rows(Signal):
        one = desk.get(f"{LIST}/{row.id}")
        linked = set(re.findall(r'href="/bureau/sessions/([0-9a-f-]{36})"', one))
        assert linked == set(row.session_ids)


def test_an_explanation_is_kept_once_and_shown(people: People, desk: Desk) -> None:
    row = people.district.rows(Signal)[0]
    here = f"{LIST}/{row.id}"
    form = {**desk.hidden(here), "note": "<b>出差</b>，已核对"}
    desk.send(here, **form)
    desk.send(here, **form)
    assert len(people.district.rows(SignalNote)) == 1
    assert "&lt;b&gt;出差&lt;/b&gt;" in desk.get(f"{LIST}?state=explained")
    stale = desk.send(here, 409, **{**form, "idempotency_key": "k" * 36})
    assert "已经有人说明过" in stale.get_data(as_text=True) or "出差" in stale.get_data(
        as_text=True
    )


def test_empty_words_are_answered_at_their_field(people: People, desk: Desk) -> None:
    here = f"{LIST}/{people.district.rows(Signal)[0].id}"
    page = desk.post(here, status=422, note=" ").get_data(as_text=True)
    assert 'aria-invalid="true"' in page
    assert people.district.rows(SignalNote) == []


def test_an_officer_has_the_records_looked_at_now(people: People, desk: Desk) -> None:
    desk.post(LIST, f"{LIST}/look")
    assert len(people.district.rows(Job, Job.kind == signals.LOOK)) == 1


@pytest.mark.parametrize("path", ["?state=x", "?kind=x", "?after=x"])
def test_unknown_filters_are_refused(people: People, desk: Desk, path: str) -> None:
    assert desk.client.get(f"{LIST}{path}").status_code in (404, 422)


def test_mentors_are_shut_out(people: People, enter: Callable[[Actor], Desk]) -> None:
    mentor = enter(people.mentor.actor)
    mentor.get(LIST, 403)
    mentor.get(f"{LIST}/{people.district.rows(Signal)[0].id}", 403)
