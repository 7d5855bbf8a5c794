"""Share experts out over needs: who advises whom, under load, conflict and fairness."""

from matching.assign.assigning import assign
from matching.assign.types import Assignment, Even, Explanation, Goal, Loads, Relaxation, Tight

__all__ = ["Assignment", "Even", "Explanation", "Goal", "Loads", "Relaxation", "Tight", "assign"]
