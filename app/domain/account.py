"""Accounts: passwords, waiting after failures, length of a sign-in, roles that go together."""

import secrets
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from app.domain.actor import SEPARATED_ROLES, STAFF_ROLES, Role
from app.domain.calendar import day_ends_at, local_day
from app.domain.common_passwords import COMMON_PASSWORDS
from app.domain.errors import FieldError, InvalidInputError, RuleError

# OWASP ASVS 5.0 §6.2: length decides, no rules of composition, nothing everybody guesses.
SHORTEST_PASSWORD = 12
SHORTEST_STAFF_PASSWORD = 15
LONGEST_PASSWORD = 128
LONGEST_LOGIN = 64
LONGEST_NAME = 100
# What must be left of a password once words of this place and runs of digits are taken out.
OWN_CHARACTERS = 6
CONTEXT_WORDS = (
    "licheng",
    "jinan",
    "shandong",
    "zhuanjia",
    "chuangye",
    "daoshi",
    "jieban",
    "renshe",
    "rensheju",
    "password",
    "mima",
    "历城",
    "济南",
    "山东",
    "专家",
    "创业",
    "导师",
    "结伴",
    "人社",
    "密码",
)

FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
STAFF_IDLE = timedelta(minutes=15)
LONGEST_SIGN_IN = timedelta(hours=10)
SEEN_EVERY = timedelta(minutes=1)
# An account for an audit is opened for some days, and prolonged where the audit takes longer.
USUAL_AUDIT_DAYS = 14
LONGEST_AUDIT_DAYS = 92
LONGEST_PURPOSE = 200
# Nothing that is read wrongly on paper or the telephone.
_LETTERS, _DIGITS = "abcdefghjkmnpqrstuvwxyz", "23456789"
_FIRST_PASSWORD = (_LETTERS, _LETTERS, _DIGITS, _LETTERS, _LETTERS)
_GROUP = 4


class SignInError(RuleError):
    """Login and password do not go together; the same answer whichever is wrong."""

    default_code = "account.sign_in_failed"


class TooManyTriesError(RuleError):
    """Several tries failed; the next one is taken after a while."""

    default_code = "account.too_many_tries"


class RolesSeparatedError(RuleError):
    """Administration of system, security and audit lie with three people (等保 2.0)."""

    default_code = "account.roles_separated"


class WrongPasswordError(InvalidInputError):
    """The present password, asked for again, is another one."""

    default_code = "account.password_wrong"


class NotOnesOwnError(RuleError):
    """Nobody decides on his own account what it may do."""

    default_code = "account.not_ones_own"


class TermOverError(RuleError):
    """The term of an account for an audit is over; only a prolongation opens it again."""

    default_code = "account.term_over"


@dataclass(frozen=True, slots=True)
class Holding:
    """A role and, for the liaisons, the department or street it is held for."""

    role: Role
    department: str | None = None
    street: str | None = None

    PLACES: ClassVar[dict[Role, str]] = {
        Role.DEPT_LIAISON: "department",
        Role.STREET_LIAISON: "street",
    }


