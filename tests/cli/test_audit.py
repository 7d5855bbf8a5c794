import json

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine

from app.unit_of_work import Store
from tests.services import audit_tampering as tampering
from tests.serving import app, serve

__all__ = ["app", "serve"]


def call(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["audit", *words])


def test_sealing_tells_how_much_and_a_second_time_nothing(app: Flask) -> None:
    first = json.loads(call(app, "seal", "--json").stdout)
    assert first["sealed"] > 0
    assert json.loads(call(app, "seal", "--json").stdout) == {"sealed": 0, "refused": []}


def test_a_sound_trail_answers_with_one_document_and_0(app: Flask) -> None:
    call(app, "seal")
    result = call(app, "verify", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["ok"], answer["faults"]) == (0, True, [])
    assert answer["entries"] > 0
    assert answer["seals"] == 1
    assert answer["head"]["number"] == 1


def test_a_damaged_trail_is_named_and_answers_with_1(
    app: Flask, store: Store, database_url: str
) -> None:
    raw = create_engine(database_url)
    tampering.disarm(raw)
    with raw.begin() as connection:
        row = connection.execute(tampering.DAYS.select()).mappings().first()
        assert row is not None
        tampering.alter(connection, tampering.DAYS, dict(row), name="changed")
    raw.dispose()
    result = call(app, "verify", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["ok"]) == (1, False)
    assert answer["faults"] == [
        {
            "kind": "row.differs",
            "row": str(row["id"]),
            "table": "calendar_days",
            "columns": ["name"],
        }
    ]
    people = call(app, "verify")
    assert people.exit_code == 1
    assert "row.differs" in people.stdout


def test_an_entry_without_a_mark_makes_sealing_answer_with_1(
    app: Flask, store: Store, database_url: str
) -> None:
    raw = create_engine(database_url)
    with raw.begin() as connection:
        row = dict(connection.execute(tampering.ENTRIES.select()).mappings().first() or {})
        forged = {**row, "id": row["entity_id"], "entity_version": 40, "mac": "0" * 64}
        connection.execute(tampering.ENTRIES.insert().values(forged))
    raw.dispose()
    result = call(app, "seal", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["refused"] == [str(row["entity_id"])]


@pytest.mark.parametrize("head", ["1", "one:abc", "1:"])
def test_a_head_that_is_none_is_called_wrongly(app: Flask, head: str) -> None:
    assert call(app, "verify", "--head", head).exit_code == 2


def test_a_head_that_was_published_is_compared(app: Flask) -> None:
    call(app, "seal")
    head = json.loads(call(app, "verify", "--json").stdout)["head"]
    good = f"{head['number']}:{head['digest']}"
    assert call(app, "verify", "--head", good).exit_code == 0
    assert call(app, "verify", "--head", f"{head['number']}:{'0' * 64}").exit_code == 1
