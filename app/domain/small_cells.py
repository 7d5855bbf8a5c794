"""Small cells of public tables: merged, so that nobody is recognised or can be worked out."""

from collections.abc import Mapping, Sequence

LEAST = 5
REST = "rest"

Cells = tuple[int, ...]


def is_small(value: int) -> bool:
    """Tell whether a number would point at a few people: one to four."""
    return 0 < value < LEAST


def merged(parts: Mapping[str, Cells]) -> dict[str, Cells]:
    """Return the parts with every small one in a rest, which is not small itself.

    What is merged cannot be had back as the total less what is shown, since the rest holds at
    least two parts: where one alone is small, the next smallest goes with it. Parts that are small
    together, with nothing else to hide among, remain a small rest; the caller does not print it.
    The order of what is left is kept, the rest comes last.
    """
    hidden = [name for name, cells in parts.items() if any(map(is_small, cells))]
    left = sorted(
        (name for name in parts if name not in hidden and any(parts[name])),
        key=lambda name: (min(parts[name]), name),
    )
    while hidden and left and (len(hidden) < 2 or any(map(is_small, _sum(parts, hidden)))):
        hidden.append(left.pop(0))
    kept = {name: cells for name, cells in parts.items() if name not in hidden}
    return {**kept, REST: _sum(parts, hidden)} if hidden else kept


def _sum(parts: Mapping[str, Cells], names: Sequence[str]) -> Cells:
    return tuple(sum(column) for column in zip(*(parts[name] for name in names), strict=True))
