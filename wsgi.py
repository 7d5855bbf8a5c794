"""The WSGI entry: settings from the environment, one application."""

import os
from pathlib import Path

from app.factory import create_app
from app.settings import load

app = create_app(load(os.environ, Path(__file__).parent))
