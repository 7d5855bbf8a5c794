"""What a purpose adds to the one address: how it is shown, and what is done."""

from collections.abc import Callable
from dataclasses import dataclass

from app.queries.mail_links import Link
from app.web.founder.refusing import Refusal
from app.web.shared.forms import Form


@dataclass(frozen=True, slots=True)
class Errand:
    """The page of a purpose.

    Attributes:
        show: the page while the link is open, also where its subject was settled otherwise.
        act: reads the form and runs the use case.
    """

    show: Callable[[Link, Form, Refusal | None], str]
    act: Callable[[Link, Form], None]
