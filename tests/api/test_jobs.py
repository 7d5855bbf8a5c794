from datetime import timedelta

from app.domain.actor import SYSTEM, Role
from app.domain.ids import new_id
from app.domain.job import JobState
from app.services import job_processes
from tests.api.conftest import As
from tests.builders import staff
from tests.founder_road import FounderRoad
from tests.letters import a_job, a_lost_letter
from tests.moments import START

DEAD = {"attempts": 8, "last_error": "OSError: gone"}


def test_jobs_are_listed_counted_and_queued_anew_once(road: FounderRoad, as_: As) -> None:
    operator = as_(staff(road.store, Role.SYS_ADMIN))
    first, second = (a_job(road.store, "remind_session", JobState.DEAD, **DEAD) for _ in range(2))
    road.store.execute(SYSTEM, job_processes.beat, new_id(), ["notify"])
    road.clock.put(START + timedelta(hours=1))
    found = operator.get("/jobs", state="dead", kind="remind_session").json
    assert [item["id"] for item in found["items"]] == [str(second.id), str(first.id)]
    assert found["items"][0]["last_error"] == "OSError: gone"
    rest = operator.get("/jobs", state="dead", cursor=found["items"][0]["id"]).json
    assert [item["id"] for item in rest["items"]] == [str(first.id)]
    assert operator.get("/jobs", kind="nothing").json == {"items": [], "next": None}

    figures = operator.get("/jobs/figures").json
    (kind,) = (each for each in figures["kinds"] if each["kind"] == "remind_session")
    assert (kind["dead"], kind["is_known"]) == (2, False)
    assert len(figures["processes"]) == 1
    assert figures["leader"] is None

    path = f"/jobs/{first.id}/requeue"
    stale = operator.post(path, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json["code"]) == (409, "version.stale")
    queued = operator.post(path, headers={"If-Match": '"1"', "Idempotency-Key": "k"})
    assert (queued.json["state"], queued.json["version"]) == ("ready", 2)
    again = operator.post(path, headers={"If-Match": '"1"', "Idempotency-Key": "k"})
    assert again.json == queued.json
    late = operator.post(path)
    assert (late.status_code, late.json["code"]) == (409, "job.not_dead")
    assert as_(staff(road.store)).post(path).status_code == 403


def test_a_lost_letter_is_sent_once_more(road: FounderRoad, as_: As) -> None:
    letter = a_lost_letter(road.store)
    path = f"/deliveries/{letter.id}/resend"
    assert as_(road.founder).post(path).status_code == 403
    operator = as_(staff(road.store, Role.SYS_ADMIN))
    (dead,) = operator.get("/jobs", state="dead").json["items"]
    assert dead["resends"] == str(letter.id)
    refused = operator.post(f"/jobs/{dead['id']}/requeue")
    assert (refused.status_code, refused.json["code"]) == (422, "job.resend_instead")
    sent = operator.post(path).json
    assert (sent["series"], sent["state"], sent["channel"]) == (2, "planned", "email")
    again = as_(staff(road.store)).post(path)
    assert (again.status_code, again.json["code"]) == (409, "delivery.resent_already")
    (channel,) = operator.get("/jobs/figures").json["channels"]
    assert channel["counts"] == {"planned": 1, "unknown": 1}
