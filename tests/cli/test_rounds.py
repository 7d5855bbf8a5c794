import json

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update

from app.domain.actor import SYSTEM
from app.domain.batch import BatchStatus
from app.models.batch import Batch, BatchNeed
from app.models.job import Job
from app.models.message import Message
from tests.batching import Round
from tests.scenes import Plays
from tests.serving import app, serve

__all__ = ["app", "serve"]


@pytest.fixture
def plays() -> Plays:
    return {"round_": Round}


@pytest.fixture
def round_(scene: Round) -> Round:
    return scene


def call(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["matching", *words])


def test_a_round_is_printed_as_one_document_and_stays_a_draft(app, round_) -> None:
    expert = round_.expert("ip", monthly_limit=1)
    first, second = round_.need("ip"), round_.need("ip")

    result = call(app, "round", "--month", "2026-09", "--objective", "even", "--json")

    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["status"], answer["objective"]) == (0, "draft", "even")
    (pair,) = answer["pairs"]
    assert pair["expert"] == {"id": str(expert.id), "name": expert.name}
    (unmet,) = answer["unmet"]
    assert (unmet["reason"], unmet["could_be_asked"][0]["name"]) == ("full", expert.name)
    assert {pair["need"]["reference"], unmet["need"]["reference"]} == {
        first.reference,
        second.reference,
    }
    assert answer["worst"] == answer["total"] == pair["score"]
    assert answer["receipt"]["more_places"] == {str(expert.id): 1}
    assert round_.one(Batch).status is BatchStatus.DRAFT
    assert round_.rows(Message) == []
    assert round_.rows(Job, Job.kind == "compute_batch") == []


def test_for_people_each_pair_is_a_line(app, round_) -> None:
    expert, need = round_.expert("ip"), round_.need("ip")
    assert f"{need.reference} {expert.name}" in call(app, "round", "--month", "2026-09").stdout


@pytest.mark.parametrize(
    ("month", "objective", "status"),
    [
        ("2026-13", "total", 2),
        ("2025-01", "total", 2),
        ("2026-09", "best", 2),
        ("2026-09", "total", 1),
    ],
)
def test_a_call_that_cannot_be_answered_says_so_by_its_status(
    app, round_, month, objective, status
) -> None:
    result = call(app, "round", "--month", month, "--objective", objective, "--json")
    assert (result.exit_code, result.stdout) == (status, "")


def test_anyone_can_compute_a_round_again_from_its_receipt(app, round_) -> None:
    round_.expert("ip")
    round_.need("ip")
    made = json.loads(call(app, "round", "--month", "2026-09", "--json").stdout)

    result = call(app, "recompute", "--round", made["id"], "--json")

    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["equal"]) == (0, True)
    assert answer["sha256"] == made["receipt"]["inputs_sha256"]

    def forge(uow) -> None:
        uow.session.execute(update(BatchNeed).values(scores=[70_000]))

    round_.store.execute(SYSTEM, forge)
    result = call(app, "recompute", "--round", made["id"], "--json")
    assert (result.exit_code, json.loads(result.stdout)["inputs_equal"]) == (1, False)
    assert call(app, "recompute", "--round", "nothing").exit_code == 1
