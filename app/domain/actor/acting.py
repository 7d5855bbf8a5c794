"""Who acts, and whether he may."""

from dataclasses import dataclass, replace
from uuid import UUID

from app.domain.actor.grants import PERMISSIONS
from app.domain.actor.permission import Permission
from app.domain.actor.role import REACH, STAFF_ROLES, Reach, Role
from app.domain.calendar import ZONE
from app.domain.ids import AccountId, ExpertId, PersonId


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
    def only_looks(self) -> bool:
        """Tell whether the actor audits: he changes nothing, and each of his looks is noted."""
        return Role.AUDITOR in self.roles

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
