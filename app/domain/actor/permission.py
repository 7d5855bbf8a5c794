"""What each role may do."""

from enum import StrEnum

from app.domain.actor.role import Role


class Permission(StrEnum):
    """Everything an actor can be allowed to do."""

    USE_OWN_ACCOUNT = "account.own"
    MANAGE_ACCOUNTS = "account.manage"
    READ_EXPERTS = "expert.read"
    IMPORT_EXPERTS = "expert.import"
    APPOINT_EXPERT = "expert.appoint"
    DECLARE_INTEREST = "expert.declare_interest"
    SET_AVAILABILITY = "availability.set"
    SET_CLINIC = "clinic.set"
    GIVE_SLOT = "clinic.give_slot"
    SET_CALENDAR = "calendar.set"
    READ_PLACES = "place.read"
    MANAGE_PLACES = "place.manage"
    SUBMIT_NEED = "need.submit"
    READ_NEED = "need.read"
    IMPORT_NEEDS = "need.import"
    READ_PROPOSALS = "proposal.read"
    READ_EXCLUSIONS = "proposal.read_exclusions"
    READ_BATCHES = "batch.read"
    MAKE_BATCH = "batch.make"
    REVIEW_BATCH = "batch.review"
    PUBLISH_BATCH = "batch.publish"
    FORM_PANEL = "panel.form"
    WRITE_POST = "board_post.write"
    ANSWER_POST = "board_post.answer"
    READ_BOARD = "board_post.read"
    CLAIM_POST = "board_claim.make"
    MANAGE_MATCHER = "proposal.manage_matcher"
    ASK_IN_WRITING = "written_answer.ask"
    ANSWER_IN_WRITING = "written_answer.answer"
    BOOK = "booking.request"
    READ_BOOKING = "booking.read"
    ANSWER_BOOKING = "booking.answer"
    CANCEL_BOOKING = "booking.cancel"
    MOVE_BOOKING = "booking.move"
    OFFER_TIMES = "booking.offer_times"
    REASSIGN_BOOKING = "booking.reassign"
    WAIT = "waiting_list.wait"
    RESUME_BOOKING = "booking.resume"
    READ_ACTIVITIES = "activity.read"
    MANAGE_ACTIVITY = "activity.manage"
    JOIN_ACTIVITY = "activity.join"
    JUDGE = "activity.judge"
    READ_SERVICE_SESSION = "service_session.read"
    HOLD_SERVICE_SESSION = "service_session.hold"
    ENTER_ON_PAPER = "service_session.enter"
    ADD_ATTACHMENT = "attachment.add"
    STRIKE_ATTACHMENT = "attachment.strike"
    REPORT_NO_SHOW = "service_session.no_show"
    RECORD_OUTCOME = "outcome.record"
    CONFIRM_OUTCOME = "outcome.confirm"
    CERTIFY_OUTCOME = "outcome.certify"
    ANSWER_FOLLOW_UP = "follow_up.answer"
    WORK_DIAGNOSIS = "diagnosis.work"
    SET_MATERIALS = "diagnosis.set_materials"
    ANSWER_MATERIAL = "diagnosis.answer_material"
    RECUSE_FROM_DIAGNOSIS = "diagnosis.recuse"
    HEAR_REPORT = "diagnosis.hear"
    CLOSE_ACTION = "action_item.close"
    READ_ACTIONS = "action_item.read"
    RULE_DISPUTE = "dispute.rule"
    READ_TICKETS = "ticket.read"
    WORK_TICKET = "ticket.work"
    APPEAL = "appeal.make"
    READ_APPEALS = "appeal.read"
    ANSWER_APPEAL = "appeal.answer"
    READ_COUNTS = "count.read"
    READ_DUTY = "duty.read"
    READ_OWN_DUTY = "duty.read_own"
    READ_PLAN = "plan.read"
    ENTER_PLAN = "plan.enter"
    CHECK_PLAN = "plan.check"
    REPORT_PLAN = "plan.report"
    MAKE_REPORT = "report_file.make"
    READ_REPORT_FILES = "report_file.read"
    ISSUE_CERTIFICATE = "certificate.issue"
    WITHDRAW_CERTIFICATE = "certificate.withdraw"
    PROPOSE_DISMISSAL = "dismissal.propose"
    CLAIM = "claim.make"
    CHECK_CLAIM = "claim.check"
    ENTER_HONOUR = "honour.enter"
    CHECK_HONOUR = "honour.check"
    VERIFY_GROUP = "person.verify_group"
    NOTE_REGISTRATION = "venture.note_registration"
    MAKE_CORRECTION = "correction.make"
    CHECK_CORRECTION = "correction.check"
    PROPOSE_WAIVER = "waiver.propose"
    CHECK_WAIVER = "waiver.check"
    WAIVE_PAIRING_CAP = "waiver.pairing_cap"
    CLOSE_PERIOD = "period.close"
    READ_POLICY = "counting_policy.read"
    PREVIEW_POLICY = "counting_policy.preview"
    PROPOSE_POLICY = "counting_policy.propose"
    CHECK_POLICY = "counting_policy.check"
    READ_TASKS = "task.read"
    WORK_TASKS = "task.work"
    READ_AUDIT = "audit.read"
    READ_SAMPLES = "sample.read"
    DRAW_SAMPLE = "sample.draw"
    CALL_SAMPLE = "sample.call"
    READ_SIGNALS = "signal.read"
    EXPLAIN_SIGNAL = "signal.explain"
    READ_OUTBOX = "message.outbox"
    RESEND = "message.resend"
    RUN_JOBS = "job.run"
    MANAGE_WEBHOOKS = "webhook.manage"


