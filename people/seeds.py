"""The vocabulary that people need before anybody can be entered: departments, roles of the handbook, regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook import vocabulary
from people.models import Department, Region, Role

if TYPE_CHECKING:
    from core.models import Term

DEPARTMENTS = (
    ("service", "服务部", "Service"),
    ("sales", "销售部", "Sales"),
    ("sales_operations", "销售运营部", "Sales operations"),
    ("finance", "财务部", "Finance"),
    ("rd", "研发部", "R&D"),
    ("hr", "人事行政部", "HR and administration"),
    ("leadership", "公司领导", "Leadership"),
)
REGIONS = (
    ("north", "华北", "North China"),
    ("east", "华东", "East China"),
    ("central", "华中", "Central China"),
    ("south", "华南", "South China"),
    ("southwest", "西南", "Southwest China"),
    ("northwest", "西北", "Northwest China"),
    ("northeast", "东北", "Northeast China"),
)
SEES_ALL = frozenset({"service_director", "vice_president", "system_admin"})
UNBOUND = "any"
"""What the handbook writes as the department of a role that exists in every one."""


def seed() -> None:
    """Add what is missing; what is there stays as an administrator has left it."""
    _add_missing(Department, [(code, zh, en, {}) for code, zh, en in DEPARTMENTS])
    _add_missing(Region, [(code, zh, en, {}) for code, zh, en in REGIONS])
    roles = [
        (
            role.code,
            role.zh,
            role.en,
            {
                "department_code": "" if role.department == UNBOUND else role.department,
                "sees_all": role.code in SEES_ALL,
            },
        )
        for role in vocabulary.roles()
    ]
    _add_missing(Role, roles)


def _add_missing(model: type[Term], rows: list[tuple[str, str, str, dict[str, object]]]) -> None:
    present = set(model._default_manager.values_list("code", flat=True))
    for position, (code, name_zh, name_en, rest) in enumerate(rows, start=1):
        if code not in present:
            # One by one, since a bulk insert would leave no history row.
            model._default_manager.create(code=code, name_zh=name_zh, name_en=name_en, position=position * 10, **rest)
