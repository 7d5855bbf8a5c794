"""登记表的原件: one scan is put to the meeting of every row, once."""

import io
from typing import Any

import pytest

from app.models.attachment import Attachment
from app.models.paper_sheet import PaperSheet, PaperSheetRow
from tests.attachments import PDF, folder
from tests.desk import ServiceDesk, a_desk
from tests.scenes import Plays
from tests.web.bureau.conftest import Desk
from tests.web.bureau.test_sheets import HEAD, NEW, row


@pytest.fixture
def plays() -> Plays:
    return {"place": a_desk}


@pytest.fixture
def place(scene: ServiceDesk) -> ServiceDesk:
    return scene


@pytest.fixture
def clerk(place: ServiceDesk, enter: Any) -> Desk:
    return enter(place.clerk)


def entered(place: ServiceDesk, clerk: Desk) -> str:
    second = row(2, name="赵大爷", phone="13900005678", starts="10:00", ends="10:40")
    clerk.post(NEW, **HEAD, **row(1), **second)
    (sheet,) = place.district.rows(PaperSheet)
    return f"/bureau/desk/sheets/{sheet.id}"


def test_one_scan_is_put_to_every_row_and_a_second_press_puts_nothing(place, clerk) -> None:
    page = entered(place, clerk)
    assert f'href="{page}"' in clerk.get("/bureau/desk")
    hidden = clerk.hidden(page)
    for _press in range(2):
        clerk.send(page, **hidden, file=(io.BytesIO(PDF), "登记表.pdf"))
    files = place.district.rows(Attachment)
    assert {each.service_session_id for each in files} == {
        each.service_session_id for each in place.district.rows(PaperSheetRow)
    }
    assert len(files) == 2
    assert {each.sha256 for each in files} <= set(folder().names())
    shown = clerk.get(page)
    assert "登记表.pdf" in shown
    assert f'href="/meetings/{files[0].service_session_id}/files"' in shown
    again = clerk.send(page, 409, **clerk.hidden(page), file=(io.BytesIO(PDF), "登记表.pdf"))
    assert "您已经放过同一个文件" in again.get_data(as_text=True)


def test_no_scan_and_no_program_are_refused_and_nothing_is_put(place, clerk) -> None:
    page = entered(place, clerk)
    clerk.post(page, status=422)
    clerk.send(page, 422, **clerk.hidden(page), file=(io.BytesIO(b"MZ\x00"), "登记表.pdf"))
    assert place.district.rows(Attachment) == []
