"""What every page frame needs: the site's name, its navigation, the reader's settings."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app, g, request
from flask_babel import lazy_gettext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.domain.actor import may
from app.http.actor import current_actor
from app.http.policy import policy_of
from app.web.shared import filters, zones
from app.web.shared.charts import share
from app.web.shared.display import Display, display_of
from app.web.shared.errors import error_text, fault_text
from app.web.shared.formatting import Locale
from app.web.shared.forms import quarter_hours


@dataclass(frozen=True, slots=True)
class Site:
    """Whose service this is and how to reach it by telephone."""

    name: str = "历城创业导师"
    owner: str = "济南市历城区人力资源社会保障局"
    phone: str = "0531-0000 0000"
    is_demo: bool = True


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of a portal's navigation, under the heading of its group where it has one."""

    key: str
    label: str
    href: str
    icon: str
    group: str = ""


_ = lazy_gettext

NAVIGATION: Mapping[str, Sequence[NavItem]] = {
    "visitor": (
        NavItem("mentors", _("导师库"), "/mentors", "users"),
        NavItem("events", _("活动"), "/events", "calendar-days"),
        NavItem("plan", _("计划目标"), "/plan", "trending-up"),
        NavItem("verify", _("核验记录"), "/verify", "shield-check"),
        NavItem("help", _("帮助"), "/help", "info"),
    ),
    "founder": (
        NavItem("home", _("首页"), "/me", "home"),
        NavItem("needs", _("提需求"), "/needs/new", "pencil"),
        NavItem("mentors", _("导师库"), "/mentors", "users"),
        NavItem("bookings", _("预约"), "/bookings", "calendar-days"),
        NavItem("inbox", _("消息"), "/inbox", "bell"),
    ),
    "mentor": (
        NavItem("requests", _("待回复"), "/mentor", "inbox"),
        NavItem("board", _("揭榜"), "/mentor/board", "sparkles"),
        NavItem("calendar", _("日历"), "/mentor/calendar", "calendar-days"),
        NavItem("availability", _("可约时间"), "/mentor/availability", "clock"),
        NavItem("sessions", _("服务记录"), "/mentor/sessions", "file-text"),
    ),
    "bureau": (
        NavItem("overview", _("总览"), "/bureau", "layout-dashboard"),
        NavItem("tasks", _("待办"), "/bureau/tasks", "circle-alert"),
        NavItem("desk", _("服务窗口"), "/bureau/desk", "user", _("窗口与日程")),
        NavItem("agenda", _("日程"), "/bureau/agenda", "calendar-days", _("窗口与日程")),
        NavItem("clinics", _("坐诊排班"), "/bureau/clinics", "clock", _("窗口与日程")),
        NavItem("places", _("场所"), "/bureau/places", "map-pin", _("窗口与日程")),
        NavItem("activities", _("活动"), "/bureau/activities", "users", _("窗口与日程")),
        NavItem("needs", _("需求"), "/bureau/needs", "pencil", _("撮合")),
        NavItem("supply", _("导师缺口"), "/bureau/supply", "search", _("撮合")),
        NavItem("rounds", _("撮合批次"), "/bureau/rounds", "scale", _("撮合")),
        NavItem("mentors", _("导师库"), "/bureau/mentors", "users", _("撮合")),
        NavItem("sessions", _("服务台账"), "/bureau/sessions", "list-checks", _("服务与跟进")),
        NavItem("follow_ups", _("回访"), "/bureau/followups", "phone", _("服务与跟进")),
        NavItem("actions", _("要办的事"), "/bureau/actions", "list-checks", _("服务与跟进")),
        NavItem("tickets", _("整改单"), "/bureau/tickets", "circle-alert", _("服务与跟进")),
        NavItem("appeals", _("申诉"), "/bureau/appeals", "inbox", _("服务与跟进")),
        NavItem("duty", _("履职"), "/bureau/duty", "trending-up", _("目标与报表")),
        NavItem("plan", _("计划目标"), "/bureau/plan", "layout-dashboard", _("目标与报表")),
        NavItem("progress", _("工作进展"), "/bureau/plan/progress", "list-checks", _("目标与报表")),
        NavItem("reports", _("报表与证明"), "/bureau/reports", "file-text", _("目标与报表")),
        NavItem("audit", _("审计台"), "/bureau/audit", "shield-check", _("审计")),
        NavItem("signals", _("值得看一眼"), "/bureau/signals", "search", _("审计")),
        NavItem("samples", _("抽查"), "/bureau/samples", "shield-check", _("审计")),
        NavItem("log", _("操作日志"), "/bureau/log", "history", _("审计")),
        NavItem("outbox", _("发件箱"), "/bureau/outbox", "inbox", _("运行")),
        NavItem("jobs", _("后台任务"), "/bureau/jobs", "clock", _("运行")),
        NavItem("webhooks", _("事件推送"), "/bureau/webhooks", "sparkles", _("运行")),
        NavItem("accounts", _("账户"), "/bureau/accounts", "user", _("运行")),
    ),
}

PORTAL_NAMES: Mapping[str, str] = {
    "visitor": _("区人力资源社会保障局"),
    "founder": _("区人力资源社会保障局"),
    "mentor": _("导师工作台"),
    "bureau": _("人社局管理端"),
}


def navigation(portal: str) -> list[NavItem]:
    """Return the entries of a portal that lead to a page served, and open to whoever asks."""
    return [item for item in NAVIGATION[portal] if is_served(item.href) and is_open(item.href)]


def is_served(path: str) -> bool:
    """Tell whether a GET of the path reaches a page."""
    return _endpoint(path) is not None


def _endpoint(path: str) -> str | None:
    try:
        endpoint, _values = current_app.url_map.bind("").match(path, method="GET")
    except RequestRedirect:
        return ""
    except HTTPException:
        return None
    return str(endpoint)


def is_open(path: str) -> bool:
    """Tell whether whoever asks may get what is at the path, which may carry a question."""
    path = path.partition("?")[0]
    declared = policy_of(current_app, _endpoint(path) or "")
    if declared is None or declared.is_public or g.get("is_broken"):
        return True
    actor = current_actor()
    return any(may(actor, permission) for permission in declared.permissions)


def reader_display() -> Display:
    """Return the settings of whoever asks."""
    return display_of(request.cookies)


def reader_locale() -> Locale:
    """Return the language of whoever asks: what Flask-Babel takes as its locale selector."""
    return reader_display().lang


def register(app: Flask, site: Site, now: Callable[[], datetime]) -> None:
    """Give every template the frame's values, the formatting filters and the wording of errors."""
    filters.register(app.jinja_env, reader_locale, now)
    app.jinja_env.filters["own_time"] = _own_time

    def words(code: str, facts: Mapping[str, object]) -> str:
        return error_text(code, facts, reader_locale())

    app.jinja_env.globals.update(
        site=site,
        navigation=navigation,
        is_served=is_served,
        is_open=is_open,
        portal_names=PORTAL_NAMES,
        error_text=words,
        fault_text=lambda fault, label="": fault_text(fault, label, reader_locale()),
        quarter_hours=quarter_hours,
        share=share,
        printed_at=now,
        new_idempotency_key=lambda: secrets.token_urlsafe(18),
    )
    app.context_processor(lambda: {"display": reader_display()})


def _own_time(starts_at: datetime, ends_at: datetime) -> str:
    """Return a span on the reader's own clock, empty where that is Beijing's."""
    return zones.own_time(starts_at, ends_at, current_actor().time_zone, reader_locale())
