"""公开数字: closed months for everybody, and nothing by which somebody could be recognised."""

from app.domain.calendar import Month
from app.models.person import Person
from app.models.service_session import ServiceSession
from tests.web.bureau.year import district, plays, year

__all__ = ["district", "plays", "year"]


def test_a_visitor_reads_closed_months_and_no_small_number(year, district, app) -> None:
    visitor = app.test_client()
    assert "还没有公布过数字" in visitor.get("/figures").get_data(as_text=True)
    district.close(Month(2026, 8), "09-25 11:00")
    page = visitor.get("/figures").get_data(as_text=True)
    assert "2026年8月" in page
    assert "2026年9月" not in page
    assert "不足 5" in page
    for row in (*district.rows(ServiceSession), *district.rows(Person)):
        assert getattr(row, "reference", getattr(row, "name", "-")) not in page
    assert 'href="/figures"' in visitor.get("/").get_data(as_text=True)
