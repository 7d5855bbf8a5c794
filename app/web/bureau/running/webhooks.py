"""事件推送: systems and robots that are told of events, and what each of them was sent."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.webhook import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_SECRET,
    Draft,
    WebhookKind,
    events_for,
    secret_of,
)
from app.http.edge import the_settings
from app.http.policy import policy
from app.http.run import reading, run
from app.models.webhook import Webhook
from app.queries import webhooks as queries
from app.services import webhooks
from app.unit_of_work.opening import webhook_key
from app.web.bureau.address import key_asked, one_of
from app.web.shared.forms import Form

PAGE = "/bureau/webhooks/<uuid:webhook_id>"
_SHOWN_ONCE = "webhook_secret"
_KINDS = {kind.value: kind for kind in WebhookKind}


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get("/bureau/webhooks")(webhook_list)
    blueprint.get("/bureau/webhooks/new")(ask_webhook)
    blueprint.post("/bureau/webhooks/new")(add_webhook)
    blueprint.get(PAGE)(webhook)
    blueprint.post(f"{PAGE}/pause")(pause_webhook)
    blueprint.post(f"{PAGE}/resume")(resume_webhook)
    blueprint.post(f"{PAGE}/rotate")(rotate_webhook)
    blueprint.post(f"{PAGE}/remove")(remove_webhook)
    blueprint.post(f"{PAGE}/test")(test_webhook)
    blueprint.post(f"{PAGE}/calls/<uuid:call_id>/replay")(replay_call)


@policy(Permission.MANAGE_WEBHOOKS)
def webhook_list() -> ResponseReturnValue:
    """Show the receivers and how they stand."""
    with reading() as reader:
        rows = queries.webhook_list(reader)
    return render_template("bureau/running/webhooks.html", webhooks=rows, kinds=list(WebhookKind))


@policy(Permission.MANAGE_WEBHOOKS)
def ask_webhook() -> ResponseReturnValue:
    """Ask for a new receiver of a kind."""
    kind = one_of(_KINDS, request.args.get("kind", WebhookKind.SIGNED.value))
    return _form(Form({"kind": kind.value}), kind)


@policy(Permission.MANAGE_WEBHOOKS)
def add_webhook() -> ResponseReturnValue:
    """Add the receiver, and show its secret once."""
    form = Form(request.form)
    kind = one_of(_KINDS, form.raw("kind"))
    try:
        with form:
            draft = Draft(
                name=form.text("name", longest=LONGEST_NAME),
                kind=kind,
                address=form.text("address", longest=LONGEST_ADDRESS),
                events=form.choices("events", events_for(kind)),
                secret=_secret(form, kind),
            )
        row = run(webhooks.add, draft, the_settings().webhook_hosts)
    except InvalidInputError as error:
        form.refuse(error)
        return _form(form, kind), 422
    _show_once(row)
    flash(_("已添加。先试发一次，看对方收不收得到。"), "ok")
    return redirect(url_for("bureau.webhook", webhook_id=row.id), code=303)


@policy(Permission.MANAGE_WEBHOOKS, logged=True)
def webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Show one receiver, and what it was sent."""
    after = key_asked(request.args.get("after"))
    with reading() as reader:
        row = queries.webhook(reader, webhook_id)
        calls = queries.call_page(reader, webhook_id, after=after)
    return render_template(
        "bureau/running/webhook.html",
        webhook=row,
        calls=calls,
        after=after,
        secret=session.pop(_SHOWN_ONCE, None),
    )


@policy(Permission.MANAGE_WEBHOOKS)
def pause_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Send nothing for a while."""
    _act(webhooks.pause, webhook_id)
    flash(_("已暂停。暂停期间发生的事不会补发。"), "ok")
    return redirect(url_for("bureau.webhook", webhook_id=webhook_id), code=303)


@policy(Permission.MANAGE_WEBHOOKS)
def resume_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Send again."""
    _act(webhooks.resume, webhook_id)
    flash(_("已恢复，从现在起的事会推送。"), "ok")
    return redirect(url_for("bureau.webhook", webhook_id=webhook_id), code=303)


@policy(Permission.MANAGE_WEBHOOKS)
def rotate_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Make another secret, and show it once."""
    _show_once(_act(webhooks.rotate, webhook_id))
    flash(_("密钥已更换，旧的马上失效，请到对方系统换上新的。"), "ok")
    return redirect(url_for("bureau.webhook", webhook_id=webhook_id), code=303)


@policy(Permission.MANAGE_WEBHOOKS)
def remove_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Send nothing any more."""
    _act(webhooks.remove, webhook_id)
    flash(_("已删除，不再推送。"), "ok")
    return redirect(url_for("bureau.webhook_list"), code=303)


@policy(Permission.MANAGE_WEBHOOKS)
def test_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Send a trial in which nothing happened."""
    run(webhooks.test, webhook_id, f"{_('这是一条测试消息，没有发生任何事。')}\n/bureau/webhooks")
    flash(_("已安排试发，稍后刷新看结果。"), "ok")
    return redirect(url_for("bureau.webhook", webhook_id=webhook_id), code=303)


@policy(Permission.MANAGE_WEBHOOKS)
def replay_call(webhook_id: UUID, call_id: UUID) -> ResponseReturnValue:
    """Send an event once more as it was."""
    run(webhooks.replay, call_id)
    flash(_("已安排重新推送，事件编号不变。"), "ok")
    return redirect(url_for("bureau.webhook", webhook_id=webhook_id), code=303)


def _act(use_case: Callable[..., Webhook], webhook_id: UUID) -> Any:
    form = Form(request.form)
    with form:
        version = form.version()
    return run(use_case, webhook_id, version=version)


def _secret(form: Form, kind: WebhookKind) -> str | None:
    if kind is not WebhookKind.DINGTALK:
        return None
    return form.text("secret", longest=LONGEST_SECRET)


def _show_once(row: Webhook) -> None:
    if row.kind is WebhookKind.SIGNED:
        key = webhook_key(the_settings().secret_key)
        session[_SHOWN_ONCE] = secret_of(key, row.id, row.generation)


def _form(form: Form, kind: WebhookKind) -> str:
    return render_template(
        "bureau/running/webhook_form.html", form=form, kind=kind, events=events_for(kind)
    )
