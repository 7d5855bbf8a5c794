"""Persons: registered at a desk, identified, found to be one, their groups verified."""

from app.services.persons.consenting import (
    Registration,
    register_with_consent,
    take_group_consent,
)
from app.services.persons.contacting import set_contact
from app.services.persons.doubling import approve_double, propose_double, refuse_double
from app.services.persons.registering import WalkIn, identify, register
from app.services.persons.verifying import verify_group
from app.services.persons.voiding import void
from app.services.persons.withdrawing import (
    withdraw_group_consent,
    withdraw_group_consent_on_paper,
)

__all__ = [
    "Registration",
    "WalkIn",
    "approve_double",
    "identify",
    "propose_double",
    "refuse_double",
    "register",
    "register_with_consent",
    "set_contact",
    "take_group_consent",
    "verify_group",
    "void",
    "withdraw_group_consent",
    "withdraw_group_consent_on_paper",
]