def clean_login(text: str) -> str:
    """Return the login as it is kept: NFKC, lower case, without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def ensure_login(login: str, name: str) -> None:
    """Refuse a login or name that nobody could sign in with or read.

    Raises:
        InvalidInputError: naming `login` and `name` where they are at fault.
    """
    faults = []
    if not login or any(mark.isspace() or not mark.isprintable() for mark in login):
        faults.append(FieldError("login", "account.login_malformed"))
    if len(login) > LONGEST_LOGIN:
        faults.append(FieldError("login", "account.login_malformed"))
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        faults.append(FieldError("name", "account.name_malformed"))
    if faults:
        raise InvalidInputError(errors=faults)


def ensure_holdings(holdings: Collection[Holding]) -> None:
    """Refuse roles that no account may hold, or that lack their department or street.

    Raises:
        RolesSeparatedError: two administrators in one account.
        InvalidInputError: a liaison of nowhere, or a place with another role.
    """
    roles = [holding.role for holding in holdings]
    if not roles or Role.SYSTEM in roles or len(set(roles)) != len(roles):
        raise InvalidInputError.at("role", "account.role_malformed")
    if len(SEPARATED_ROLES & set(roles)) > 1:
        raise RolesSeparatedError
    if Role.FOUNDER in roles and is_staff(roles):
        # Who works for the bureau confirms nothing in a founder's name.
        raise RolesSeparatedError("account.founder_is_staff")
    if Role.AUDITOR in roles and len(roles) > 1:
        # Who audits only looks: a second role would act, and be judged by himself.
        raise RolesSeparatedError("account.auditor_is_apart")
    for holding in holdings:
        for place in ("department", "street"):
            wanted = Holding.PLACES.get(holding.role) == place
            if wanted != bool(getattr(holding, place)):
                raise InvalidInputError.at(place, f"account.{place}_of_liaison")


def ensure_password(password: str, *, is_staff: bool, own_words: Iterable[str] = ()) -> None:
    """Refuse a password that is short, long, common, or made of words of this place.

    Raises:
        InvalidInputError: at field `password`, with the reason as code.
    """
    least = SHORTEST_STAFF_PASSWORD if is_staff else SHORTEST_PASSWORD
    if len(password) < least:
        raise InvalidInputError.at("password", "account.password_short", least=least)
    if len(password) > LONGEST_PASSWORD:
        raise InvalidInputError.at("password", "account.password_long", most=LONGEST_PASSWORD)
    folded = unicodedata.normalize("NFKC", password).casefold()
    if folded in COMMON_PASSWORDS or not _has_own_characters(folded, own_words):
        raise InvalidInputError.at("password", "account.password_guessable")


def _has_own_characters(folded: str, own_words: Iterable[str]) -> bool:
    words = {word.casefold() for word in (*CONTEXT_WORDS, *own_words) if len(word) > 1}
    for word in sorted(words, key=len, reverse=True):
        folded = folded.replace(word, "")
    return len({mark for mark in folded if not mark.isdigit()}) >= OWN_CHARACTERS


def first_password() -> str:
    """Return a password by chance for somebody else's first sign-in, easy to read and type."""
    groups = ("".join(secrets.choice(kind) for _ in range(_GROUP)) for kind in _FIRST_PASSWORD)
    return "-".join(groups)


def term_ends_at(today: date, days: int) -> datetime:
    """Return until when an account for an audit serves: 24:00 of the last of its days.

    Args:
        today: its first day, in the district.
        days: how many days, this one included.

    Raises:
        InvalidInputError: at field `days`, when it is none or more than a quarter.
    """
    if not 1 <= days <= LONGEST_AUDIT_DAYS:
        raise InvalidInputError.at("days", "account.audit_days", most=LONGEST_AUDIT_DAYS)
    return day_ends_at(today + timedelta(days=days - 1))


def prolonged_to(ends_at: datetime, now: datetime, days: int) -> datetime:
    """Return the end of a term that is prolonged by days, from today where it is over.

    Raises:
        InvalidInputError: at field `days`.
    """
    return term_ends_at(local_day(max(ends_at, now)), days)


def is_staff(roles: Iterable[Role]) -> bool:
    """Tell whether one of the roles works for the bureau, a department or a street."""
    return bool(STAFF_ROLES & set(roles))


def wait_after(failures: int) -> timedelta:
    """Return how long the next try must wait: nothing, then 1, 2, 4 … 900 seconds, never for good.

    Args:
        failures: failures in a row so far.
    """
    if failures < FREE_TRIES:
        return timedelta(0)
    doublings = min(failures - FREE_TRIES, LONGEST_WAIT.seconds.bit_length())
    return min(timedelta(seconds=1 << doublings), LONGEST_WAIT)


def sign_in_holds(
    created_at: datetime, last_seen_at: datetime, now: datetime, roles: Collection[Role]
) -> bool:
    """Tell whether a sign-in still counts: ten hours in all, fewer minutes of silence for staff."""
    idle = STAFF_IDLE if is_staff(roles) else IDLE
    return now - created_at < LONGEST_SIGN_IN and now - last_seen_at < idle
