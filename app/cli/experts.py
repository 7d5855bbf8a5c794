"""`experts import` and `experts template`."""

from app.adapters.import_rows import EXPERTS
from app.cli.command import CommandGroup
from app.cli.imports import add_import, add_template
from app.services import experts

group = CommandGroup("experts", help="The pool of experts.")
add_import(group, EXPERTS, experts.import_rows)
add_template(group, EXPERTS)
