"""`needs import` and `needs template`."""

from app.adapters.import_rows import NEEDS
from app.cli.command import CommandGroup
from app.cli.imports import add_import, add_template
from app.services import needs

group = CommandGroup("needs", help="Founders' needs.")
add_import(group, NEEDS, needs.import_rows)
add_template(group, NEEDS)
