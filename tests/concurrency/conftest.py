"""Errands and their people, for many who act at once."""

from __future__ import annotations

from tests.workflow.conftest import act, ask, crew, customer, errands, policy

__all__ = ("act", "ask", "crew", "customer", "errands", "policy")
