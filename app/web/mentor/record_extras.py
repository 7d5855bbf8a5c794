"""What a mentor may add to a record, folded away in its form: nothing of it is asked for."""

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.domain.outcome_record import (
    HIGHEST_AMOUNT,
    LONGEST_ADDRESSEE,
    LONGEST_WORDS,
    MOST_EFFECTS,
    Effect,
    Extras,
    Referral,
)
from app.queries.vocabularies import Labels
from app.web.shared.forms import Choice, Form
from app.web.shared.record_words import EFFECT_NAMES

ROWS = 2
LONGEST_SIGNATURE = 100
PARTS = ("kind", "amount", "words")
SIMPLE = ("stage", "topics", "referral_to", "referral_why")


def name_of(number: int, part: str) -> str:
    """Return the field of a part of the nth effect."""
    return f"effect_{number}_{part}"


def begun(extras: Extras) -> MultiDict[str, str]:
    """Return the fields with what the version before holds."""
    fields = MultiDict({"stage": extras.stage or ""})
    fields.setlist("topics", list(extras.topics))
    for number, effect in enumerate(extras.effects, start=1):
        fields[name_of(number, "kind")] = effect.kind
        fields[name_of(number, "amount")] = "" if effect.amount is None else str(effect.amount)
        fields[name_of(number, "words")] = effect.words
    if extras.referral:
        fields["referral_to"], fields["referral_why"] = extras.referral.to, extras.referral.why
    return fields


def rows_shown(form: Form) -> int:
    """Return how many effects the form has room for: what is filled in, and one more."""
    filled = [number for number in range(1, MOST_EFFECTS + 1) if _is_filled(form, number)]
    return min(MOST_EFFECTS, max([ROWS, *(number + 1 for number in filled)]))


def is_given(form: Form) -> bool:
    """Tell whether anything was added, or is wrong, so that it is shown unfolded."""
    fields = [*SIMPLE, *(name_of(n, part) for n in range(1, MOST_EFFECTS + 1) for part in PARTS)]
    return any(form.given(name) or form.fault(name) for name in fields)


def read(form: Form, names: Labels) -> Extras:
    """Read what was added; call it inside `with form:`."""
    topics = [code for code, _name in names.choices("need_topic")]
    stages = [code for code, _name in names.choices("venture_stage")]
    return Extras(
        stage=form.choice("stage", stages) if form.given("stage") else None,
        topics=tuple(form.choices("topics", topics, required=False)),
        effects=tuple(
            _effect(form, number)
            for number in range(1, MOST_EFFECTS + 1)
            if _is_filled(form, number)
        ),
        referral=_referral(form),
    )


def read_signature(form: Form) -> str | None:
    """Read the name with which the record is signed, None where it is not."""
    return form.text("signed_name", longest=LONGEST_SIGNATURE, required=False) or None


def effect_choices() -> list[Choice]:
    """Return what an effect can be."""
    return [
        Choice("", _("不填")),
        *(Choice(code, str(EFFECT_NAMES[code])) for code in EFFECT_NAMES),
    ]


def codes(names: Labels, vocabulary: str) -> list[Choice]:
    """Return the terms of a vocabulary as choices."""
    return [Choice(code, name) for code, name in names.choices(vocabulary)]


def _is_filled(form: Form, number: int) -> bool:
    return any(form.given(name_of(number, part)) for part in PARTS)


def _effect(form: Form, number: int) -> Effect:
    amount = name_of(number, "amount")
    return Effect(
        kind=form.choice(name_of(number, "kind"), list(EFFECT_NAMES)),
        amount=form.integer(amount, 1, HIGHEST_AMOUNT) if form.given(amount) else None,
        words=form.text(name_of(number, "words"), longest=LONGEST_WORDS),
    )


def _referral(form: Form) -> Referral | None:
    if not (form.given("referral_to") or form.given("referral_why")):
        return None
    return Referral(
        to=form.text("referral_to", longest=LONGEST_ADDRESSEE),
        why=form.text("referral_why", longest=LONGEST_WORDS),
    )
