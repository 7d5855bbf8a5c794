"""The five kinds of refusal every rule raises and every edge knows how to answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from typing import ClassVar

Facts = Mapping[str, object]


class DomainError(Exception):
    """A refusal with a stable code and the facts a reader needs; wording lives in translations."""

    default_code: ClassVar[str] = "error"

    def __init__(self, code: str | None = None, /, **facts: object) -> None:
        self.code = code or self.default_code
        self.facts: Facts = facts
        super().__init__(f"{self.code} {dict(facts)}" if facts else self.code)


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field of one input that cannot be taken, by code."""

    field: str
    code: str
    facts: Facts = made_by(default_factory=dict)


class InvalidInputError(DomainError):
    """The input cannot be understood; names each field with its fault."""

    default_code = "input.invalid"

    def __init__(
        self, code: str | None = None, /, *, errors: Sequence[FieldError] = (), **facts: object
    ) -> None:
        super().__init__(code, **facts)
        self.errors: tuple[FieldError, ...] = tuple(errors)

    @classmethod
    def at(cls, name: str, code: str, **facts: object) -> "InvalidInputError":
        """Return the error of a single field."""
        return cls(code, errors=[FieldError(name, code, facts)], **facts)


class RuleError(DomainError):
    """The input is understood and a rule of the service forbids it."""

    default_code = "rule.forbidden"


class ConflictError(DomainError):
    """The state has moved on since the asker looked."""

    default_code = "conflict"


class ForbiddenError(DomainError):
    """The asker may know of the thing, not do this to it."""

    default_code = "forbidden"


class NotFoundError(DomainError):
    """There is no such thing, or the asker may not know of it."""

    default_code = "not_found"
