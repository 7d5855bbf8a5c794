"""Panels 会诊小组: two to five experts who take one need together, led by one of them 组长."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.errors import ConflictError, FieldError, InvalidInputError, RuleError
from app.domain.expert import ExpertCategory

# The one kind of service that several experts give together (taxonomy `session_type`).
SERVICE = "diagnosis"
# A founder may ask for a consultation and name several matters; to meet a panel it becomes one.
_MAY_BECOME_ONE = "consultation"
SMALLEST, USUAL, LARGEST = 2, 3, 5
# Working days, the rest of today not counted, within which a meeting is soon.
SOON_DAYS = 5


class NotForPanelError(RuleError):
    """One expert meets the need."""

    default_code = "panel.one_expert_does"


class NoPanelError(RuleError):
    """Too few experts may be asked today, in all or of a category that is wanted."""

    default_code = "panel.too_few"


class PanelChangedError(ConflictError):
    """The panel would not be proposed any more: the pool, a rule or a diary has changed."""

    default_code = "panel.changed"


class ChosenMeanwhileError(ConflictError):
    """Somebody else has just chosen a panel for the need."""

    default_code = "panel.chosen_meanwhile"


class PanelEndedError(ConflictError):
    """The panel has been replaced or withdrawn."""

    default_code = "panel.ended"


class PanelList(StrEnum):
    """Under which heading a panel is proposed."""

    BEST = "best"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class PanelWish:
    """What is wished of a panel.

    Attributes:
        size: how many experts.
        at_least: how many of a category there must be; none where it is not named.
        at_most: how many of a category there may be; any number where it is not named.
    """

    size: int = USUAL
    at_least: Mapping[ExpertCategory, int] = field(default_factory=dict)
    at_most: Mapping[ExpertCategory, int] = field(default_factory=dict)

    def least(self, category: ExpertCategory) -> int:
        """Return how many of the category there must be."""
        return self.at_least.get(category, 0)

    def most(self, category: ExpertCategory) -> int:
        """Return how many of the category there may be."""
        return self.at_most.get(category, LARGEST)


def field_of(bound: str, category: ExpertCategory) -> str:
    """Return the name by which addresses and errors call a bound (`least`, `most`)."""
    return f"{bound}_{category.value}"


def makes_sense(session_type: str, topics: int) -> bool:
    """Tell whether several experts may take the need: a diagnosis, or a question of several."""
    return session_type == SERVICE or (session_type == _MAY_BECOME_ONE and topics > 1)


def ensure_sense(session_type: str, topics: int) -> None:
    """Refuse a panel for a need that one expert meets.

    Raises:
        NotForPanelError: always for these.
    """
    if not makes_sense(session_type, topics):
        raise NotForPanelError


def ensure_wish(wish: PanelWish) -> None:
    """Refuse a wish that no panel can fulfil, whoever there is.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = [
        *_within("size", wish.size, SMALLEST, LARGEST),
        *(error for category in ExpertCategory for error in _bounds(wish, category)),
    ]
    if not errors and sum(map(wish.least, ExpertCategory)) > wish.size:
        errors = [FieldError("size", "panel.least_too_many", {"size": wish.size})]
    if not errors and sum(map(wish.most, ExpertCategory)) < wish.size:
        errors = [FieldError("size", "panel.most_too_few", {"size": wish.size})]
    if errors:
        raise InvalidInputError(errors=errors)


def _bounds(wish: PanelWish, category: ExpertCategory) -> Iterator[FieldError]:
    least, most = wish.least(category), wish.most(category)
    yield from _within(field_of("least", category), least, 0, LARGEST)
    yield from _within(field_of("most", category), most, 0, LARGEST)
    if least > most:
        yield FieldError(field_of("least", category), "panel.least_above_most")


def _within(name: str, value: int, low: int, high: int) -> Iterator[FieldError]:
    if value < low:
        yield FieldError(name, "input.too_small", {"low": low, "high": high})
    elif value > high:
        yield FieldError(name, "input.too_large", {"low": low, "high": high})
