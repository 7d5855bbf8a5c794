"""What of a text tells who somebody is: numbers, addresses, names of people and of firms."""

import re
import unicodedata
from collections.abc import Iterable

MASK = "〔已隐去〕"
SHORTEST_NAME = 2
SMALLEST_MASKED_PHONE = 7

# Seven digits in a row are no price that people write out, but a telephone, a card, an identity.
_NUMBERS = (
    r"(?<![0-9])(?:1[3-9][0-9][ -][0-9]{4}[ -][0-9]{4}|0[0-9]{2,3}[ -][0-9]{7,8}"
    r"|[48]00[ -][0-9]{3,4}[ -][0-9]{3,4}|[0-9A-HJ-NP-RTUW-Y]{18}|[0-9]{7,}[Xx]?)(?![0-9])",
    r"[零〇一二三四五六七八九幺]{7,}",
    r"(?i:(?:微信|薇信|[vw]x|qq|扣扣)号?[：:是为 ]{0,2}[a-z0-9][a-z0-9_-]{4,19})",
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
    r"(?i:https?://\S+|www\.\S+)",
)
_PLACES = (
    r"[一-鿿]{0,6}(?:路|街|巷|大道)[0-9]{1,5}(?:-[0-9]{1,4})?号(?:院)?",
    r"[0-9]{1,4}号楼(?:[0-9]{1,3}单元)?(?:[0-9]{1,5}室)?",
    r"[0-9]{1,3}单元[0-9]{0,5}室?",
)
# 注册一家有限公司 names nobody: a firm's name does not end in one of these before its form.
_FIRM = (
    r"[一-鿿A-Za-z0-9()（）]{2,20}?(?<![家个的办做册立为开人和或是叫种资])"
    r"(?:股份|有限责任|有限)公司"
)
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])([1-9][0-9]{3})[0-9]{12}([0-9][0-9Xx])(?![0-9A-Za-z])")
_TELEPHONE = re.compile(r"(?<![0-9])(1[3-9][0-9])[ -]?[0-9]{4}[ -]?([0-9]{4})(?![0-9])")
_PRIVATE = re.compile("|".join((*_NUMBERS, *_PLACES, _FIRM)))

_FORM = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|合作社|工作室|公司)$")
_BRACKET = re.compile(r"[（(][^（()）]*[）)]")
_REGION = re.compile(r"^(?:山东省?|济南市?|历城区?)+")


def mask_name(name: str) -> str:
    """Keep the first character of a name: 张*; one star whatever the length."""
    return f"{name.strip()[:1]}*"


def private_pieces(text: str, names: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the exact pieces that tell who is meant, each once, in the order of the text.

    Args:
        text: any text.
        names: of people and ventures that must not be told; a venture's name is also known
            without its place and legal form.
    """
    spans = _spans(text, names)
    return tuple(dict.fromkeys(text[start:end] for start, end in spans))


def masked(text: str, names: Iterable[str] = ()) -> str:
    """Return the text with every piece that tells who is meant blotted out."""
    shown, end = [], 0
    for start, until in _spans(text, names):
        if start >= end:
            shown += [text[end:start], MASK]
        end = max(end, until)
    return "".join([*shown, text[end:]])


def mask_phone(number: str) -> str:
    """Hide the middle of a telephone number: 138 **** 2046."""
    digits = "".join(character for character in number if character.isdigit())
    if len(digits) < SMALLEST_MASKED_PHONE:
        return "****"
    return f"{digits[:-8]} **** {digits[-4:]}".strip()


def mask_identities(text: str) -> str:
    """Hide the middle of every identity number in a text, and leave the rest."""
    return _IDENTITY.sub(lambda found: f"{found[1]}**********{found[2]}", text)


def mask_numbers(text: str) -> str:
    """Hide the middle of every telephone and identity number in a text, and leave the rest."""
    hidden = mask_identities(text)
    return _TELEPHONE.sub(lambda found: f"{found[1]} **** {found[2]}", hidden)


def _spans(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    folded = _folded(text)
    found = [match.span() for match in _PRIVATE.finditer(folded)]
    for name in {form for each in names for form in _forms(each)}:
        found += [match.span() for match in re.finditer(re.escape(name), folded.lower())]
    return sorted(found)


def _folded(text: str) -> str:
    """Return the text in half-width letters and digits, character by character."""
    return "".join(map(_half_width, text))


def _half_width(mark: str) -> str:
    folded = unicodedata.normalize("NFKC", mark)
    return folded if len(folded) == 1 and folded.isascii() and folded.isalnum() else mark


def _forms(name: str) -> set[str]:
    """Return the ways in which people write a name: whole, and without place and legal form."""
    whole = _folded(name).strip().lower()
    bare = _FORM.sub("", _BRACKET.sub("", whole))
    forms = {whole, _BRACKET.sub("", whole), bare, _REGION.sub("", bare)}
    return {form for form in forms if len(form) >= SHORTEST_NAME}
