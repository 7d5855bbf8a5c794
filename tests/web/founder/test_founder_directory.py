import pytest

from app.domain.actor import Role
from app.domain.expert import ExpertCategory
from app.queries.directory_pages import PAGE
from tests.builders import a_founder, an_expert, staff

NOBODY = "01999999-0000-7000-8000-000000000000"


def test_the_directory_shows_cards_categories_and_free_days(road, desk) -> None:
    an_expert(road.store, name="许言", category=ExpertCategory.SCHOLAR, weekly=False)
    page = desk.get("/mentors")
    for words in (
        "全部 2",
        "专家学者 1",
        "成功企业家 1",
        "风投人士 0",
        "最近 9月16日 周三",
        "暂时约满",
    ):
        assert words in page


def test_a_search_marks_the_word_found(road, desk) -> None:
    an_expert(road.store, name="许言", expertise=["专利布局"], weekly=False)
    page = desk.get("/mentors?q=专利")
    assert "找到 1 位与“专利”有关的导师" in page
    assert "<mark>专利</mark>布局" in page
    assert "张敏" not in page


def test_a_category_keeps_the_search(road, desk) -> None:
    an_expert(road.store, name="许言", category=ExpertCategory.SCHOLAR, expertise=["专利"])
    page = desk.get("/mentors?q=专利&category=scholar")
    assert 'name="category" value="scholar"' in page
    assert "许言" in page
    assert "张敏" in desk.get("/mentors?category=no-such-kind")


def test_nothing_found_says_what_to_do(road, desk) -> None:
    page = desk.get("/mentors?q=量子引力")
    assert "没有找到这样的导师" in page
    assert "看全部导师" in page


def test_a_search_too_long_is_told_at_the_field(road, desk) -> None:
    page = desk.get("/mentors?q=" + "长" * 101, 422)
    assert "“找什么”最多 100 字" in page
    assert "张敏" in page


def test_the_pool_is_read_page_by_page(road, desk) -> None:
    for number in range(PAGE):
        an_expert(road.store, name=f"专家{number:02}", weekly=False)
    first = desk.get("/mentors?category=entrepreneur")
    assert first.count('class="card pc"') == PAGE
    href = first.partition("分页")[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = desk.get(href)
    assert second.count('class="card pc"') == 1
    assert "上一页" in second


@pytest.mark.parametrize("after", ["7", NOBODY])
def test_a_page_nobody_wrote_is_shown_all_the_same(desk, after) -> None:
    assert "导师库" in desk.get(f"/mentors?after={after}")


def test_a_mentors_page_tells_what_he_helps_with(road, desk) -> None:
    page = desk.get(f"/mentors/{road.expert.id}")
    for words in ("张敏", "注册登记", "聘期至 2028年6月", "0 次", "当面谈"):
        assert words in page


def test_a_founder_with_a_need_goes_on_to_its_times(road, desk) -> None:
    page = desk.get(f"/mentors/{road.expert.id}")
    assert f"/needs/{road.need.id}/book?mentor={road.expert.id}&amp;mode=onsite&amp;time=" in page


def test_a_founder_without_a_need_is_led_to_write_one(road, enter) -> None:
    page = enter(a_founder(road.store, name="王强")).get(f"/mentors/{road.expert.id}")
    assert "先说说您的问题，再约时间" in page
    assert 'href="/needs/new"' in page


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.SYS_ADMIN])
def test_everybody_signed_in_may_look(road, enter, role) -> None:
    viewer = enter(staff(road.store, role))
    assert "张敏" in viewer.get("/mentors")
    page = viewer.get(f"/mentors/{road.expert.id}")
    assert "/book?mentor=" not in page


def test_an_expert_out_of_term_or_unknown_is_not_found(road, desk) -> None:
    left = an_expert(road.store, name="许言", term=None)
    desk.get(f"/mentors/{left.id}", 404)
    desk.get(f"/mentors/{NOBODY}", 404)
    desk.get("/mentors/7", 404)


def test_a_name_with_markup_stays_a_name(road, desk) -> None:
    an_expert(road.store, name="<script>", weekly=False)
    page = desk.get("/mentors")
    assert "<script>" not in page.partition("<main")[2]
    assert "&lt;script&gt;" in page


def test_visitors_sign_in_first(app) -> None:
    assert app.test_client().get("/mentors").status_code == 303
