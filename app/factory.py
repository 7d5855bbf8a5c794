"""The only wiring: settings in, a Flask application out."""

from datetime import datetime

from flask import Flask, g
from flask_babel import Babel
from flask_wtf import CSRFProtect

from app.api import problem
from app.api import v1 as api
from app.api.tokens import bearer_actor
from app.cli import groups
from app.domain.account import LONGEST_SIGN_IN
from app.http import actor, by_link, edge, faults, headers, health, limits, matchers, origin, policy
from app.http.strict_json import StrictJSON
from app.settings import Environment, Settings
from app.unit_of_work import Store
from app.unit_of_work.opening import open_store
from app.web import bureau, founder, links, mentor, public
from app.web.shared import archive, assets, catalogue, layout, policy_days, refusals, years
from app.web.shared.portal import viewer_of
from app.web.shared.words import role_name

PORTALS = (public, founder, mentor, bureau, links)


def create_app(settings: Settings, *, store: Store | None = None) -> Flask:
    """Return the application; nothing connects to the database before the first request.

    Raises:
        UndeclaredEndpointError: when an endpoint does not say who may reach it.
    """
    app = Flask("app.web", template_folder="templates", static_folder="static")
    _configure(app, settings)
    store = store or open_store(settings)
    edge.install(app, settings, store)
    matchers.install(app, settings)
    headers.install(app)
    limits.install(app)
    origin.install(app)
    csrf = CSRFProtect(app)
    actor.install(app, bearer_actor)
    faults.install(app, pages=refusals.answer, api=problem.answer)
    _dress(app, settings)
    app.register_blueprint(health.blueprint)
    for portal in PORTALS:
        app.register_blueprint(portal.blueprint)
    app.register_blueprint(api.blueprint)
    csrf.exempt(api.blueprint)
    groups.register(app)
    policy.public(app.view_functions["static"])
    policy.enforce(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.environment is Environment.TEST,
        SESSION_COOKIE_NAME="__Host-page" if settings.has_https else "page",
        SESSION_COOKIE_SECURE=settings.has_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # Browsers name where a request comes from; http/origin.py reads that instead of Referer.
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_TIME_LIMIT=int(LONGEST_SIGN_IN.total_seconds()),
        BABEL_DEFAULT_LOCALE="zh_CN",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BABEL_TRANSLATION_DIRECTORIES="../translations",
    )
    app.json = StrictJSON(app)


def _dress(app: Flask, settings: Settings) -> None:
    def locale() -> str:
        return problem.language() if edge.is_api() else layout.reader_locale()

    def viewer() -> dict[str, object]:
        is_nobody = g.get("is_broken") or by_link.is_by_link()
        seen = None if is_nobody else viewer_of(actor.current_actor())
        return {"viewer": seen, "unread": g.get("unread", 0)}

    def now() -> datetime:
        return edge.the_store().clock.now()

    Babel(app, locale_selector=locale)
    catalogue.install(app)
    is_demo = settings.environment is Environment.DEMO
    layout.register(app, layout.Site(settings.site_name, is_demo=is_demo), now)
    assets.register(app)
    years.register(app)
    policy_days.register(app)
    archive.register(app)
    app.context_processor(viewer)
    app.jinja_env.globals["role_name"] = role_name
