"""The demo district, told by use cases alone: one module for each kind of story."""

from app.cli.demo.district import Belongings, DemoDistrict

__all__ = ["Belongings", "DemoDistrict"]
