"""Every endpoint declares who may reach it, or the application does not start."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import Flask, g, request

from app.domain.actor import Actor, Permission, may
from app.domain.errors import ForbiddenError
from app.http.access import note_access
from app.http.actor import current_actor
from app.http.edge import the_settings
from app.http.status import NotSignedInError, PasswordChangeDueError

View = TypeVar("View", bound=Callable[..., Any])
_ATTRIBUTE = "jieban_policy"
_LOOKS = frozenset({"GET", "HEAD", "OPTIONS"})
# Files of the pages; whether the service is well; letters, whoever is signed in beside them.
_OF_NOBODY = frozenset({"static", "health", "links"})


@dataclass(frozen=True, slots=True)
class Policy:
    """Who reaches an endpoint: everybody, or holders of one of the permissions."""

    permissions: frozenset[Permission] = frozenset()
    is_public: bool = False
    is_logged: bool = False
    is_first: bool = False
    is_own: bool = False
    is_audit: bool = False


class UndeclaredEndpointError(RuntimeError):
    """Endpoints without a policy; the application refuses to start."""


def policy(
    *permissions: Permission, logged: bool = False, first: bool = False
) -> Callable[[View], View]:
    """Let holders of any of the permissions reach the view.

    Args:
        permissions: at least one; `Permission.USE_OWN_ACCOUNT` is everybody signed in.
        logged: the view shows evidence; each look is written to the access log first, and
            refused when that fails.
        first: the view is reached while the first password still has to be changed.
    """
    if not permissions:
        raise ValueError("name at least one permission")
    return _declare(Policy(frozenset(permissions), is_logged=logged, is_first=first))


def public(view: View) -> View:
    """Let everybody reach the view."""
    return _declare(Policy(is_public=True))(view)


def own(view: View) -> View:
    """Let even who only looks use the view: it changes nothing but what is his own.

    Stands above `policy` or `public`.
    """
    return _declare(replace(getattr(view, _ATTRIBUTE), is_own=True))(view)


def audit(view: View) -> View:
    """Let even who only looks use the view: it is a part of his audit and no fact of the service.

    Stands above `policy`; each use is noted as a look is.
    """
    return _declare(replace(getattr(view, _ATTRIBUTE), is_audit=True))(view)


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """Return what the endpoint declares, None when it declares nothing."""
    return getattr(app.view_functions.get(endpoint), _ATTRIBUTE, None)


def enforce(app: Flask) -> None:
    """Check every request against its endpoint's policy from now on.

    Raises:
        UndeclaredEndpointError: naming every endpoint without one.
    """
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    undeclared = sorted(name for name in endpoints if policy_of(app, name) is None)
    if undeclared:
        raise UndeclaredEndpointError(", ".join(undeclared))
    app.before_request(lambda: _check(app))


def _check(app: Flask) -> None:
    if request.endpoint is None:
        return
    declared = policy_of(app, request.endpoint)
    if declared is None:
        raise UndeclaredEndpointError(request.endpoint)
    if declared.is_public and _OF_NOBODY & {request.endpoint, request.blueprint}:
        return
    actor = current_actor()
    is_theirs = declared.is_own or declared.is_audit
    if actor.only_looks and request.method not in _LOOKS and not is_theirs:
        # The try too is noted: who audits has no business with it.
        note_access(actor, result="refused")
        raise ForbiddenError(endpoint=request.endpoint)
    if not declared.is_public:
        _ensure_allowed(actor, declared)
    if declared.is_logged or actor.only_looks:
        note_access(actor)


def _ensure_allowed(actor: Actor, declared: Policy) -> None:
    if actor.account_id is None:
        raise NotSignedInError
    if not any(may(actor, permission) for permission in declared.permissions):
        raise ForbiddenError(endpoint=request.endpoint)
    if the_settings().is_production and g.get("must_change_password") and not declared.is_first:
        raise PasswordChangeDueError


def _declare(declared: Policy) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, declared)
        return view

    return mark
