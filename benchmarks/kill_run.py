"""kill -9 of web and job processes while founders book: nothing lost, nothing done twice.

Clients book over HTTP with an idempotency key and ask again when they get no answer. Meanwhile
web workers, the whole web server and the job process are killed and started anew. Afterwards
every acknowledged booking must stand once, no booking may stand that nobody was told of, each
mentor must have been told once, and the trail must verify.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import create_engine, text

from app.db import open_engine
from app.domain.actor import Role
from app.domain.clock import FixedClock
from app.domain.ids import new_id
from app.models.account import ApiToken
from app.services.accounts import secret_sha256
from app.unit_of_work import Store
from benchmarks.killable_service import Service, kill, kill_worker
from tests import databases, postgres
from tests.builders import a_need, a_person, an_account, an_expert, keep, the_person_of
from tests.moments import START, at

ROOT = Path(__file__).parents[1]
EXPERTS, FOUNDERS, CLIENTS = 12, 90, 6
PATIENCE_SECONDS = 90


@dataclass
class Town:
    """Who books with whom."""

    experts: list[UUID]
    founders: list[tuple[str, UUID]]


@dataclass
class Tally:
    """What clients saw and what was killed."""

    acked: dict[str, str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)
    retries: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    struck: int = 0


def build(url: str) -> Town:
    """Fill the database with experts who can sign in and founders who hold tokens."""
    engine = open_engine(url)
    store = Store(engine, FixedClock(START), databases.AUDIT_KEY)
    experts = [an_expert(store, name=f"E{n}", monthly_limit=10**6) for n in range(EXPERTS)]
    for expert in experts:
        an_account(store, Role.MENTOR, person=the_person_of(store, expert))
    founders = []
    for number in range(FOUNDERS):
        person = a_person(store, name=f"F{number}")
        account = an_account(store, Role.FOUNDER, person=person)
        token = f"token-{number}"
        keep(
            store,
            ApiToken(account_id=account.id, token_sha256=secret_sha256(token), created_at=START),
        )
        founders.append((token, a_need(store, person.id).id))
    engine.dispose()
    return Town([expert.id for expert in experts], founders)


def book(service: Service, town: Town, tally: Tally, until: float, seed: int) -> None:
    """Book one after the other; an unanswered request is sent again with the same key."""
    dice = random.Random(seed)
    while time.monotonic() < until:
        token, need_id = town.founders[dice.randrange(seed, FOUNDERS, CLIENTS)]
        body = {
            "need_id": str(need_id),
            "expert_ids": [str(dice.choice(town.experts))],
            "starts_at": (
                at("09-21 09:00")
                + timedelta(days=dice.choice((0, 1, 2, 7, 8, 9)))
                + timedelta(minutes=15) * dice.randrange(44)
            ).isoformat(),
            "session_type": "consultation",
            "mode": "onsite",
        }
        insist(service, tally, token, body, str(new_id()))


def insist(service: Service, tally: Tally, token: str, body: dict[str, object], key: str) -> None:
    """Send until there is an answer."""
    patience = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < patience:
        status, answer = send(service, token, body, key)
        if status == 201:
            tally.acked[key] = answer["id"]
            return
        if status and status < 500:
            tally.refused[answer.get("code", str(status))] += 1
            return
        tally.retries += 1
        time.sleep(0.1)
    tally.unknown.append(key)


def send(service: Service, token: str, body: dict[str, object], key: str) -> tuple[int, dict]:
    """Return status and answer, 0 when the connection broke."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{service.port}/api/v1/bookings",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        try:
            return error.code, json.load(error)
        except ValueError:
            return error.code, {}
    except (OSError, ValueError):
        return 0, {}


