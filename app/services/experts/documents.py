"""The document by which a term is made, extended or ended."""

from app.domain import prose

LONGEST_DOCUMENT = 200


def ensure_document(name: str) -> str:
    """Return the document's name.

    Raises:
        InvalidInputError: at field `document`.
    """
    return prose.ensure("document", name, LONGEST_DOCUMENT)
