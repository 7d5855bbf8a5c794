"""在途与质量: how long things wait, and how good the services of a stretch were."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.ageing import MOST_DAYS, Band
from app.domain.calendar import local_day
from app.domain.stretch import Rhythm, Stretch
from app.http.policy import policy
from app.http.run import reading
from app.queries import ageing
from app.queries import quality as parts
from app.queries.ageing import Stage
from app.queries.quality import Part
from app.web.bureau.address import one_of, stretch_asked
from app.web.shared.forms import Form

_STAGES = {each.value: each for each in Stage}
_BANDS: dict[str, Band | None] = {**{each.value: each for each in Band}, "": None}
_PARTS = {each.value: each for each in Part}


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/bureau/ageing")(ages)
    blueprint.get("/bureau/ageing/<stage>")(waiting_things)
    blueprint.get("/bureau/quality")(quality)
    blueprint.get("/bureau/quality/<part>")(quality_rows)


@policy(Permission.READ_REPORT_FILES)
def ages() -> ResponseReturnValue:
    """Show how long everything under way has waited."""
    with reading() as reader:
        stages = ageing.ages(reader)
    return render_template("bureau/reporting/ageing.html", stages=stages, most_days=MOST_DAYS)


@policy(Permission.READ_REPORT_FILES)
def waiting_things(stage: str) -> ResponseReturnValue:
    """Show what waits at one stage, in one band or in all."""
    wanted, band = one_of(_STAGES, stage), one_of(_BANDS, request.args.get("band", ""))
    with reading() as reader:
        things = ageing.waiting_things(reader, wanted, band)
    return render_template(
        "bureau/reporting/waiting_things.html",
        things=things,
        stage=wanted,
        band=band,
        most_days=MOST_DAYS,
    )


@policy(Permission.READ_REPORT_FILES)
def quality() -> ResponseReturnValue:
    """Show the quality of a stretch, by default the present quarter."""
    with reading() as reader:
        stretch = _stretch(Stretch.of(Rhythm.QUARTER, local_day(reader.now)))
        numbers = parts.quality(reader, stretch)
    shares = {part: parts.share(numbers, part) for part in parts.BASES}
    return render_template(
        "bureau/reporting/quality.html",
        stretch=stretch,
        numbers=numbers,
        shares=shares,
        ratings=parts.RATINGS,
    )


@policy(Permission.READ_REPORT_FILES)
def quality_rows(part: str) -> ResponseReturnValue:
    """Show the meetings behind a number of the quality report."""
    wanted = one_of(_PARTS, part)
    number = Form(request.args).integer("page", 1, 10**6) if "page" in request.args else 1
    with reading() as reader:
        stretch = _stretch(Stretch.of(Rhythm.QUARTER, local_day(reader.now)))
        page = parts.quality_rows(reader, stretch, wanted, number)
    return render_template(
        "bureau/reporting/quality_rows.html", stretch=stretch, part=wanted, page=page
    )


def _stretch(present: Stretch) -> Stretch:
    given = request.args.get("stretch")
    return stretch_asked(given) if given else present
