"""The surname that somebody types to say that he means it."""

import unicodedata
from collections.abc import Iterable

from app.domain.errors import InvalidInputError

# Two characters of one surname, so that the first alone is not taken for it.
_COMPOUND = frozenset(
    {"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "司徒", "司空"}
    | {"夏侯", "慕容", "端木", "长孙", "宇文", "轩辕", "闻人", "澹台", "呼延", "独孤", "南宫"}
)
_LONGEST_WITHOUT_SPACES = 4


def is_surname_of(name: str, typed: str) -> bool:
    """Tell whether somebody called so typed his surname, or his whole name.

    A name in Chinese begins with it; of another the first or the last word may be it.
    """
    own, said = _plain(name), _plain(typed)
    if not said:
        return False
    if said == own:
        return True
    if " " in own:
        words = own.split()
        return said in (words[0], words[-1])
    surname = own[:2] if own[:2] in _COMPOUND else own[:1]
    return len(own) <= _LONGEST_WITHOUT_SPACES and said == surname


def ensure_surname(name: str, typed: str) -> None:
    """Refuse what is not the surname of who is called so.

    Raises:
        InvalidInputError: at the field `surname`.
    """
    if not typed.strip():
        raise InvalidInputError.at("surname", "input.required")
    if not is_surname_of(name, typed):
        raise InvalidInputError.at("surname", "outcome.surname_differs")


def ensure_whole_name(names: Iterable[str], typed: str) -> None:
    """Refuse a signature that is none of the names of who signs.

    Raises:
        InvalidInputError: at the field `signed_name`.
    """
    if _plain(typed) not in {_plain(name) for name in names}:
        raise InvalidInputError.at("signed_name", "outcome.signature_differs")


def _plain(text: str) -> str:
    """Return the text as it is compared: one width, one case, single spaces."""
    words = unicodedata.normalize("NFKC", text).replace("·", " ").casefold().split()
    return " ".join(words)
