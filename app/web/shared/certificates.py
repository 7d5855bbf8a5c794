"""How certificates and records are coded for paper: the same for bureau and mentor."""

from uuid import UUID

import segno
from flask import render_template, url_for

from app.domain.certificate import code_of, record_code, spaced
from app.http.edge import the_settings
from app.queries.certificates import CertificateView
from app.unit_of_work.opening import certificate_key


def the_key() -> bytes:
    """Return the key from which codes of certificates and records are made."""
    return certificate_key(the_settings().secret_key)


def paper(page: CertificateView, template: str, back: str) -> str:
    """Return the page of a certificate, ready to be printed on A4, with its code.

    Args:
        page: what is certified.
        template: of the portal.
        back: where he came from.
    """
    code = code_for(page.id)
    address = the_settings().base_url.rstrip("/") + url_for("public.verify", code=code)
    drawn = segno.make(address, error="m").svg_data_uri(
        scale=6, svgclass=None, lineclass=None, omitsize=True
    )
    return render_template(template, page=page, back=back, code=code, drawn=drawn)


def code_for(certificate_id: UUID) -> str:
    """Return the code of a certificate in groups."""
    return spaced(code_of(the_key(), certificate_id))


def record_code_for(version_id: UUID) -> str:
    """Return the code of one version of a record in groups."""
    return spaced(record_code(the_key(), version_id))
