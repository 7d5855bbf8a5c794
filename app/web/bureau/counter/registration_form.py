"""Reading the sheet on which somebody is registered at the desk."""

from datetime import date

from app.domain.consent import LONGEST_PLACE, ConsentKind, PaperConsent
from app.domain.ids import parse_id
from app.domain.person import EARLIEST_BIRTH_YEAR, LONGEST_DOCUMENT, LONGEST_NAME
from app.services.persons import Registration, WalkIn
from app.web.shared.forms import Form

LONGEST_PHONE = 40
LONGEST_CODE = 40
LATEST_BIRTH_YEAR = date.max.year
KINDS = [kind.value for kind in ConsentKind]


def read_registration(form: Form) -> Registration:
    """Read who has come and what he signed.

    Raises:
        InvalidInputError: naming each field.
    """
    with form:
        walk_in = WalkIn(
            name=form.text("name", longest=LONGEST_NAME),
            phone=_text(form, "phone", LONGEST_PHONE),
            birth_year=_year(form),
            street=_text(form, "street", LONGEST_CODE),
            document=_text(form, "document", LONGEST_DOCUMENT),
        )
        venture = _text(form, "venture", LONGEST_NAME)
        consent = _consent(form, "")
        group = _text(form, "group", LONGEST_CODE)
        group_consent = _consent(form, "group_") if _has_group_sheet(form) else None
        form.checkbox("agreed", required=True)
    return Registration(
        walk_in=walk_in,
        consent=consent,
        venture=venture,
        group=group,
        group_consent=group_consent,
        group_seen=form.given("group_seen") and group is not None,
        others=frozenset(filter(None, map(parse_id, form.chosen("others")))),
    )


def read_sheet(form: Form) -> PaperConsent:
    """Read the sheet that a sensitive group told earlier needs.

    Raises:
        InvalidInputError: naming each field.
    """
    with form:
        given = _consent(form, "")
        form.checkbox("agreed", required=True)
    return given


def _text(form: Form, name: str, longest: int) -> str | None:
    return form.text(name, longest=longest, required=False) or None


def _year(form: Form) -> int | None:
    if not form.given("birth_year"):
        return None
    return form.integer("birth_year", EARLIEST_BIRTH_YEAR, LATEST_BIRTH_YEAR)


def _has_group_sheet(form: Form) -> bool:
    return form.given("group_given_on") or form.given("group_filed_at")


def _consent(form: Form, prefix: str) -> PaperConsent:
    kind = form.choice(f"{prefix}kind", KINDS)
    return PaperConsent(
        kind=ConsentKind(kind) if kind else ConsentKind.SIGNATURE,
        given_on=form.day(f"{prefix}given_on"),
        filed_at=form.text(f"{prefix}filed_at", longest=LONGEST_PLACE),
    )
