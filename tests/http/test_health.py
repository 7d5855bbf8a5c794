import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app.db import open_engine
from app.domain.actor import SYSTEM
from app.domain.clock import FixedClock
from app.domain.ids import new_id
from app.domain.job import LATE_AFTER
from app.factory import create_app
from app.jobs import queue
from app.jobs.leader import Leadership
from app.services import job_processes
from app.unit_of_work import Store, UnitOfWork
from tests.databases import AUDIT_KEY
from tests.letters import a_lost_letter
from tests.moments import START
from tests.serving import settings

ROOT = Path(__file__).parents[2]


def plan(store: Store, minutes: int) -> None:
    def use_case(uow: UnitOfWork) -> None:
        uow.later("notify", f"k{minutes}", START + timedelta(minutes=minutes))

    store.execute(SYSTEM, use_case)


def test_a_fresh_service_is_up_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "up"}
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["checks"] == {"database": True, "schema": True, "jobs": True}


@pytest.mark.parametrize(
    ("minutes", "status"), [(0, 200), (-10, 200), (-11, 503), (60 * 24 * 365, 200)]
)
def test_a_late_job_makes_it_unready(
    client: FlaskClient, store: Store, minutes: int, status: int
) -> None:
    plan(store, minutes)
    answer = client.get("/readyz")
    assert answer.status_code == status
    assert answer.json["checks"]["jobs"] is (status == 200)


def test_a_late_job_whose_worker_vanished_makes_it_unready(
    client: FlaskClient, store: Store
) -> None:
    plan(store, -11)
    store.execute(SYSTEM, queue.claim, queue.Claim(new_id(), {"notify"}, 1))
    assert client.get("/readyz").status_code == 200
    plan(store, -12)
    store.execute(SYSTEM, queue.claim, queue.Claim(new_id(), {"notify"}, 1, -1))
    assert client.get("/readyz").status_code == 503


def test_an_older_schema_makes_it_unready(client: FlaskClient, store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"] == {"database": True, "schema": False, "jobs": False}


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_without_its_database_it_is_up_and_unready(tmp_path: Any, dialect: str) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/no/such/folder/x.db")
    app = create_app(settings(), store=Store(engine, FixedClock(START), AUDIT_KEY))
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"] == {"database": False, "schema": False, "jobs": False}
    assert client.get("/login").status_code == 200
    client.set_cookie("sid", "x")
    broken = client.get("/help")
    assert broken.status_code == 500
    assert "没有保存成功" in broken.text


def test_metrics_count_jobs_and_tell_the_oldest(client: FlaskClient, store: Store) -> None:
    plan(store, -5)
    plan(store, 60)
    lines = client.get("/metrics").text.splitlines()
    assert 'jieban_jobs{state="ready"} 2' in lines
    assert "jieban_oldest_due_job_seconds 300" in lines
    assert any(line.startswith("jieban_unsealed_audit_entries ") for line in lines)


def test_metrics_tell_kinds_channels_and_processes(client: FlaskClient, store: Store) -> None:
    a_lost_letter(store)
    plan(store, -20)
    process_id = new_id()
    store.execute(SYSTEM, job_processes.beat, process_id, ["deliver_message"])
    Leadership(store, process_id).seek()
    lines = client.get("/metrics").text.splitlines()
    for line in (
        'jieban_jobs_of_kind{kind="notify",figure="late"} 1',
        'jieban_jobs_of_kind{kind="deliver_message",figure="dead"} 1',
        'jieban_jobs_of_unknown_kind{kind="notify"} 1',
        'jieban_deliveries{channel="email",state="unknown"} 1',
        'jieban_oldest_open_delivery_seconds{channel="email"} 0',
        "jieban_job_processes 1",
        f'jieban_leader_token{{process="{process_id}"}} 1',
    ):
        assert line in lines


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_operators_are_told_every_gauge_and_when_a_job_is_late(
    client: FlaskClient, store: Store
) -> None:
    a_lost_letter(store)
    plan(store, 1)
    store.execute(SYSTEM, job_processes.beat, new_id(), ["deliver_message"])
    Leadership(store, new_id()).seek()
    told = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(jieban_\w+)` \|", told, re.MULTILINE))
    served = set(re.findall(r"^jieban_\w+", client.get("/metrics").text, re.MULTILINE))
    assert named - served == {"jieban_bookings", "jieban_webhook_calls"}
    assert served < named
    assert timedelta(minutes=10) == LATE_AFTER
    assert "ten minutes (`LATE_AFTER`" in told


@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.5", {}, 404),
        ("", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.5"}, 404),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.5"}, 404),
        ("127.0.0.1", {"X-Real-IP": "10.0.0.5"}, 404),
    ],
)
def test_metrics_are_for_this_machine_alone(
    client: FlaskClient, address: str, headers: dict[str, str], status: int
) -> None:
    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status
