from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

Rows = list[dict[str, Any]]
FIELDS = (
    "id founder_name venture group industry stage area mode session_type text street entity_type "
    "venture_credit_code registered_on"
)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
KINDS = {"company": "91", "individual_business": "92", "coop": "93"}


@pytest.fixture(scope="module")
def needs(seed: Callable[[str], Any]) -> Rows:
    rows: Rows = seed("demo/needs.jsonl")
    return rows


def organisation_check_digit(body: str) -> str:
    total = sum(
        weight * int(sign, 36) for weight, sign in zip(ORGANISATION_WEIGHTS, body, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def credit_check_digit(first_17: str) -> str:
    total = sum(ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(first_17))
    return ALPHABET[-total % 31]


def test_check_digits_agree_with_the_example_of_the_standard() -> None:
    assert organisation_check_digit("D2143569") == "X"
    assert credit_check_digit("91350100M000100Y4") == "3"


def test_there_are_48_needs_with_the_fields_of_the_row_format_and_unique_ids(needs: Rows) -> None:
    assert all(" ".join(need) == FIELDS for need in needs)
    assert [need["id"] for need in needs] == [f"N{2001 + row}" for row in range(48)]
    for field in ("founder_name", "venture", "text"):
        assert len({need[field] for need in needs}) == len(needs)


def test_texts_have_30_to_250_characters_and_three_are_english(needs: Rows) -> None:
    assert all(30 <= len(need["text"]) <= 250 for need in needs)
    assert sum(need["text"].isascii() for need in needs) == 3


def test_needs_use_only_known_codes_and_labels(
    needs: Rows, codes: dict[str, set[str]], labels: dict[str, set[str]]
) -> None:
    for need in needs:
        assert need["group"] in labels["founder_group"], need["id"]
        assert need["industry"] in labels["industry"], need["id"]
        assert need["street"] in codes["street"], need["id"]
        assert need["entity_type"] in codes["entity_type"], need["id"]
        assert need["session_type"] in {"consultation", "diagnosis", "tutoring"}
        assert need["stage"] in {"idea", "startup", "growth", "mature"}
        assert need["mode"] in {"onsite", "online", "phone"}


def test_area_of_a_need_is_the_area_of_its_street(
    needs: Rows, vocabularies: dict[str, Any]
) -> None:
    areas = {row["code"]: row["zh"] for row in vocabularies["area"]["rows"]}
    home = {row["code"]: areas[row["area"]] for row in vocabularies["street"]["rows"]}
    assert all(need["area"] == home[need["street"]] for need in needs)


def test_needs_come_from_all_areas_stages_modes_and_kinds_of_service(needs: Rows) -> None:
    for field, values in {"area": 5, "stage": 4, "mode": 3, "session_type": 3}.items():
        assert len({need[field] for need in needs}) == values
    assert len({need["industry"] for need in needs}) >= 15
    assert len({need["group"] for need in needs}) >= 12
    assert max(Counter(need["founder_name"] for need in needs).values()) == 1


def test_teams_have_no_code_and_registered_ventures_a_code_with_right_check_digits(
    needs: Rows,
) -> None:
    coded = [need for need in needs if need["venture_credit_code"]]
    assert 20 <= len(coded) <= 32
    assert len({need["venture_credit_code"] for need in coded}) == len(coded)
    for need in needs:
        is_team = need["entity_type"] == "team"
        assert is_team == (need["venture_credit_code"] is None) == (need["registered_on"] is None)
    for need in coded:
        code = need["venture_credit_code"]
        assert len(code) == 18
        assert code.startswith(KINDS[need["entity_type"]] + "370112DEM"), code
        assert code[16] == organisation_check_digit(code[8:16]), code
        assert code[17] == credit_check_digit(code[:17]), code


def test_registration_dates_fit_the_stage(needs: Rows) -> None:
    for need in needs:
        if need["registered_on"]:
            registered = date.fromisoformat(need["registered_on"])
            assert registered <= date(2026, 10, 31)
            assert need["stage"] != "idea"
            assert (registered >= date(2025, 7, 1)) == (need["stage"] == "startup"), need["id"]


def test_need_of_the_greenhouse_sensors_is_the_one_of_the_mock_up(needs: Rows) -> None:
    (need,) = [need for need in needs if need["founder_name"] == "何雨禾"]
    assert need["street"] == "tangye"
    assert need["session_type"] == "diagnosis"
    for phrase in ("大棚温湿度监测设备", "不知道归谁", "要占 30%"):
        assert phrase in need["text"]
