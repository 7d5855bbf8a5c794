"""Two records of one person: found, proposed, and checked by another officer."""

import pytest

from app.domain.actor import Role
from app.models.person import DoubleStatus, Person, PersonAlias, PersonDouble
from tests.builders import staff
from tests.desk import ServiceDesk, a_desk
from tests.scenes import Plays

LIST = "/bureau/doubles"
GROUNDS = "看过居民身份证，是同一个人"


@pytest.fixture
def plays() -> Plays:
    return {"place": a_desk}


@pytest.fixture
def place(scene: ServiceDesk) -> ServiceDesk:
    return scene


@pytest.fixture
def two(place: ServiceDesk) -> tuple[Person, Person]:
    """Somebody registered at two desks, under another telephone at the second."""
    first = place.registers()
    return first, place.registers(actor=place.stranger, phone="13900005678")


def ask(person: Person) -> str:
    return f"/bureau/desk/people/{person.id}/doubles"


def test_a_proposal_waits_for_another_officer_and_then_counts_as_one(place, two, enter) -> None:
    first, second = two
    officer, approver = enter(place.district.officer), enter(place.district.approver)
    own = f"/bureau/desk/people/{first.id}"
    assert ask(first) in officer.get(own)
    page = officer.get(ask(first))
    assert "同名、同年出生" in page
    assert f'value="{second.id}"' in page
    assert f'value="{first.id}"' not in page
    assert "服务人数少算一个" in page

    assert officer.post(ask(first), other=str(second.id), grounds=GROUNDS).location == own
    assert "等待复核" in officer.get(own)
    waiting = officer.get(LIST)
    assert GROUNDS in waiting
    assert "要由另一位工作人员复核" in waiting
    assert "同意，算作同一个人" not in waiting

    assert LIST in approver.get("/bureau/reviews")
    assert "同一人等待复核" in approver.get("/bureau")
    double = place.district.one(PersonDouble)
    check = f"{LIST}/{double.id}"
    approver.post(LIST, check, version="7", verdict="approve")
    assert "别人改过这里" in approver.get(LIST)
    assert place.district.rows(PersonAlias) == []
    assert approver.post(LIST, check, verdict="approve").location == LIST
    alias = place.district.one(PersonAlias)
    assert (alias.alias_id, alias.person_id) == (second.id, first.id)
    assert "算作同一个人" in approver.get(own)
    assert "没有很像的登记" in officer.get(ask(first))
    assert GROUNDS in approver.get(f"{LIST}?state=checked")


def test_whom_the_words_mean_is_offered_and_what_is_missing_is_said(place, two, enter) -> None:
    first, _second = two
    other = place.registers("孙大爷", phone="13700009999", birth_year=1950)
    officer = enter(place.district.officer)
    page = f"{ask(first)}?q=9999"
    assert f'value="{other.id}"' in officer.get(page)
    assert "没有找到“nobody”" in officer.get(f"{ask(first)}?q=nobody")

    refused = officer.post(page, ask(first), 422, grounds=GROUNDS).text
    assert 'id="other-e"' in refused
    assert GROUNDS in refused
    assert f'value="{other.id}"' in refused
    refused = officer.post(page, ask(first), 422, other=str(other.id)).text
    assert f'value="{other.id}" checked' in refused.replace(' id="other"', "")
    assert place.district.rows(PersonDouble) == []

    officer.post(page, ask(first), other=str(other.id), grounds=GROUNDS)
    again = officer.post(page, ask(first), other=str(other.id), grounds="又看了一次")
    assert again.location == page
    assert "已经有人提出" in officer.get(page)
    assert len(place.district.rows(PersonDouble)) == 1


def test_the_two_are_left_apart_and_nobody_else_proposes_or_checks(place, two, enter) -> None:
    first, second = two
    officer, approver = enter(place.district.officer), enter(place.district.approver)
    clerk = enter(place.clerk)
    assert "提出是同一人" not in clerk.get(f"/bureau/desk/people/{first.id}")
    clerk.get(ask(first), 403)
    clerk.get(LIST, 403)
    officer.post(ask(first), other=str(second.id), grounds=GROUNDS)
    double = place.district.one(PersonDouble)
    token = officer.token(ask(first))
    officer.send(f"{LIST}/{double.id}", 403, csrf_token=token, version="1", verdict="approve")
    auditor = enter(staff(place.store, Role.AUDITOR)).get(LIST)
    assert "这一条要由复核人同意" in auditor
    assert f"/bureau/desk/people/{first.id}" not in auditor

    approver.post(LIST, f"{LIST}/{double.id}", verdict="refuse")
    assert place.district.one(PersonDouble).status is DoubleStatus.REFUSED
    assert place.district.rows(PersonAlias) == []
    assert f'value="{second.id}"' in officer.get(ask(first))
