import json

import pytest
from click.testing import Result
from flask import Flask

from app.unit_of_work import Store
from tests.past_lists import a_past
from tests.serving import app, serve

__all__ = ["app", "serve"]


def call(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["matching", *words])


@pytest.fixture
def taught(app: Flask, store: Store) -> Flask:
    a_past(store)
    assert call(app, "learn").exit_code == 0
    return app


def versions(app: Flask) -> dict:
    result = call(app, "versions", "--json")
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_a_version_goes_from_the_shadow_to_live_and_back(app: Flask, store: Store) -> None:
    a_past(store)

    learned = json.loads(call(app, "learn", "--json").stdout)
    assert (learned["number"], learned["state"]) == (1, "learned")
    assert learned["evidence"]["trial"]["needs"] == 55
    assert (versions(app)["ranking"], len(versions(app)["items"])) == (None, 1)

    observed = json.loads(call(app, "shadow", "--json").stdout)
    assert (observed["number"], observed["state"]) == (1, "shadow")
    assert versions(app)["ranking"] is None

    promoted = json.loads(call(app, "promote", "--json").stdout)
    assert (promoted["number"], promoted["state"]) == (1, "live")
    assert versions(app)["ranking"] == 1

    assert json.loads(call(app, "rollback", "--json").stdout) == {"live": None}
    told = versions(app)
    assert (told["ranking"], told["items"][0]["state"]) == (None, "retired")
    assert told["items"][0]["evidence"]["trial"]["is_won"] is True


def test_people_read_the_lead_with_its_interval(taught: Flask) -> None:
    told = call(taught, "promote", "--number", "1").stdout
    assert told.startswith("1 ")
    assert " live: ahead by +" in told
    assert told.rstrip().endswith("on 55 later needs, proven")
    assert call(taught, "versions").stdout.startswith("learning is on\nversion 1 ranks\n1 ")
    assert call(taught, "rollback").stdout == "the base score ranks alone\n"


def test_learning_is_switched_off_and_on(taught: Flask) -> None:
    call(taught, "promote")
    assert json.loads(call(taught, "off", "--json").stdout) == {"learning_is_on": False}
    assert (versions(taught)["learning_is_on"], versions(taught)["ranking"]) == (False, None)
    refused = call(taught, "learn")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "learning.off" in refused.stderr
    assert call(taught, "on").stdout == "learning is on\n"
    assert versions(taught)["ranking"] == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("learn",), 1, "matcher_version.too_few"),
        (("promote",), 1, "matcher_version.not_found"),
        (("promote", "--number", "4"), 1, "matcher_version.not_found"),
        (("rollback",), 1, "matcher_version.none_live"),
        (("shadow",), 1, "matcher_version.not_found"),
        (("shadow", "--number", "perhaps"), 2, "perhaps"),
    ],
)
def test_a_refusal_is_told_and_exits_by_its_kind(
    app: Flask, words: tuple[str, ...], code: int, said: str
) -> None:
    result = call(app, *words)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


def test_what_is_not_proven_is_refused_with_its_figures(app: Flask, store: Store) -> None:
    a_past(store, luck=0.5)
    call(app, "learn")
    result = call(app, "promote")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "matcher_version.not_proven" in result.stderr
    assert "55" in result.stderr
    assert versions(app)["items"][0]["state"] == "learned"