_OWN = frozenset({Permission.USE_OWN_ACCOUNT, Permission.READ_EXPERTS, Permission.READ_PLACES})
_WATCH = frozenset(
    {
        Permission.READ_NEED,
        Permission.READ_PROPOSALS,
        Permission.READ_EXCLUSIONS,
        Permission.READ_BOOKING,
        Permission.READ_ACTIVITIES,
        Permission.READ_SERVICE_SESSION,
        Permission.READ_COUNTS,
    }
)
_DESK = _WATCH | {
    Permission.SUBMIT_NEED,
    Permission.ASK_IN_WRITING,
    Permission.BOOK,
    Permission.CANCEL_BOOKING,
    Permission.MOVE_BOOKING,
    Permission.OFFER_TIMES,
    Permission.WAIT,
    Permission.REPORT_NO_SHOW,
    Permission.HOLD_SERVICE_SESSION,
    Permission.ENTER_ON_PAPER,
    Permission.ADD_ATTACHMENT,
    Permission.GIVE_SLOT,
    Permission.SET_CLINIC,
}
_BUREAU = _DESK | {
    Permission.REASSIGN_BOOKING,
    Permission.CERTIFY_OUTCOME,
    Permission.MAKE_REPORT,
    Permission.READ_REPORT_FILES,
    Permission.STRIKE_ATTACHMENT,
    Permission.ANSWER_FOLLOW_UP,
    Permission.SET_MATERIALS,
    Permission.ANSWER_MATERIAL,
    Permission.RECUSE_FROM_DIAGNOSIS,
    Permission.CLOSE_ACTION,
    Permission.READ_ACTIONS,
    Permission.VERIFY_GROUP,
    Permission.NOTE_REGISTRATION,
    Permission.MAKE_CORRECTION,
    Permission.IMPORT_EXPERTS,
    Permission.IMPORT_NEEDS,
    Permission.WRITE_POST,
    Permission.SET_AVAILABILITY,
    Permission.DECLARE_INTEREST,
    Permission.PROPOSE_WAIVER,
    Permission.CHECK_WAIVER,
    Permission.READ_DUTY,
    Permission.ISSUE_CERTIFICATE,
    Permission.PROPOSE_DISMISSAL,
    Permission.CLAIM,
    Permission.ENTER_HONOUR,
    Permission.READ_OUTBOX,
    Permission.RESEND,
    Permission.READ_BATCHES,
    Permission.MAKE_BATCH,
    Permission.PUBLISH_BATCH,
    Permission.FORM_PANEL,
    Permission.READ_TASKS,
    Permission.WORK_TASKS,
    Permission.READ_TICKETS,
    Permission.WORK_TICKET,
    Permission.READ_APPEALS,
    Permission.ANSWER_APPEAL,
    Permission.READ_SAMPLES,
    Permission.CALL_SAMPLE,
    Permission.READ_SIGNALS,
    Permission.EXPLAIN_SIGNAL,
    Permission.MANAGE_PLACES,
    Permission.RESUME_BOOKING,
    Permission.MANAGE_ACTIVITY,
    Permission.READ_PLAN,
    Permission.ENTER_PLAN,
    Permission.REPORT_PLAN,
    Permission.READ_POLICY,
    Permission.PREVIEW_POLICY,
    Permission.CHECK_POLICY,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.FOUNDER: _OWN
    | {
        Permission.SUBMIT_NEED,
        Permission.READ_NEED,
        Permission.READ_PROPOSALS,
        Permission.ANSWER_POST,
        Permission.JOIN_ACTIVITY,
        Permission.ASK_IN_WRITING,
        Permission.BOOK,
        Permission.READ_BOOKING,
        Permission.CANCEL_BOOKING,
        Permission.MOVE_BOOKING,
        Permission.OFFER_TIMES,
        Permission.WAIT,
        Permission.READ_SERVICE_SESSION,
        Permission.REPORT_NO_SHOW,
        Permission.ADD_ATTACHMENT,
        Permission.CONFIRM_OUTCOME,
        Permission.ANSWER_FOLLOW_UP,
        Permission.ANSWER_MATERIAL,
        Permission.HEAR_REPORT,
        Permission.CLOSE_ACTION,
    },
    Role.MENTOR: _OWN
    | {
        Permission.READ_NEED,
        Permission.READ_BOARD,
        Permission.CLAIM_POST,
        Permission.JOIN_ACTIVITY,
        Permission.JUDGE,
        Permission.READ_BOOKING,
        Permission.ANSWER_BOOKING,
        Permission.ANSWER_IN_WRITING,
        Permission.CANCEL_BOOKING,
        Permission.OFFER_TIMES,
        Permission.SET_AVAILABILITY,
        Permission.SET_CLINIC,
        Permission.DECLARE_INTEREST,
        Permission.READ_SERVICE_SESSION,
        Permission.HOLD_SERVICE_SESSION,
        Permission.REPORT_NO_SHOW,
        Permission.ADD_ATTACHMENT,
        Permission.RECORD_OUTCOME,
        Permission.WORK_DIAGNOSIS,
        Permission.SET_MATERIALS,
        Permission.ANSWER_MATERIAL,
        Permission.RECUSE_FROM_DIAGNOSIS,
        Permission.CLOSE_ACTION,
        Permission.READ_OWN_DUTY,
        Permission.APPEAL,
        Permission.ISSUE_CERTIFICATE,
    },
    Role.OFFICER: _OWN | _BUREAU,
    Role.APPROVER: _OWN
    | _BUREAU
    | {
        Permission.APPOINT_EXPERT,
        Permission.REVIEW_BATCH,
        Permission.SET_CALENDAR,
        Permission.RULE_DISPUTE,
        Permission.CHECK_CORRECTION,
        Permission.WAIVE_PAIRING_CAP,
        Permission.WITHDRAW_CERTIFICATE,
        Permission.CHECK_CLAIM,
        Permission.CHECK_HONOUR,
        Permission.CLOSE_PERIOD,
        Permission.CHECK_PLAN,
        Permission.PROPOSE_POLICY,
        Permission.READ_AUDIT,
        Permission.DRAW_SAMPLE,
    },
    Role.DEPT_LIAISON: _OWN
    | {Permission.READ_COUNTS, Permission.READ_SERVICE_SESSION, Permission.REPORT_PLAN},
    Role.STREET_LIAISON: _OWN | (_DESK - {Permission.READ_EXCLUSIONS}),
    Role.AUDITOR: _OWN
    | _WATCH
    | {
        Permission.READ_BATCHES,
        Permission.READ_ACTIONS,
        Permission.READ_DUTY,
        Permission.READ_TASKS,
        Permission.READ_TICKETS,
        Permission.READ_PLAN,
        Permission.READ_APPEALS,
        Permission.READ_POLICY,
        Permission.READ_REPORT_FILES,
        Permission.READ_AUDIT,
        # A sample and what was said on the telephone change no fact of the service.
        Permission.READ_SAMPLES,
        Permission.READ_SIGNALS,
        Permission.DRAW_SAMPLE,
        Permission.CALL_SAMPLE,
    },
    Role.SYS_ADMIN: _OWN
    | {
        Permission.RUN_JOBS,
        Permission.MANAGE_WEBHOOKS,
        Permission.READ_OUTBOX,
        Permission.RESEND,
        Permission.MANAGE_MATCHER,
    },
    Role.SEC_ADMIN: _OWN | {Permission.MANAGE_ACCOUNTS},
    Role.AUDIT_ADMIN: _OWN | {Permission.READ_AUDIT},
    Role.SYSTEM: frozenset(Permission),
}
