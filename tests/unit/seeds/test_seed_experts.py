import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

Rows = list[dict[str, Any]]
FIELDS = (
    "id name category organisation title bio expertise industries stages areas modes languages "
    "organisation_interests topics monthly_limit appointed_from appointed_until "
    "appointment_document"
)
NAMED = {
    "林知远": "scholar",
    "高望舒": "scholar",
    "周牧野": "entrepreneur",
    "秦若川": "entrepreneur",
    "许言冰": "official",
    "苏映川": "investor",
}


@pytest.fixture(scope="module")
def experts(seed: Callable[[str], Any]) -> Rows:
    rows: Rows = seed("demo/experts.jsonl")
    return rows


def test_pool_has_72_experts_of_all_four_categories(experts: Rows) -> None:
    counted = Counter(expert["category"] for expert in experts)
    assert counted == {"scholar": 24, "official": 21, "entrepreneur": 18, "investor": 9}


def test_experts_have_the_fields_of_the_row_format_and_unique_ids_and_names(
    experts: Rows,
) -> None:
    assert all(" ".join(expert) == FIELDS for expert in experts)
    assert [expert["id"] for expert in experts] == [f"E{2001 + row}" for row in range(len(experts))]
    assert len({expert["name"] for expert in experts}) == len(experts)


def test_persons_of_the_mock_ups_are_in_the_pool(experts: Rows) -> None:
    categories = {expert["name"]: expert["category"] for expert in experts}
    assert categories | NAMED == categories


def test_bios_are_formal_texts_of_60_to_200_characters_written_once(experts: Rows) -> None:
    bios = [expert["bio"] for expert in experts]
    assert all(60 <= len(bio) <= 200 and bio.endswith("。") for bio in bios)
    assert len(set(bios)) == len(bios)


def test_experts_use_only_known_codes_and_labels(
    experts: Rows, codes: dict[str, set[str]], labels: dict[str, set[str]]
) -> None:
    for expert in experts:
        assert expert["category"] in codes["expert_category"]
        assert expert["topics"]
        assert set(expert["topics"]) <= codes["need_topic"], expert["name"]
        assert set(expert["areas"]) <= labels["area"] - {"区外/未定"}, expert["name"]
        assert set(expert["industries"]) & labels["industry"], expert["name"]
        assert set(expert["stages"]) <= {"idea", "startup", "growth", "mature"}
        assert set(expert["modes"]) <= {"onsite", "online", "phone"}
        assert set(expert["languages"]) <= {"zh", "en"}


@pytest.mark.parametrize(
    "field", ["expertise", "industries", "stages", "areas", "modes", "languages", "topics"]
)
def test_lists_of_an_expert_are_filled_and_free_of_repeats(experts: Rows, field: str) -> None:
    for expert in experts:
        assert expert[field], expert["name"]
        assert len(set(expert[field])) == len(expert[field]), expert["name"]


def test_experts_carry_three_to_eight_tags(experts: Rows) -> None:
    assert all(3 <= len(expert["expertise"]) <= 8 for expert in experts)


def test_each_topic_and_each_area_is_covered_by_several_experts(
    experts: Rows, codes: dict[str, set[str]]
) -> None:
    topics = Counter(topic for expert in experts for topic in expert["topics"])
    assert set(topics) == codes["need_topic"]
    assert min(topics.values()) >= 3
    areas = Counter(area for expert in experts for area in expert["areas"])
    assert len(areas) == 5
    assert min(areas.values()) >= 15


def test_officials_declare_no_interests_and_investors_and_entrepreneurs_declare_theirs(
    experts: Rows,
) -> None:
    for expert in experts:
        interests = expert["organisation_interests"]
        if expert["category"] == "official":
            assert interests == []
        if expert["category"] in {"entrepreneur", "investor"}:
            assert expert["organisation"] in interests


def test_terms_last_36_months_and_name_their_document(experts: Rows) -> None:
    for expert in experts:
        start = date.fromisoformat(expert["appointed_from"])
        end = date.fromisoformat(expert["appointed_until"])
        months = (end.year - start.year) * 12 + end.month - start.month
        assert months in {35, 36}, expert["name"]
        assert re.fullmatch(r"历人社聘〔20\d\d〕\d+号", expert["appointment_document"])
        assert 1 <= expert["monthly_limit"] <= 10


def test_one_term_has_ended_and_one_ends_within_the_month_after_the_stories(
    experts: Rows,
) -> None:
    ends = Counter(expert["appointed_until"] for expert in experts)
    assert ends["2026-09-30"] == 1
    assert ends["2026-12-19"] == 1
