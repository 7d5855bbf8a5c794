import re
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from app.api.openapi import path_of, routes
from app.api.operations import Nothing, operation_of
from app.api.schemas import Kind, Record, Text, Whole, record_of
from app.api.schemas.containers import Many, Maybe
from app.http.policy import policy_of
from tests.api.asking import PREFIX

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])

# The routes that other systems rely on; more may be added, none may go.
CONTRACT = {
    "get /counts",
    "get /counts/rows",
    "get /bookings/{}",
    "get /experts",
    "get /experts/{}",
    "get /experts/{}/free-times",
    "get /needs/{}",
    "get /needs/{}/proposals",
    "get /openapi.json",
    "get /outcomes/{}",
    "get /service-sessions/{}",
    "post /bookings",
    "post /bookings/{}/accept",
    "post /bookings/{}/cancel",
    "post /bookings/{}/decline",
    "post /bookings/{}/move",
    "post /needs",
    "post /outcomes/{}/confirm",
    "post /service-sessions/{}/check-in",
    "post /service-sessions/{}/finish",
    "post /service-sessions/{}/no-show",
    "post /service-sessions/{}/outcome",
}


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get(f"{PREFIX}/openapi.json")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    return cast(dict[str, Any], answer.json)


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (path, method): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_the_document_holds_every_route_that_is_served_and_no_other(
    app: Flask, document: dict[str, Any]
) -> None:
    served = {
        (path_of(rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert set(operations(document)) == served


def test_every_route_of_the_contract_is_served(document: dict[str, Any]) -> None:
    served = {
        f"{method} {re.sub(r'{[a-z_]+}', '{}', path.removeprefix(PREFIX))}"
        for path, method in operations(document)
    }
    assert served >= CONTRACT


def test_every_schema_is_sound_and_every_reference_leads_somewhere(
    document: dict[str, Any],
) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', str(document).replace("'", '"')):
        place: Any = document
        for step in reference.split("/"):
            place = place[step]
        assert place


def test_names_of_operations_and_words_are_there_once(document: dict[str, Any]) -> None:
    found = operations(document).values()
    names = [each["operationId"] for each in found]
    assert len(set(names)) == len(names)
    assert all(each["summary"].endswith(".") for each in found)


def test_who_may_is_the_same_in_policy_and_promise(app: Flask) -> None:
    for rule, _, promised in routes(app):
        declared = policy_of(app, rule.endpoint)
        assert declared is not None
        assert declared.permissions == promised.permissions
        assert declared.is_public is not bool(promised.permissions)


def test_a_request_takes_nothing_without_bounds(app: Flask) -> None:
    for _, _, promised in routes(app):
        for kind in (promised.body, promised.query):
            for member in record_of(kind).members:
                assert is_bounded(member.kind), f"{kind.__name__}.{member.name}"


def is_bounded(kind: Kind) -> bool:
    if isinstance(kind, Maybe):
        return is_bounded(kind.kind)
    if isinstance(kind, Many):
        return kind.count is not None and is_bounded(kind.kind)
    if isinstance(kind, Record):
        return all(is_bounded(member.kind) for member in kind.members)
    if isinstance(kind, Text):
        return kind.longest is not None
    return not isinstance(kind, Whole) or None not in (kind.low, kind.high)


def test_every_object_of_a_request_is_closed(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    bodies = {name: schema for name, schema in schemas.items() if name.endswith("Body")}
    assert len(bodies) >= 8
    assert all(schema["additionalProperties"] is False for schema in bodies.values())


# Special days are rows that nobody changes: they come and go; a leave or the proposal of a
# waiver is a row of its own beside others.
NEW_ROWS = (
    "/special-days",
    "/leaves",
    "/needs/{need_id}/waivers",
    "/busy-calendars",
    "/doubles",
    "/resend",
    "/samples/{sample_id}/records/{session_id}/calls",
    "/errata",
    "/service-sessions/{session_id}/appraisals",
    "/service-sessions/{session_id}/corrections",
    "/signal-looks",
    "/experts/{expert_id}/dismissals",
    "/experts/{expert_id}/claims",
    "/experts/{expert_id}/honours",
    "/experts/{expert_id}/certificates",
    "/experts/{expert_id}/letters",
    "/experts/{expert_id}/stand-downs",
)
OWN_SEAT = ("join", "leave", "check-in", "waiting-list")
# One more or one less, whatever was counted before; who signs in changes nobody else.
DOOR = ("heads", "sign-ins")
# A calendar is added and forgotten, a feed made and stopped: neither is edited.
CALENDARS = (
    "/busy-calendars/file",
    "/busy-calendars/{calendar_id}/remove",
    "/calendar-feed",
    "/calendar-feed/revoke",
)


def test_every_post_takes_a_key_and_every_change_of_a_row_a_version(
    app: Flask, document: dict[str, Any]
) -> None:
    for (path, method), described in operations(document).items():
        headers = {each["name"] for each in described["parameters"] if each["in"] == "header"}
        assert ("Idempotency-Key" in headers) is (method == "post"), path
        creates = "201" in described["responses"]
        # A notice says all of a year, whatever was there.
        # Whoever takes a seat of an activity may, whatever has been changed of it; a sheet of
        # marks is handed in once, a group verified once; a sheet is added.
        is_free = path.endswith(
            (
                *NEW_ROWS,
                *CALENDARS,
                "/proposals",
                "/special-days/remove",
                "/calendar/import",
                "/sheet",
                "/groups/verify",
                "/consents/withdraw",
                "/persons/{person_id}/consents",
            )
        ) or path.endswith(tuple(f"/activities/{{activity_id}}/{act}" for act in OWN_SEAT + DOOR))
        acts = method == "put" or (method == "post" and not creates and not is_free)
        assert ("If-Match" in headers) is acts, path


def bare(path: str) -> str:
    return re.sub("{[^}]+}", "{}", path)


def test_what_is_made_is_read_where_the_answer_says(app: Flask, document: dict[str, Any]) -> None:
    made = {
        path: operation["responses"]["201"]
        for (path, _), operation in operations(document).items()
        if "201" in operation["responses"]
    }
    placed = {path for path, answer in made.items() if "Location" in answer.get("headers", {})}
    nowhere = {path for path in made if path not in placed}
    assert {"/bookings", "/needs", "/counting-policies/{change_id}/previews"} <= {
        path.removeprefix(PREFIX) for path in placed
    }
    read = {
        re.sub("{[^}]+}", "{}", path) for path, method in operations(document) if method == "get"
    }
    assert [path for path in nowhere if re.sub("{[^}]+}", "{}", path) + "/{}" in read] == []


def test_a_route_without_a_body_promises_none(app: Flask, document: dict[str, Any]) -> None:
    for rule, method, promised in routes(app):
        described = document["paths"][path_of(rule)][method.lower()]
        assert ("requestBody" in described) is (promised.body is not Nothing)
    assert operation_of(app, "public.sign_in") is None
