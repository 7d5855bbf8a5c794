"""工作进展表 on its pages: a liaison fills in his own items, the bureau signs off or sends back."""

import re

import pytest

from app.domain.actor import Role
from app.models.progress import ProgressEntry, ProgressRound, ProgressStep
from app.services.plan import progress
from tests.builders import staff
from tests.founder_road import statements
from tests.journeys.district import District
from tests.scenes import Plays, after

TABLE = "/bureau/plan/progress"
_ENTRY = re.compile(rf'href="({TABLE}/[0-9a-f-]{{36}})"')


@after(District)
def an_asked_quarter(district: District) -> District:
    district.store.execute(district.officer, progress.open_round, "2026-Q3")
    return district


@pytest.fixture
def plays() -> Plays:
    return {"asked": an_asked_quarter, "bare": District}


@pytest.fixture
def asked(scene: District) -> District:
    return scene


@pytest.fixture
def bare(scene: District) -> District:
    return scene


@pytest.fixture
def district(scene: District) -> District:
    return scene


@pytest.fixture
def liaison(scene: District, enter):
    return enter(staff(scene.store, Role.DEPT_LIAISON, department="kjj"))


@pytest.fixture
def chief(scene: District, enter):
    return enter(scene.approver)


def path_of(district: District, item: int, department: str = "kjj") -> str:
    entry = district.one(
        ProgressEntry, ProgressEntry.item == item, ProgressEntry.department == department
    )
    return f"{TABLE}/{entry.id}"


def test_an_officer_opens_a_period_once(bare, desk, enter) -> None:
    assert "发起一期填报" in desk.get(TABLE)
    for wrong in (
        {"period": ""},
        {"period": "秋天"},
        {"period": "2026-Q3", "due_on": "2026-01-01"},
    ):
        assert "errsum" in desk.post(TABLE, f"{TABLE}/open", 422, **wrong).get_data(as_text=True)
    answer = desk.post(TABLE, f"{TABLE}/open", period="2026-q3")
    assert answer.location == f"{TABLE}?period=2026-Q3"
    page = desk.post(TABLE, f"{TABLE}/open", 409, period="2026-Q3").get_data(as_text=True)
    assert "已经发起过" in page
    assert len(bare.rows(ProgressRound)) == 1
    other = enter(staff(bare.store, Role.DEPT_LIAISON, department="kjj"))
    assert "发起一期填报" not in other.get(TABLE)


def test_a_liaison_who_was_not_asked_yet_reads_so(bare, liaison) -> None:
    assert "还没有要填报的" in liaison.get(TABLE)
    assert "还没有要填报的" in liaison.get(f"{TABLE}/print")
    liaison.get(f"{TABLE}?period=2026-Q3", 404)


def test_a_liaison_sees_and_opens_his_own_items_only(asked, liaison, desk) -> None:
    page = liaison.get(TABLE)
    assert re.findall(r"第 (\d+) 项<", page) == ["3", "9", "12", "13", "20"]
    assert f'href="{TABLE}"' in liaison.get("/bureau")
    for href in _ENTRY.findall(page):
        liaison.get(href)
    other = path_of(asked, 3, "gxj")
    liaison.get(other, 404)
    fields = {"csrf_token": liaison.token(TABLE), "version": "1", "words": "好", "act": "submit"}
    liaison.send(other, 404, **fields)
    assert len(_ENTRY.findall(desk.get(TABLE))) == 53
    # The bureau reads what another department says, and does not say it for them.
    assert 'name="words"' not in desk.get(path_of(asked, 3))


def test_an_item_says_what_it_is_about_where_that_is_known(asked, liaison) -> None:
    for page in (TABLE, f"{TABLE}/print", path_of(asked, 9)):
        assert "吸引青年人才" in liaison.get(page)
    assert "plan_item" not in liaison.get(path_of(asked, 3))


def test_words_and_figures_are_saved_handed_in_sent_back_and_signed(asked, liaison, chief) -> None:
    path = path_of(asked, 3)
    figures = {"name_1": "走访企业", "amount_1": "12", "unit_1": "家"}
    liaison.post(path, words="写到一半", act="save", **figures)
    page = liaison.get(path)
    assert "写到一半</textarea>" in page
    assert 'value="走访企业"' in page
    assert "写到一半" not in chief.get(path)
    assert "写到一半" not in chief.get(TABLE)
    answer = liaison.post(path, words="", act="submit", status=422, **figures)
    assert 'value="12"' in answer.get_data(as_text=True)
    liaison.post(
        path, words="走访企业 12 家。", act="submit", document="历科〔2026〕7号", **figures
    )
    assert "走访企业 12 家" in chief.get(path)
    assert "等签收 1" in chief.get(TABLE)
    verdict = f"{path}/verdict"
    chief.post(path, verdict, 422, verdict="refuse")
    chief.post(path, verdict, verdict="refuse", answer="请写明成效")
    assert "请写明成效" in liaison.get(path)
    liaison.post(path, words="走访 12 家，3 家贷到款。", act="submit")
    chief.post(path, verdict, verdict="approve")
    page = liaison.get(path)
    assert "已签收" in page
    assert 'name="words"' not in page
    assert page.count("提交</h3>") == 2
    assert len(asked.rows(ProgressStep)) == 4
    liaison.send(verdict, 403, csrf_token=liaison.token(TABLE), verdict="approve", version="1")
    printed = chief.get(f"{TABLE}/print")
    assert "走访 12 家，3 家贷到款。" in printed
    assert "data-print" in printed


def test_a_stale_page_is_refused_and_keeps_what_was_typed(asked, liaison) -> None:
    path = path_of(asked, 9)
    fields = liaison.hidden(path)
    liaison.send(path, **{**fields, "words": "第一稿", "act": "save"})
    # The same press again is answered as before and does nothing twice.
    liaison.send(path, **{**fields, "words": "第一稿", "act": "save"})
    key = {"idempotency_key": liaison.hidden(path)["idempotency_key"]}
    answer = liaison.send(path, 409, **{**fields, **key, "words": "另一稿", "act": "save"})
    assert "另一稿" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("act", "publish"),
        ("act", ""),
        ("words", "\x00"),
        ("words", "好" * 2001),
        ("amount_1", "很多"),
        ("amount_1", "-1"),
        ("unit_1", ""),
        ("document", "x" * 121),
        ("version", "x"),
    ],
)
def test_hostile_input_is_answered_at_its_field(asked, liaison, field, value) -> None:
    path = path_of(asked, 12)
    fields = {
        "words": "走访企业。",
        "name_1": "走访",
        "amount_1": "1",
        "unit_1": "家",
        "act": "submit",
        field: value,
    }
    page = liaison.post(path, status=422, **fields).get_data(as_text=True)
    assert "errsum" in page
    assert asked.rows(ProgressStep) == []


def test_filters_show_what_they_say_and_a_page_costs_few_statements(asked, desk) -> None:
    for state, count in (("waiting", 53), ("overdue", 0), ("submitted", 0), ("signed", 0)):
        assert len(_ENTRY.findall(desk.get(f"{TABLE}?state={state}"))) == count
    desk.get(f"{TABLE}?state=lost", 422)
    frame = ("sign_in_sessions", "account_roles", "access_entries", "calendar_days")
    for path in (TABLE, path_of(asked, 16, "hrss")):
        with statements(asked.store) as sent:
            desk.get(path)
        own = [each for each in sent if not any(table in each for table in frame)]
        assert len(own) <= 8, own
