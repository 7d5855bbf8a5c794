"""Who acts, what each role may do, and how far each role's sight reaches."""

from app.domain.actor.acting import ANONYMOUS, SYSTEM, Actor, may
from app.domain.actor.grants import PERMISSIONS
from app.domain.actor.permission import Permission
from app.domain.actor.role import REACH, SEPARATED_ROLES, STAFF_ROLES, Reach, Role

__all__ = [
    "ANONYMOUS",
    "PERMISSIONS",
    "REACH",
    "SEPARATED_ROLES",
    "STAFF_ROLES",
    "SYSTEM",
    "Actor",
    "Permission",
    "Reach",
    "Role",
    "may",
]
