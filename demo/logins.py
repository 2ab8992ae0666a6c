"""The demonstration's logins. Nothing is imported here, so that settings and pages may read it."""

from __future__ import annotations

PASSWORD = "serviceops-demo"  # noqa: S105 - it is public, and set by `manage.py demo` alone
"""Everybody's password in the demonstration."""

DEMO_LOGINS: tuple[tuple[str, str], ...] = (
    ("demo.specialist", "customer_specialist"),
    ("demo.account_manager", "account_manager"),
    ("demo.senior_account_manager", "senior_account_manager"),
    ("demo.engineer", "support_engineer"),
    ("demo.trainer", "trainer"),
    ("demo.training_lead", "training_lead"),
    ("demo.consultant", "consultant"),
    ("demo.upgrade_lead", "upgrade_lead"),
    ("demo.director", "service_director"),
    ("demo.rd_engineer", "rd_engineer"),
    ("demo.rd_reviewer", "rd_reviewer"),
    ("demo.sales_manager", "sales_manager"),
    ("demo.sales_director", "sales_director"),
    ("demo.sales_ops", "sales_ops"),
    ("demo.finance", "finance"),
    ("demo.finance_reviewer", "finance_reviewer"),
    ("demo.hr_admin", "hr_admin"),
    ("demo.vice_president", "vice_president"),
    ("demo.admin", "system_admin"),
    ("demo.customer", "customer_contact"),
    ("demo.customer2", "customer_contact"),
)
"""Login and the handbook's code of the role it stands for; the last two are customers' contacts."""

CUSTOMER_LOGINS: tuple[str, ...] = tuple(login for login, role in DEMO_LOGINS if role == "customer_contact")
ADMINISTRATOR = "demo.admin"
