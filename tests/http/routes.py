"""Every route of an application as requests: generated from the URL map, so none is forgotten."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule

from app.http.policy import Policy, policy_of

UNKNOWN = UUID("01990000-0000-7000-8000-000000000001")
# What stands in an address besides keys: a month, a file, a code.
SAMPLES: Mapping[str, object] = {
    "filename": "app.js",
    "month": "2026-09",
    "no": "TZ2026-000001",
    "reference": "TZ2026-000001",
    "day": "2026-09-18",
}


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address."""

    endpoint: str
    method: str
    path: str
    policy: Policy

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def changes(self) -> bool:
        return self.method not in ("GET", "HEAD", "OPTIONS")


def routes_of(app: Flask, *stages: Mapping[str, object]) -> list[Route]:
    """Return every route but HEAD and OPTIONS, once for each set of keys that it can hold."""
    with app.test_request_context():
        found = {
            route: None
            for stage in stages or ({},)
            for rule in app.url_map.iter_rules()
            for route in _routes(app, rule, {**SAMPLES, **stage})
        }
    return list(found)


def _routes(app: Flask, rule: Rule, known: Mapping[str, object]) -> Iterator[Route]:
    declared = policy_of(app, rule.endpoint)
    assert declared is not None, rule.endpoint
    values = {name: known.get(name, UNKNOWN) for name in rule.arguments}
    built = app.url_map.bind("").build(rule.endpoint, values, append_unknown=False)
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        yield Route(rule.endpoint, method, built, declared)
