"""Which bodies of the trail an evidence bundle shows."""

import json

import pytest

from app.queries.evidence_bundles.showing import withheld

KEY = "01a22323-1632-7d56-89c7-5a4750226131"
PLAIN = {
    "action": "outcome.confirmed",
    "at": "2026-09-18T02:25:00+00:00",
    "beyond_scope": ["the counting rules look at all meetings of the day"],
    "id": KEY,
    "row": {"kind": "link", "rest": "1" * 64, "minutes": 45, "place": ""},
}


def hidden(entity: str, **row: object) -> list[str]:
    return withheld(entity, json.dumps({**PLAIN, "row": {**PLAIN["row"], **row}}), {"洽谈室一"})  # type: ignore[dict-item]


def test_codes_keys_hashes_times_and_numbers_are_shown() -> None:
    assert hidden("outcomes") == []
    assert hidden("appointments", document="聘〔2025〕3号") == []
    assert hidden("service_sessions", place="洽谈室一") == []


@pytest.mark.parametrize(
    "text", ["先核名，再到大厅。", "Wang Qiang", "13800001111", "37010219900101123X", "a@b.cn"]
)
def test_names_numbers_and_free_text_are_not(text: str) -> None:
    assert hidden("attendances", dissent=text) == ["row.dissent"]
    assert hidden("service_sessions", place=text) == ["row.place"]
    assert hidden("corrections", value={"note": [text]}) == ["row.value.note"]
    assert hidden("corrections", value={text: 1}) == ["row.value"]
