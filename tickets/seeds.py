"""The vocabularies, the routing and the deadlines with which the ticket desk begins; an administrator changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from handbook import vocabulary
from people.models import Role
from tickets.models import Channel, IssueSubtype, IssueType, RoutingRule, Severity
from workflow.models import DeadlinePolicy, PolicyLevel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.models import Term

CONTACT_ONLY = (
    ("phone", "电话", "Phone"),
    ("messenger", "即时通讯", "Messenger"),
    ("on_site", "现场", "On site"),
)
"""Ways of speaking to a customer by which no issue arrives."""
FOR_CONSULTANTS = frozenset({"installation", "planning", "tools", "other_application"})
"""Deployment, implementation planning, consulting and tools (TKT-12)."""
REPORTED = frozenset({"urgent", "critical"})
CAUSE_REQUIRED = frozenset({"critical"})
ROUTE_RULES = {
    "technical": "TKT-07",
    "application": "TKT-08",
    "requirement": "TKT-09",
    "training_request": "TKT-10",
    "other": "TKT-11",
}
TO_CONSULTANTS = (("application", "planning"), ("application", "tools"))
"""The handbook's reading C-14: these go to a trainer; an administrator can put the consultants' rule in force."""

HOUR, DAY = 60, 1440
WARNED = ("warned", 75, ["handler", "specialist"])
MISSED = ("missed", 100, ["handler", "account_owner", "supervisor"])
ESCALATED = ("escalated", 200, ["service_director"])
CONTACT_OVERDUE = ("missed", 100, ["account_owner", "specialist", "supervisor"])

Level = tuple[str, int, list[str]]
Policy = tuple[str, dict[str, str], int, str, str, str, str, tuple[Level, ...]]
# timer, which records, minutes, clock, rule, name in Chinese and English, levels
POLICIES: tuple[Policy, ...] = (
    *(
        (
            "ticket.response",
            {"severity": severity},
            minutes,
            "elapsed",
            rule,
            f"{name}问题的响应时限",
            f"Response, {severity}",
            (WARNED, MISSED, ESCALATED),
        )
        for severity, name, minutes, rule in (
            ("general", "一般", 24 * HOUR, "TKT-16"),
            ("urgent", "紧迫", 8 * HOUR, "TKT-17"),
            ("critical", "非常紧迫", 4 * HOUR, "TKT-18"),
        )
    ),
    (
        "ticket.contact",
        {"severity": "urgent"},
        DAY,
        "elapsed",
        "TKT-20",
        "紧迫问题与客户联系的间隔",
        "Contact with the customer, urgent",
        (("warned", 50, ["account_owner", "specialist"]), CONTACT_OVERDUE),
    ),
    (
        "ticket.contact",
        {"severity": "critical"},
        2 * HOUR,
        "elapsed",
        "TKT-21",
        "非常紧迫问题与客户联系的间隔",
        "Contact with the customer, critical",
        (("warned", 75, ["account_owner", "specialist"]), CONTACT_OVERDUE),
    ),
    (
        "ticket.promise",
        {},
        DAY,
        "elapsed",
        "TKT-13",
        "预计解决时间",
        "Resolution as promised",
        (WARNED, MISSED, ESCALATED),
    ),
    ("ticket.autodispatch", {}, 15, "working", "", "自动派单", "Dispatch by itself", ()),
    # An emergency is closed by people: the customer must have been told by phone and email before (OFH-08).
    ("ticket.autoclose", {"emergency": "no"}, 7 * DAY, "elapsed", "", "自动关闭", "Closing by itself", ()),
    *(
        (
            timer,
            {"emergency": "yes"},
            HOUR,
            "elapsed",
            "OFH-08",
            name_zh,
            name_en,
            (("warned", 75, ["handler"]), ("missed", 100, ["handler", "account_owner", "supervisor"])),
        )
        for timer, name_zh, name_en in (
            ("ticket.phone_result", "电话反馈结果", "Result by phone"),
            ("ticket.mail_result", "邮件反馈结果", "Result by email"),
        )
    ),
    (
        "ticket.follow_up",
        {"emergency": "yes"},
        2 * HOUR,
        "working",
        "OFH-09",
        "客户经理回访",
        "Follow-up by the account manager",
        (("warned", 75, ["account_owner"]), ("missed", 100, ["account_owner"]), ESCALATED),
    ),
)


@transaction.atomic
def seed() -> None:
    """Add what is missing; what is there stays as an administrator has left it."""
    _vocabularies()
    _routes()
    _policies()


def _vocabularies() -> None:
    channels = [(term.code, term.zh, term.en, {"intake": True}) for term in vocabulary.channels()]
    _add_missing(Channel, [*channels, *((*names, {"intake": False}) for names in CONTACT_ONLY)])
    _add_missing(IssueType, [(term.code, term.zh, term.en, {}) for term in vocabulary.issue_types()])
    types = {row.code: row for row in IssueType.objects.all()}
    subtypes = [
        (sub.code, sub.zh, sub.en, {"issue_type": types[term.code], "for_consultants": sub.code in FOR_CONSULTANTS})
        for term in vocabulary.issue_types()
        for sub in term.subtypes
    ]
    _add_missing(IssueSubtype, subtypes)
    severities = [
        (
            term.code,
            term.zh,
            term.en,
            {
                "criterion_zh": term.criterion.zh,
                "criterion_en": term.criterion.en,
                "reported": term.code in REPORTED,
                "cause_required": term.code in CAUSE_REQUIRED,
            },
        )
        for term in vocabulary.severities()
    ]
    _add_missing(Severity, severities)


def _add_missing(model: type[Term], rows: Iterable[tuple[str, str, str, dict[str, Any]]]) -> None:
    present = set(model._default_manager.values_list("code", flat=True))
    for position, (code, name_zh, name_en, rest) in enumerate(rows, start=1):
        if code not in present:
            # One by one, since a bulk insert would leave no history row.
            model._default_manager.create(code=code, name_zh=name_zh, name_en=name_en, position=position * 10, **rest)


def _routes() -> None:
    """One rule for each type (TKT-07 to TKT-11), and those for consultants, out of force (TKT-12)."""
    types = {row.code: row for row in IssueType.objects.all()}
    for term in vocabulary.issue_types():
        if not types[term.code].routes.filter(subtype__isnull=True, region__isnull=True).exists():
            to_manager = term.handler == "account_manager"
            RoutingRule.objects.create(
                issue_type=types[term.code],
                role=None if to_manager else Role.objects.get(code=term.handler),
                to_account_manager=to_manager,
                rule=ROUTE_RULES.get(term.code, ""),
            )
    consultant = Role.objects.get(code="consultant")
    for type_code, subtype_code in TO_CONSULTANTS:
        subtype = IssueSubtype.objects.get(code=subtype_code)
        if not subtype.routes.exists():
            RoutingRule.objects.create(
                issue_type=types[type_code], subtype=subtype, role=consultant, rule="TKT-12", active=False
            )


def _policies() -> None:
    present = {(policy.timer, *sorted(policy.match.items())) for policy in DeadlinePolicy.objects.all()}
    for timer, match, minutes, clock, rule, name_zh, name_en, levels in POLICIES:
        if (timer, *sorted(match.items())) in present:
            continue
        policy = DeadlinePolicy.objects.create(
            timer=timer, match=match, minutes=minutes, clock=clock, rule=rule, name_zh=name_zh, name_en=name_en
        )
        for position, (kind, share, recipients) in enumerate(levels, start=1):
            PolicyLevel.objects.create(policy=policy, position=position, kind=kind, share=share, recipients=recipients)
