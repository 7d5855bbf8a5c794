"""What a change of the policy would have made of past months: asked, counted, stopped."""

from app.services.policy_previews.asking import COUNT, ask, cancel
from app.services.policy_previews.counting import compute, fail, prepare, record

__all__ = ["COUNT", "ask", "cancel", "compute", "fail", "prepare", "record"]
