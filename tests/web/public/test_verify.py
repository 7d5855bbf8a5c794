"""服务证明 and 聘书: issued, printed with a code, verified by a stranger, withdrawn."""

import json
import re
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, text

from app.domain.actor import Role
from app.domain.certificate import typed_code
from app.domain.service_record import CorrectionOp
from app.http.limits import Allowance
from app.models.audit_entry import AccessEntry, AuditEntry
from app.models.certificate import Certificate
from app.services import honours
from app.services.honours import HonourEntry
from app.web.public import verify
from tests.builders import staff
from tests.web.bureau.conftest import Desk, enter
from tests.web.bureau.year import Year, district, plays, year

__all__ = ["district", "enter", "plays", "year"]

_CODE = re.compile(r'<p class="num b">([0-9A-Z-]+)</p>')
PERIOD = {"first_on": "2026-01-01", "last_on": "2026-12-31"}


@pytest.fixture
def stranger(app: Any, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(verify, "_TRIES", Allowance(most=30, seconds=600))
    return Desk(app.test_client())


@pytest.fixture
def chief(year: Year, enter) -> Desk:
    return enter(year.district.approver)


def issued(desk: Desk, year: Year, **values: str) -> str:
    """Issue a certificate of 高源 and return its address."""
    page = f"/bureau/duty/{year.scholar.expert.id}/certificates"
    return str(desk.post(page, **{**PERIOD, **values}).location)


def code_on(page: str) -> str:
    return _CODE.findall(page)[0]


def seen(stranger: Desk, code: str, status: int = 200) -> str:
    return stranger.get(f"/verify?code={quote(code)}", status)


def test_a_stranger_reads_what_was_certified_and_nothing_else(year, chief, stranger) -> None:
    paper = chief.get(issued(chief, year))
    assert "兹证明高源" in paper
    assert "数字截至 2026-09-25 10:00" in paper
    assert "共 3 次，本人服务时长 3 小时 5 分" in paper
    page = seen(stranger, code_on(paper))
    assert "这份服务证明是真的，有效" in page
    assert "高*" in page
    assert "3 次、3 小时 5 分" in page
    expert = year.scholar.expert
    for hidden in ("高源", expert.organisation, str(expert.id), str(expert.person_id), "王强"):
        assert hidden not in page


def test_honours_are_printed_and_a_stranger_is_told_which_of_them_still_hold(
    year, chief, stranger
) -> None:
    entry = HonourEntry("chief_adviser", "历人社发〔2026〕12 号", "区人社局", date(2026, 8, 1))
    execute, district = year.district.store.execute, year.district
    honour = execute(district.officer, honours.enter, year.scholar.expert.id, entry)
    before = issued(chief, year)
    assert "获得的荣誉" not in chief.get(before)
    execute(district.approver, honours.confirm, honour.id)
    address = issued(chief, year)
    assert address != before
    paper = chief.get(address)
    page = seen(stranger, code_on(paper))
    for shown in (paper, page):
        assert "首席创业指导专家" in shown
        assert "历人社发〔2026〕12 号" in shown
        assert "现在已不再有效" not in shown
    execute(district.approver, honours.withdraw, honour.id, "评选作废")
    page = seen(stranger, code_on(paper))
    assert "现在已不再有效" in page
    assert "评选作废" not in page
    assert "这份服务证明是真的，有效" in page
    assert issued(chief, year) == before


def test_the_code_is_kept_nowhere_in_clear(year, chief, database_url: str) -> None:
    code = typed_code(code_on(chief.get(issued(chief, year))))
    (row,) = year.district.rows(Certificate)
    kept = [str(vars(row)), *(str(entry.body) for entry in year.district.rows(AuditEntry))]
    assert all(code not in each for each in kept)


def test_a_second_press_certifies_nothing_twice_and_new_figures_do(year, chief) -> None:
    first = issued(chief, year)
    assert issued(chief, year) == first
    assert issued(chief, year, last_on="2026-08-31") != first
    assert len(year.district.rows(Certificate)) == 2
    year.district.correct(year.meetings["first"], CorrectionOp.VOID, None)
    assert issued(chief, year) != first


def test_a_later_correction_shows_as_figures_changed_since(year, chief, stranger) -> None:
    code = code_on(chief.get(issued(chief, year)))
    assert "数字有变动" not in seen(stranger, code)
    year.district.correct(year.meetings["first"], CorrectionOp.VOID, None)
    page = seen(stranger, code)
    assert "这份服务证明是真的，有效" in page
    assert "证明上是 3 次、3 小时 5 分；按现在的台账是 2 次、2 小时 15 分。" in page


def test_a_withdrawn_one_says_so_and_cannot_be_withdrawn_twice(year, chief, stranger) -> None:
    code = code_on(chief.get(issued(chief, year)))
    (row,) = year.district.rows(Certificate)
    page = f"/bureau/duty/{year.scholar.expert.id}/certificates"
    to = f"/bureau/certificates/{row.id}/withdraw"
    chief.post(page, to, 422, version="1", reason=" ")
    assert "有效" in seen(stranger, code)
    sent = {**chief.hidden(page), "version": "1", "reason": "开错了期间"}
    chief.send(to, 303, **sent)
    chief.send(to, 409, **{**sent, "idempotency_key": "another"})
    found = seen(stranger, code)
    assert "这份服务证明已经撤销" in found
    assert "开错了期间" not in found
    assert "已撤销" in chief.get(page)


def test_what_was_changed_in_the_database_is_not_vouched_for(
    year, chief, stranger, database_url: str
) -> None:
    code = code_on(chief.get(issued(chief, year)))
    (row,) = year.district.rows(Certificate)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        stored = connection.execute(text("SELECT content FROM certificates")).scalar_one()
        forged = stored if isinstance(stored, str) else json.dumps(stored)
        forged = forged.replace('"services": 3', '"services": 30')
        connection.execute(text("UPDATE certificates SET content = :content"), {"content": forged})
    engine.dispose()
    page = seen(stranger, code)
    assert "内容和签发时不一致" in page
    assert "30 次" not in page
    assert row.content["services"] == 3


def test_a_wrong_code_an_unknown_one_and_too_many(year, chief, stranger) -> None:
    code = typed_code(code_on(chief.get(issued(chief, year))))
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    assert "核验码" in seen(stranger, wrong, 422)
    assert "没有这个核验码" in seen(stranger, "0" * 18, 404)
    for _ in range(28):
        seen(stranger, "0" * 18, 404)
    busy = stranger.client.get("/verify", query_string={"code": code})
    assert (busy.status_code, "Retry-After" in busy.headers) == (429, True)
    assert "请过一会儿再查" in busy.get_data(as_text=True)
    assert "核验记录与证明" in stranger.get("/verify")


def test_verifying_writes_nothing(year, chief, stranger) -> None:
    code = code_on(chief.get(issued(chief, year)))
    before = [len(year.district.rows(model)) for model in (AuditEntry, AccessEntry, Certificate)]
    seen(stranger, code)
    after = [len(year.district.rows(model)) for model in (AuditEntry, AccessEntry, Certificate)]
    assert after == before


def test_a_mentor_has_his_own_certified_and_sees_nobody_elses(year, enter, stranger) -> None:
    own = enter(year.official.actor)
    paper = own.get(str(own.post("/mentor/certificates", **PERIOD).location))
    assert "共 2 次，本人服务时长 1 小时 55 分" in paper
    assert "有效" in seen(stranger, code_on(paper))
    (row,) = year.district.rows(Certificate)
    enter(year.scholar.actor).get(f"/mentor/certificates/{row.id}", 404)
    own.post("/mentor/certificates", status=422, first_on="2026-09-02", last_on="2026-09-01")
    own.post("/mentor/certificates", status=422, first_on="2026-01-02", last_on="2026-01-03")
    own.get(f"/bureau/certificates/{row.id}", 403)


def test_a_letter_of_appointment_is_made_by_the_approver_and_follows_the_term(
    year, chief, enter, stranger
) -> None:
    page = f"/bureau/duty/{year.scholar.expert.id}/certificates"
    to = re.findall(r'action="([^"]+/letters/[^"]+)"', chief.get(page))[0]
    paper = chief.get(str(chief.post(page, to).location))
    assert "兹聘请高源" in paper
    assert "历人社聘〔2025〕1号" in paper
    code = code_on(paper)
    assert "聘期有变动" not in seen(stranger, code)
    chief.post(f"/bureau/mentors/{year.scholar.expert.id}/term", act="resign", document="辞聘申请")
    assert "现在的聘期到 2026-09-25 为止。" in seen(stranger, code)
    officer = enter(year.district.officer)
    officer.send(to, 403, csrf_token=officer.token(page))
    auditor = enter(staff(year.district.store, Role.AUDITOR))
    assert "签发过的" in auditor.get(page)
