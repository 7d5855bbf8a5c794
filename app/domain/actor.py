"""Who acts, what each role may do, and how far each role's sight reaches."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from app.domain.calendar import ZONE
from app.domain.ids import AccountId, ExpertId, PersonId


class Role(StrEnum):
    """The ten roles of vocabulary `role`, and the service itself."""

    FOUNDER = "founder"
    MENTOR = "mentor"
    OFFICER = "officer"
    APPROVER = "approver"
    DEPT_LIAISON = "dept_liaison"
    STREET_LIAISON = "street_liaison"
    AUDITOR = "auditor"
    SYS_ADMIN = "sys_admin"
    SEC_ADMIN = "sec_admin"
    AUDIT_ADMIN = "audit_admin"
    SYSTEM = "system"


STAFF_ROLES = frozenset(Role) - {Role.FOUNDER, Role.MENTOR, Role.SYSTEM}
# 等保: the three administrators are three people.
SEPARATED_ROLES = frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN})


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
    REPORT_NO_SHOW = "service_session.no_show"
    RECORD_OUTCOME = "outcome.record"
    CONFIRM_OUTCOME = "outcome.confirm"
    CERTIFY_OUTCOME = "outcome.certify"
    RULE_DISPUTE = "dispute.rule"
    READ_COUNTS = "count.read"
    MAKE_CORRECTION = "correction.make"
    CHECK_CORRECTION = "correction.check"
    PROPOSE_WAIVER = "waiver.propose"
    CHECK_WAIVER = "waiver.check"
    WAIVE_PAIRING_CAP = "waiver.pairing_cap"
    CLOSE_PERIOD = "period.close"
    READ_TASKS = "task.read"
    WORK_TASKS = "task.work"
    READ_AUDIT = "audit.read"
    READ_OUTBOX = "message.outbox"
    RUN_JOBS = "job.run"


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
    Permission.GIVE_SLOT,
    Permission.SET_CLINIC,
}
_BUREAU = _DESK | {
    Permission.REASSIGN_BOOKING,
    Permission.CERTIFY_OUTCOME,
    Permission.MAKE_CORRECTION,
    Permission.IMPORT_EXPERTS,
    Permission.IMPORT_NEEDS,
    Permission.WRITE_POST,
    Permission.SET_AVAILABILITY,
    Permission.DECLARE_INTEREST,
    Permission.PROPOSE_WAIVER,
    Permission.CHECK_WAIVER,
    Permission.READ_OUTBOX,
    Permission.READ_BATCHES,
    Permission.MAKE_BATCH,
    Permission.PUBLISH_BATCH,
    Permission.FORM_PANEL,
    Permission.READ_TASKS,
    Permission.WORK_TASKS,
    Permission.MANAGE_PLACES,
    Permission.RESUME_BOOKING,
    Permission.MANAGE_ACTIVITY,
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
        Permission.CONFIRM_OUTCOME,
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
        Permission.RECORD_OUTCOME,
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
        Permission.CLOSE_PERIOD,
        Permission.READ_AUDIT,
    },
    Role.DEPT_LIAISON: _OWN | {Permission.READ_COUNTS, Permission.READ_SERVICE_SESSION},
    Role.STREET_LIAISON: _OWN | (_DESK - {Permission.READ_EXCLUSIONS}),
    Role.AUDITOR: _OWN
    | _WATCH
    | {Permission.READ_BATCHES, Permission.READ_TASKS, Permission.READ_AUDIT},
    Role.SYS_ADMIN: _OWN | {Permission.RUN_JOBS, Permission.READ_OUTBOX, Permission.MANAGE_MATCHER},
    Role.SEC_ADMIN: _OWN | {Permission.MANAGE_ACCOUNTS},
    Role.AUDIT_ADMIN: _OWN | {Permission.READ_AUDIT},
    Role.SYSTEM: frozenset(Permission),
}


class Reach(StrEnum):
    """Which rows of the protected tables a role sees."""

    ALL = "all"
    OWN = "own"
    SERVED = "served"
    STREET = "street"
    DEPARTMENT = "department"


REACH: dict[Role, Reach | None] = {
    Role.FOUNDER: Reach.OWN,
    Role.MENTOR: Reach.SERVED,
    Role.OFFICER: Reach.ALL,
    Role.APPROVER: Reach.ALL,
    Role.DEPT_LIAISON: Reach.DEPARTMENT,
    Role.STREET_LIAISON: Reach.STREET,
    Role.AUDITOR: Reach.ALL,
    Role.SYS_ADMIN: None,
    Role.SEC_ADMIN: None,
    Role.AUDIT_ADMIN: None,
    Role.SYSTEM: Reach.ALL,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, or the service itself, at the moment of asking.

    Attributes:
        time_zone: that of an expert's own clock; everybody else goes by the district's.
    """

    roles: frozenset[Role]
    account_id: AccountId | None = None
    person_id: PersonId | None = None
    expert_id: ExpertId | None = None
    department: str | None = None
    street: str | None = None
    name: str = ""
    request_id: str | None = None
    time_zone: str = ZONE.key

    def has(self, role: Role) -> bool:
        """Tell whether the actor holds the role."""
        return role in self.roles

    @property
    def is_staff(self) -> bool:
        """Tell whether the actor works for the bureau, a department or a street."""
        return bool(self.roles & STAFF_ROLES)

    @property
    def without_request(self) -> "Actor":
        """Return the same somebody whatever the request, fit as a key."""
        return replace(self, request_id=None)

    def works_at(self, street: str | None) -> bool:
        """Tell whether the actor serves people at a place of the sub-district, None for none."""
        is_own = Reach.STREET in self.reaches and street is not None and street == self.street
        return is_own or Reach.ALL in self.reaches

    @property
    def reaches(self) -> frozenset[Reach]:
        """Return how far the actor sees, over all roles held."""
        return frozenset(reach for role in self.roles if (reach := REACH[role]) is not None)


SYSTEM = Actor(roles=frozenset({Role.SYSTEM}), name="system")
ANONYMOUS = Actor(roles=frozenset(), name="")


def may(actor: Actor, permission: Permission, *, experts: frozenset[UUID] | None = None) -> bool:
    """Tell whether the actor is allowed, and, where `experts` is given, acts for one of them.

    Args:
        actor: who asks.
        permission: for what.
        experts: the experts the subject belongs to; a mentor acts only for himself, staff and
            the service for anybody.
    """
    if not any(permission in PERMISSIONS[role] for role in actor.roles):
        return False
    if experts is None:
        return True
    if actor.expert_id is not None and actor.expert_id in experts:
        return True
    others = actor.roles - {Role.MENTOR, Role.FOUNDER}
    return any(permission in PERMISSIONS[role] for role in others)
