"""The number of policy in force on a day."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from app.domain.policy_number import PolicyNumber, number_on
from app.models.policy_number import PolicyNumberRow
from app.queries.free_times import Look


def policy_number(look: Look, name: PolicyNumber, day: date) -> int:
    """Return the number in force on the day.

    Raises:
        NoPolicyNumberError: when none is.
    """
    return number_on(name, rows_of(look, name), day)


def policy_numbers(look: Look, names: Collection[PolicyNumber], day: date) -> dict[str, int]:
    """Return several numbers in force on the day, by their names; one statement.

    Raises:
        NoPolicyNumberError: when one of them is not.
    """
    found: dict[str, list[tuple[date, int]]] = {name.value: [] for name in names}
    for name, valid_from, value in look.session.execute(
        select(PolicyNumberRow.name, PolicyNumberRow.valid_from, PolicyNumberRow.value).where(
            PolicyNumberRow.name.in_(found)
        )
    ):
        found[name].append((valid_from, value))
    return {name.value: number_on(name, found[name.value], day) for name in names}


def rows_of(look: Look, name: PolicyNumber) -> list[tuple[date, int]]:
    """Return every value the number has had, with its first day."""
    rows = look.session.execute(
        select(PolicyNumberRow.valid_from, PolicyNumberRow.value).where(
            PolicyNumberRow.name == name
        )
    )
    return [(valid_from, value) for valid_from, value in rows]
