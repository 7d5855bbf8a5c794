"""The form of a follow-up, which founders and the bureau fill in alike."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import lazy_gettext as _

from app.domain.follow_up import (
    LONGEST_REMARK,
    MOST_JOBS,
    MOST_LOAN_YUAN,
    ActionState,
    Answer,
    FollowUpStatus,
)
from app.http.run import reading, run
from app.queries.follow_ups import follow_up
from app.services import follow_ups
from app.web.shared.forms import Choice, Form

STATE_NAMES: Mapping[ActionState, str] = {
    ActionState.DONE: _("办好了"),
    ActionState.DOING: _("正在办"),
    ActionState.NOT_YET: _("还没办"),
    ActionState.DROPPED: _("不办了"),
}
STATUS_NAMES: Mapping[FollowUpStatus, str] = {
    FollowUpStatus.PLANNED: _("未到时间"),
    FollowUpStatus.ASKED: _("等答复"),
    FollowUpStatus.ANSWERED: _("已答复"),
    FollowUpStatus.UNANSWERED: _("没有答复"),
    FollowUpStatus.MISSED: _("没有问到"),
    FollowUpStatus.STOPPED: _("不再回访"),
}
YUAN = 10_000


def state_choices() -> list[Choice]:
    """Return how far an action may have come, as choices."""
    return [Choice(state.value, str(name)) for state, name in STATE_NAMES.items()]


def give_answer(form: Form, follow_up_id: UUID) -> None:
    """Keep the answer that was sent.

    Raises:
        InvalidInputError, ConflictError, RuleError: as they are told on the page.
    """
    with reading() as reader:
        actions = len(follow_up(reader, follow_up_id).actions)
    with form:
        said, version = read_answer(form, actions), form.version()
    run(follow_ups.answer, follow_up_id, said, version=version)


def read_answer(form: Form, actions: int) -> Answer:
    """Read the answer; to be called within `with form:`.

    Args:
        form: what was sent.
        actions: how many actions the page asked about.
    """
    states = [state.value for state in ActionState]
    names = [(place, f"action_{place}") for place in range(actions)]
    said = {place: form.choice(name, states) for place, name in names if form.given(name)}
    running = form.choice("is_running", ("yes", "no")) if form.given("is_running") else ""
    jobs = form.integer("jobs", 0, MOST_JOBS) if form.given("jobs") else None
    loan = form.integer("loan", 0, MOST_LOAN_YUAN // YUAN) if form.given("loan") else None
    remark = form.text("remark", longest=LONGEST_REMARK, required=False)
    return Answer(
        actions={place: ActionState(state) for place, state in said.items() if state},
        is_running=running == "yes" if running else None,
        jobs=jobs,
        loan_yuan=loan * YUAN if loan is not None else None,
        remark=remark,
    )
