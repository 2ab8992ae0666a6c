"""Executions of contracts, and the items of their plans."""

from execution.models.execution import Execution
from execution.models.item import PlanItem
from execution.models.plan import Plan

__all__ = ("Execution", "Plan", "PlanItem")