def attack(service: Service, tally: Tally, engine_url: str, until: float) -> None:
    """Kill a web worker, the web server or the job process, again and again."""
    dice = random.Random(7)
    engine = create_engine(engine_url)
    leased = text("SELECT count(*) FROM jobs WHERE state = 'leased'")
    while time.monotonic() < until:
        time.sleep(dice.uniform(1.5, 3.5))
        victim = dice.choice(("worker", "worker", "server", "jobs", "jobs"))
        tally.kills[victim] += 1
        if victim == "worker":
            kill_worker(service.web.pid, dice)
        elif victim == "server":
            kill(service.web)
            service.start_web()
            service.await_web()
        else:
            with engine.connect() as connection:
                tally.struck += int(connection.execute(leased).scalar_one() > 0)
            kill(service.jobs)
            service.start_jobs()
    engine.dispose()


DUE = "SELECT count(*) FROM jobs WHERE kind = 'notify' AND state IN ('ready', 'leased')"
STANDING = "SELECT id FROM bookings WHERE status = 'requested'"
TOLD = (
    "SELECT subject_id, count(*) FROM messages WHERE event = 'booking.requested'"
    " GROUP BY subject_id"
)


def judge(url: str, tally: Tally) -> dict[str, int]:
    """Wait for the jobs to settle and return every fault by name."""
    engine = create_engine(url)
    patience = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < patience and _number(engine, DUE):
        time.sleep(0.5)
    with engine.connect() as connection:
        standing = {_hex(key) for key in connection.execute(text(STANDING)).scalars()}
        told = {_hex(key): count for key, count in connection.execute(text(TOLD))}
    acked = [_hex(key) for key in tally.acked.values()]
    engine.dispose()
    return {
        "lost": len(set(acked) - standing),
        "ghosts": len(standing - set(acked)) if not tally.unknown else 0,
        "acknowledged twice": len(acked) - len(set(acked)),
        "not told": sum(told.get(key, 0) == 0 for key in acked),
        "told twice": sum(count > 1 for count in told.values()),
        "unanswered": len(tally.unknown),
    }


def _hex(key: object) -> str:
    return str(key).replace("-", "")


def _number(engine: object, query: str) -> int:
    with engine.connect() as connection:  # type: ignore[attr-defined]  # an engine
        return int(connection.execute(text(query)).scalar_one())


def run(url: str, seconds: float) -> bool:
    """Attack one database; tell whether nothing broke."""
    town, tally = build(url), Tally()
    folder = Path(tempfile.mkdtemp(prefix="jieban-kill-"))
    service = Service(url, folder)
    service.await_web()
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=book, args=(service, town, tally, until, seed))
        for seed in range(CLIENTS)
    ]
    threads.append(threading.Thread(target=attack, args=(service, tally, url, until)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    faults = judge(url, tally)
    verified = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "audit", "verify", "--json"],
        cwd=ROOT,
        env=service.environment,
        capture_output=True,
        text=True,
    )
    service.stop()
    shutil.rmtree(folder, ignore_errors=True)
    faults["trail broken"] = verified.returncode
    print(f"\n{url.split(':')[0]}: {len(tally.acked)} acknowledged, {dict(tally.refused)} refused,")
    print(f"  {tally.retries} retries, kills {dict(tally.kills)}, {tally.struck} struck a lease")
    print("  " + ", ".join(f"{name} {count}" for name, count in faults.items()))
    enough = len(tally.acked) >= seconds / 2 and sum(tally.kills.values()) >= seconds / 8
    return enough and not any(faults.values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack SQLite, then PostgreSQL; 0 when nothing was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    seconds = parser.parse_args(arguments).seconds
    folder = Path(tempfile.mkdtemp(prefix="jieban-kill-"))
    postgres.prepare(durable=True)
    try:
        shutil.copyfile(databases.sqlite_template(folder), folder / "kill.db")
        held = run(f"sqlite:///{folder / 'kill.db'}", seconds)
        server = postgres.url()
        databases.postgresql_template(folder, server)
        databases.create(server, "kill", databases.TEMPLATE)
        held = run(databases.database(server, "kill"), seconds) and held
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
