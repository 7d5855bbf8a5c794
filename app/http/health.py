"""Is the process up, may it be sent work, how does it stand: for machines that watch."""

from ipaddress import ip_address

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.schema import is_newest
from app.domain.actor import SYSTEM
from app.http.edge import the_store
from app.http.policy import public
from app.queries.jobs import job_health
from app.queries.service_health import Gauge, gauges

blueprint = Blueprint("health", __name__)

UNAVAILABLE = 503
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Tell that the process answers."""
    return jsonify(status="up")


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Tell whether the database is reached, its schema is the newest and no job is late."""
    checks = {"database": False, "schema": False, "jobs": False}
    try:
        checks["schema"] = is_newest(the_store().engine)
        checks["database"] = True
        if checks["schema"]:
            with the_store().read(SYSTEM) as reader:
                checks["jobs"] = not job_health(reader).is_late
    except SQLAlchemyError:
        checks["database"] = False
    is_ready = all(checks.values())
    return jsonify(status="ready" if is_ready else "not_ready", checks=checks), (
        200 if is_ready else UNAVAILABLE
    )


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Return the gauges as Prometheus text, to this machine only."""
    if not _is_from_here():
        abort(404)
    with the_store().read(SYSTEM) as reader:
        lines = [_line(gauge) for gauge in gauges(reader)]
    return Response("\n".join(lines) + "\n", content_type=METRICS_TYPE)


def _is_from_here() -> bool:
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip")):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _line(gauge: Gauge) -> str:
    labels = ",".join(f'{name}="{value}"' for name, value in gauge.labels.items())
    return (
        f"{gauge.name}{{{labels}}} {gauge.value:g}" if labels else f"{gauge.name} {gauge.value:g}"
    )
