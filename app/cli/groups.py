"""Which commands there are: every module of this package that holds a `group`."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask

from app import cli


def register(app: Flask) -> None:
    """Add every group of commands to the application."""
    for module in iter_modules(cli.__path__):
        group = getattr(import_module(f"{cli.__name__}.{module.name}"), "group", None)
        if group is not None:
            app.cli.add_command(group)
