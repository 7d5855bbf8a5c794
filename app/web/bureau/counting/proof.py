"""证据包: a closed month to be recounted elsewhere, and the program for it."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.adapters.evidence_files import issuer_of, verifier
from app.domain.actor import SYSTEM, Permission
from app.domain.calendar import local_day
from app.http.edge import the_settings, the_store
from app.http.policy import policy
from app.queries.evidence_bundles import bundle, pack
from app.web.bureau.address import month_asked


def register(blueprint: Blueprint) -> None:
    """Add the two files."""
    blueprint.get("/bureau/reports/<month>/evidence")(evidence_bundle)
    blueprint.get("/bureau/verify_bundle.py")(evidence_verifier)


@policy(Permission.READ_AUDIT, logged=True)
def evidence_bundle(month: str) -> ResponseReturnValue:
    """Hand out the evidence bundle of a closed month; whoever takes it is noted."""
    with the_store().read(SYSTEM) as reader:
        wanted = month_asked(month, local_day(reader.now))
        archive = pack(bundle(reader, wanted, issuer_of(the_settings())))
    return _file(archive, f"evidence-{wanted}.zip", "application/zip")


@policy(Permission.READ_AUDIT)
def evidence_verifier() -> ResponseReturnValue:
    """Hand out the stand-alone verifier."""
    return _file(verifier().content, "verify_bundle.py", "text/x-python; charset=utf-8")


def _file(content: bytes, name: str, kind: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, content_type=kind, headers={"Content-Disposition": disposition})
