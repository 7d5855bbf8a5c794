"""How a reader wants pages shown: letter size, colours, language; kept in cookies."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.web.shared.formatting import Locale

SIZES = ("m", "l", "xl", "xxl")
THEMES = ("auto", "light", "dark", "contrast")
LANGUAGES: Mapping[str, Locale] = {"zh": "zh", "en": "en"}
SETTINGS = {"size": SIZES, "theme": THEMES, "lang": tuple(LANGUAGES)}
YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Display:
    """The settings of one reader, each one of the known values."""

    size: str = "m"
    theme: str = "auto"
    lang: Locale = "zh"

    @property
    def html_lang(self) -> str:
        """The language tag of the page."""
        return "zh-CN" if self.lang == "zh" else "en"


def display_of(cookies: Mapping[str, str]) -> Display:
    """Return the settings in the cookies; an unknown value counts as not set."""
    known = chosen_settings(cookies)
    return Display(
        size=known.get("size", "m"),
        theme=known.get("theme", "auto"),
        lang=LANGUAGES[known.get("lang", "zh")],
    )


def chosen_settings(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the known settings among those sent: what `/display` keeps as cookies."""
    return {name: sent[name] for name, values in SETTINGS.items() if sent.get(name) in values}


def safe_return(path: str, fallback: str = "/") -> str:
    """Return the path to go back to, or the fallback when it could leave the site."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_local and path.isprintable() else fallback
