"""Every route there is, from the URL map: who reaches it, and what it leaves untouched."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from zlib import crc32

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.db import metadata
from app.domain.actor import PERMISSIONS, SYSTEM, Permission, Role
from app.domain.clock import FixedClock
from app.http.policy import UndeclaredEndpointError, enforce, policy, policy_of, public
from app.models.audit_entry import AccessEntry
from app.unit_of_work import Store, unscoped
from tests.depth import THOROUGH
from tests.founder_road import FounderRoad
from tests.http.routes import Route, routes_of
from tests.http.world import PEOPLE, World, a_world
from tests.scenes import Plays
from tests.serving import Serve, app, bearer, client, csrf, serve, sign_in

__all__ = ["app", "bearer", "client", "csrf", "serve", "sign_in"]

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])

# Written at a GET by decision: looks at evidence, and that a sign-in is in use.
WRITTEN_BY_LOOKING = ("access_entries", "sign_in_sessions")
FEWEST_ROUTES = 100
QUESTIONS = ("", "?page=1&q=x&month=2026-09&day=2026-09-18")
# Roles take turns among so many tests, which run side by side.
GROUPS = 4
# A closed door is tried, and a question put, by so many of those who could, by turns; in a
# thorough run by all.
TRIERS = 2


def test_an_endpoint_without_a_policy_stops_the_start(dialect: str) -> None:
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/a", "declared", public(lambda: "a"))
    bare.add_url_rule("/b", "forgotten", lambda: "b")
    portal = Blueprint("portal", __name__)
    portal.add_url_rule("/c", "also_forgotten", lambda: "c", methods=["POST"])
    bare.register_blueprint(portal)
    with pytest.raises(UndeclaredEndpointError, match=r"^forgotten, portal\.also_forgotten$"):
        enforce(bare)


def test_an_endpoint_added_after_the_start_is_never_served(serve: Serve) -> None:
    app = serve()
    app.add_url_rule("/late", "late", lambda: "late")
    assert app.test_client().get("/late").status_code == 500


def test_a_policy_names_at_least_one_permission(dialect: str) -> None:
    with pytest.raises(ValueError, match="at least one"):
        policy()


def test_every_permission_somebody_holds_is_known(app: Flask) -> None:
    named = {p for r in routes_of(app) for p in r.policy.permissions}
    assert named <= set(Permission)


@pytest.fixture
def plays() -> Plays:
    return {"world": a_world}


@pytest.fixture
def world(scene: World) -> World:
    return scene


@pytest.fixture
def forgery_unchecked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return app


def reached(app: Flask, world: World, role: Role | None) -> list[Route]:
    """Return the routes whose door is open to the role, with the keys of the stages.

    After the first each role has one of them in turn, in a thorough run all.
    """
    further = world.stages[1:]
    if not THOROUGH:
        turn = PEOPLE.index(role) if role else 0
        further = further[turn % len(further) :][:1]
    return [route for route in routes_of(app, world.stages[0], *further) if may(role, route)]


def at_the_door(app: Flask, world: World) -> list[Route]:
    """Return what is refused before any key is looked up: once; in a thorough run with all keys."""
    return routes_of(app, *(world.stages if THOROUGH else world.stages[:1]))


def may(role: Role | None, route: Route) -> bool:
    held = PERMISSIONS[role] if role else frozenset()
    return route.policy.is_public or bool(held & route.policy.permissions)


def sent(client: FlaskClient, route: Route, headers: dict[str, str]) -> int:
    options: dict[str, Any] = {"json": {}} if route.is_api and route.changes else {}
    answer = client.open(route.path, method=route.method, headers=headers, buffered=True, **options)
    return answer.status_code


def closed_doors(app: Flask, world: World, role: Role) -> list[Route]:
    """Return the routes that the role may not reach and has to try."""
    return [
        route
        for route in routes_of(app, world.stages[0])
        if role in by_turns(route, [each for each in PEOPLE if not may(each, route)])
    ]


def by_turns(route: Route, people: Sequence[Role | None]) -> Sequence[Role | None]:
    if THOROUGH or not people:
        return people
    first = crc32(f"{route.method} {route.endpoint}".encode()) % len(people)
    return [*people[first:], *people[:first]][:TRIERS]


@pytest.mark.parametrize("place", range(GROUPS))
def test_no_role_gets_through_where_its_permissions_do_not_lead(
    forgery_unchecked: Flask, store: Store, world: World, sign_in: Any, bearer: Any, place: int
) -> None:
    app, tried = forgery_unchecked, 0
    for role in PEOPLE[place::GROUPS]:
        client, headers = sign_in(app.test_client(), world.actors[role]), bearer(world.actors[role])
        before = contents(store)
        for route in closed_doors(app, world, role):
            assert sent(client, route, headers if route.is_api else {}) == 403, (role, route)
            tried += 1
        assert contents(store) == before
    assert tried >= FEWEST_ROUTES


@pytest.mark.parametrize("place", range(GROUPS))
def test_every_act_open_to_a_role_is_answered_whatever_it_is_sent(
    forgery_unchecked: Flask, world: World, sign_in: Any, bearer: Any, place: int
) -> None:
    app, tried = forgery_unchecked, 0
    for role in PEOPLE[place::GROUPS]:
        client, headers = sign_in(app.test_client(), world.actors[role]), bearer(world.actors[role])
        for route in reached(app, world, role):
            if not route.changes or route.path == "/logout":
                continue
            status = sent(client, route, headers if route.is_api else {})
            tried += 1
            assert status != 500, (role, route)
            assert status != 401 or route.policy.is_public, (role, route)
    assert tried >= FEWEST_ROUTES


def test_who_audits_changes_nothing_but_what_is_his_own(
    forgery_unchecked: Flask, store: Store, world: World, sign_in: Any, bearer: Any
) -> None:
    auditor = world.actors[Role.AUDITOR]
    client, headers = sign_in(forgery_unchecked.test_client(), auditor), bearer(auditor)
    before, tried, own, audit = contents(store), 0, set(), set()
    for route in routes_of(forgery_unchecked, world.stages[0]):
        if not route.changes or route.endpoint.startswith("links."):
            continue
        if route.policy.is_audit:
            audit.add(route.endpoint)
            continue
        if route.policy.is_own:
            own.add(route.path.rpartition("/")[0] if "0000" in route.path else route.path)
            continue
        assert sent(client, route, headers if route.is_api else {}) == 403, route
        tried += 1
    assert tried >= FEWEST_ROUTES
    assert contents(store) == before
    assert audit == {
        f"{edge}.{act}" for edge in ("api", "bureau") for act in ("draw_sample", "note_sample_call")
    }
    assert own == {
        *("/login", "/logout", "/display", "/password"),
        *("/settings/contact", "/settings/messages", "/inbox/read"),
        "/inbox/01990000-0000-7000-8000-000000000001",
    }


def test_every_look_of_who_audits_is_noted(
    app: Flask, store: Store, world: World, sign_in: Any, bearer: Any
) -> None:
    auditor = world.actors[Role.AUDITOR]
    client, headers = sign_in(app.test_client(), auditor), bearer(auditor)
    opened = []
    for route in routes_of(app, world.stages[0]):
        if route.method == "GET" and route.endpoint != "static":
            status = client.get(
                route.path, headers=headers if route.is_api else {}, buffered=True
            ).status_code
            if status == 200 and not route.endpoint.startswith(("health.", "links.")):
                opened.append(route.path)
    with store.read(SYSTEM) as reader:
        noted = select(AccessEntry.subject).where(AccessEntry.account_id == auditor.account_id)
        missing = set(opened) - set(reader.session.scalars(noted))
    assert len(opened) >= FEWEST_ROUTES // 2
    assert missing == set()


def test_nobody_in_particular_reaches_only_what_is_public(
    forgery_unchecked: Flask, world: World
) -> None:
    app = forgery_unchecked
    open_ones = [route for route in routes_of(app, *world.stages) if route.policy.is_public]
    for route in dict.fromkeys([*at_the_door(app, world), *open_ones]):
        answer = app.test_client().open(route.path, method=route.method, buffered=True)
        if route.policy.is_public:
            assert answer.status_code != 500, route
        elif route.is_api:
            assert answer.status_code == 401, route
        else:
            assert answer.status_code == 303, route
            assert answer.location.startswith("/login?next="), route


def test_a_form_without_its_token_is_400_on_every_page(
    app: Flask, store: Store, world: World
) -> None:
    before = contents(store)
    changing = [r for r in at_the_door(app, world) if r.changes and not r.is_api]
    assert {"/login", "/logout", "/display"} <= {route.path for route in changing}
    for route in changing:
        for form in ({}, {"csrf_token": "forged"}):
            answer = app.test_client().open(route.path, method=route.method, data=form)
            assert answer.status_code == 400, route
            assert "这一页放得太久了" in answer.text, route
    assert contents(store) == before


@pytest.mark.parametrize("place", range(GROUPS))
def test_looking_at_anything_writes_nothing(
    app: Flask, store: Store, world: World, sign_in: Any, bearer: Any, place: int
) -> None:
    looked = 0
    for role in (None, *PEOPLE)[place::GROUPS]:
        client, headers = app.test_client(), {}
        if role is not None:
            sign_in(client, world.actors[role])
            headers = bearer(world.actors[role])
        before = contents(store)
        with writes(store) as written:
            routes = reached(app, world, role)
            looked += look_everywhere(client, headers, routes, role)
        changed = sorted(name for name, now in contents(store).items() if now != before[name])
        assert changed == [], (role, written)
    assert looked >= FEWEST_ROUTES


def look_everywhere(
    client: FlaskClient, headers: dict[str, str], routes: list[Route], role: Role | None
) -> int:
    """Look at every address, and with a question at what is the role's turn; return how many."""
    gets = [route for route in routes if route.method == "GET"]
    unwanted = (401, 500) if headers else (500,)
    looked: set[str] = set()
    for route in gets:
        everybody = [each for each in (None, *PEOPLE) if may(each, route)]
        asks = route.endpoint not in looked and role in by_turns(route, everybody)
        for question in QUESTIONS if asks else QUESTIONS[:1]:
            path = f"{route.path}{question}"
            answer = client.get(path, headers=headers if route.is_api else {}, buffered=True)
            assert answer.status_code not in unwanted, path
        looked.add(route.endpoint)
    return len(gets)


