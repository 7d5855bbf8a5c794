"""An officer notes on the page of a meeting that its venture has registered."""

from datetime import date

from app.models.person import Venture
from app.models.venture_registration import VentureRegistration

CODE = "91350100M000100Y43"


def test_a_registration_is_noted_on_the_page_of_a_meeting(district, desk) -> None:
    team = district.founder("李晓", name="李晓工作室")
    session = district.served(district.mentor("周工"), team, "09-17 14:00")
    meeting = f"/bureau/sessions/{session.id}"
    page = f"{meeting}/registration"
    assert page in desk.get(meeting)
    shown = {
        "entity_type": "company",
        "venture_credit_code": CODE[:-1] + "4",
        "registered_on": "2026-09-16",
        "document": "营业执照副本",
    }
    refused = desk.post(page, page, 422, **shown)
    assert "营业执照副本" in refused.get_data(as_text=True)
    assert district.rows(VentureRegistration) == []

    answer = desk.post(page, page, **{**shown, "venture_credit_code": f" {CODE.lower()} "})
    assert answer.location == meeting
    venture = district.one(Venture, Venture.id == team.venture.id)
    assert (venture.credit_code, venture.registered_on) == (CODE, date(2026, 9, 16))
    assert "9月16日" in desk.get(meeting)
