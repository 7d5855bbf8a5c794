"""What a founder fills in about a need, and what is understood of it meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.domain.availability import Mode
from app.domain.calendar import local_day
from app.domain.errors import InvalidInputError
from app.domain.need import (
    LONGEST_TEXT,
    MOST_TOPICS,
    SERVICES,
    Topic,
    TopicState,
    settle_topics,
    suggested_service,
)
from app.queries.booking_pages import NeedView
from app.queries.founder_home import VentureCard, own_ventures
from app.queries.free_times import standard_minutes
from app.queries.vocabularies import Labels, labels
from app.services.needs import NeedInput
from app.services.needs.coding import LONGEST_INDUSTRY
from app.services.proposals import understand
from app.unit_of_work import Reader
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

SUGGESTED = "suggested"
MODES = tuple(mode.value for mode in Mode)
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Understanding:
    """The topics understood in the words, what the founder said of them, the service that fits.

    Attributes:
        is_changed: the founder has just struck, restored or added a topic.
        error: why a topic could not be added.
    """

    topics: tuple[Topic, ...]
    struck: tuple[Topic, ...]
    added: tuple[str, ...]
    service: str
    is_changed: bool = False
    error: InvalidInputError | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen on the form."""

    labels: Labels
    ventures: tuple[VentureCard, ...]
    minutes: Mapping[str, int]

    @property
    def stages(self) -> list[Choice]:
        """The stages of a venture, in plain words with their names beside."""
        plain = {
            "idea": _("还在想点子"),
            "preparing": _("正在筹备，还没登记"),
            "startup": _("登记不到 1 年"),
            "early": _("登记 1 到 3 年"),
            "growth": _("登记 3 年以上"),
            "distress": _("经营遇到困难"),
            "restart": _("关过一次，重新开始"),
        }
        return [
            Choice(code, plain.get(code, name), name if code in plain else "")
            for code, name in self.labels.choices("venture_stage")
        ]

    @property
    def projects(self) -> list[Choice]:
        """The founder's ventures to choose from."""
        return [Choice(str(venture.id), venture.name) for venture in self.ventures]


def offered(reader: Reader) -> Offered:
    """Return what can be chosen, in the reader's language."""
    named = labels(reader, "need_topic", "venture_stage", locale=reader_locale())
    minutes = standard_minutes(reader, local_day(reader.now))
    return Offered(named, own_ventures(reader), minutes)


def form_of(need: NeedView) -> Form:
    """Return the form as the founder left it."""
    return Form(
        {
            "text": need.text,
            "stage": need.stage or "",
            "industry": need.industry or "",
            "modes": list(need.modes),
            "language": need.language or "",
            "session_type": need.session_type,
            "venture_id": str(need.venture_id or ""),
            "struck": list(need.codes(TopicState.STRUCK)),
            "added": list(need.codes(TopicState.ADDED)),
        }
    )


def understood(form: Form) -> Understanding:
    """Return what is understood of the words as they stand; nothing is written."""
    found = understand(form.raw("text")[:LONGEST_TEXT])
    struck, added = _settled(form)
    error = None
    try:
        topics = settle_topics(found, struck, added)
    except InvalidInputError as refused:
        added, error = added[:MOST_TOPICS], refused
        topics = settle_topics(found, struck, added)
    asked = tuple(topic for topic in topics if topic.is_asked)
    return Understanding(
        topics=asked,
        struck=tuple(topic for topic in topics if not topic.is_asked),
        added=tuple(added),
        service=suggested_service(len(asked)),
        is_changed=any(form.given(act) for act in ("strike", "restore", "add")),
        error=error,
    )


def read(form: Form, known: Offered) -> NeedInput:
    """Read the need.

    Raises:
        InvalidInputError: naming each field.
    """
    stages = [code for code, _ in known.labels.choices("venture_stage")]
    with form:
        text = form.text("text", longest=LONGEST_TEXT)
        stage = form.choice("stage", stages) if form.given("stage") else None
        industry = form.text("industry", longest=LONGEST_INDUSTRY, required=False)
        modes = form.choices("modes", MODES, required=False)
        spoken = form.choice("language", LANGUAGES) if form.given("language") else None
        service = form.choice("session_type", (SUGGESTED, *sorted(SERVICES)))
        venture_id = form.identifier("venture_id") if form.given("venture_id") else None
    settled = understood(form)
    if settled.error is not None:
        raise settled.error
    struck, _added = _settled(form)
    return NeedInput(
        text=text,
        session_type=settled.service if service == SUGGESTED else service,
        stage=stage,
        industry=industry or None,
        modes=tuple(modes),
        language=spoken,
        venture_id=venture_id,
        struck=tuple(struck),
        added=settled.added,
    )


def _settled(form: Form) -> tuple[Sequence[str], Sequence[str]]:
    back = form.chosen("restore")
    struck = [code for code in (*form.chosen("struck"), *form.chosen("strike")) if code not in back]
    added = [
        code
        for code in dict.fromkeys((*form.chosen("added"), *back, *form.chosen("add")))
        if code and code not in struck
    ]
    return list(dict.fromkeys(struck)), added