@contextmanager
def writes(store: Store) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SELECT", "BEGIN", "PRAGMA")):
            seen.append(statement[:80])

    event.listen(store.engine, "before_cursor_execute", note)
    yield seen
    event.remove(store.engine, "before_cursor_execute", note)


def contents(store: Store) -> dict[str, str]:
    """Return a hash of each table's rows."""
    found = {}
    with unscoped(), store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name not in WRITTEN_BY_LOOKING:
                statement = select(table)
                if table.name == "audit_entries":
                    # The trail is told of looks as well, and of nothing else.
                    statement = statement.where(table.c.entity != "access_entries")
                rows = sorted(map(repr, connection.execute(statement)))
                found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def test_the_check_of_contents_sees_a_single_changed_row(store: Store, clock: FixedClock) -> None:
    before = contents(store)
    FounderRoad(store, clock)
    after = contents(store)
    assert {"accounts", "persons", "needs", "experts"} <= {
        name for name in after if after[name] != before[name]
    }


def test_everybody_begins_on_a_page_that_opens(app: Flask, world: World, sign_in: Any) -> None:
    for role in PEOPLE:
        client = sign_in(app.test_client(), world.actors[role])
        first = client.get("/", follow_redirects=True)
        assert first.status_code == 200, (role, first.request.path)
        assert first.request.path != "/", role


def test_every_role_reaches_something_of_its_own(app: Flask) -> None:
    for role in PEOPLE:
        reached = [r for r in routes_of(app) if PERMISSIONS[role] & r.policy.permissions]
        assert reached, role
    assert Role.SYSTEM not in PEOPLE
    assert policy_of(app, "static") is not None
