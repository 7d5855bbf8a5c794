"""The words of messages in both languages; kept as data beside the other translations."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app.domain.wording import Locale, fill, shown, zone_note

_GAP = {"zh": "", "en": " "}
_WORDING = Path(__file__).parents[1] / "translations" / "messages.json"


@cache
def message_texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return title and text of each wording, by key and language."""
    loaded: Mapping[str, Mapping[str, Mapping[str, str]]] = json.loads(
        _WORDING.read_text(encoding="utf-8")
    )
    return loaded


def written(words: str, facts: Mapping[str, object], locale: Locale) -> tuple[str, str]:
    """Return title and text of a wording with its facts filled in; its times name their zone.

    Raises:
        KeyError: when there is no such wording.
        UnknownPlaceholderError: when it asks for a fact that is not given.
    """
    wording = message_texts()[words][locale]
    values = shown(facts, locale)
    note = zone_note(wording["text"], facts, locale)
    text = _GAP[locale].join(filter(None, (fill(wording["text"], values), note)))
    return fill(wording["title"], values), text


def letter(
    message: tuple[str, str], name: str, link: str, site: str, locale: Locale = "zh"
) -> tuple[str, str]:
    """Return subject and body of the letter that carries a message.

    Args:
        message: its title and text.
        name: whom the letter greets.
        link: the address of the page the message leads to.
        site: who sends it.
        locale: the language of the frame.
    """
    title, text = message
    return written(
        "letter", {"title": title, "text": text, "name": name, "link": link, "site": site}, locale
    )
