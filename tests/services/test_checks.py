"""Maker and checker: what the database itself refuses, for every table that knows the two."""

import pytest
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import IntegrityError

from app.db import violation
from app.models.checked import Checked

MODELS = sorted(Checked.__subclasses__(), key=lambda model: model.__tablename__)


def refused_by(name: str) -> IntegrityError:
    return IntegrityError("", {}, Exception(f"CHECK constraint failed: {name}"))


def test_there_are_tables_with_two_people() -> None:
    assert len(MODELS) >= 10


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_the_database_holds_the_two_people_apart_with_the_error_of_the_noun(
    engine: Engine, model: type[Checked]
) -> None:
    name = f"ck_{model.__tablename__}_two_people"
    held = {each["name"] for each in inspect(engine).get_check_constraints(model.__tablename__)}
    assert name in held
    assert type(violation(refused_by(name))) is model.HANDS.same_hands
    assert violation(refused_by(f"{name}_unknown")) is None
