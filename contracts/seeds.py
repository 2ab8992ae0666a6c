"""Products, prices, templates, checklists, routes and time limits to begin with; administrators change them."""

from __future__ import annotations

from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml
from django.db import transaction

from contracts.models import ContractTemplate, Price, Product, PurchaseMode
from workflow.models import Checklist, ChecklistItem, DeadlinePolicy, Ground, PolicyLevel, PolicyStep, ReviewPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KIND, DECISION = "contract", "contract.decision"
STEP = 10


@transaction.atomic
def seed() -> None:
    """Add what is missing; what is there stays as an administrator has left it."""
    catalogue, reviews = read("catalogue"), read("reviews")
    _products(catalogue)
    _prices(catalogue)
    _templates(read("templates")["templates"])
    _checklists(reviews["checklists"])
    _grounds(reviews["grounds"])
    _policies(reviews["policies"], reviews["steps"])
    _deadlines(reviews["deadlines"])


def read(name: str) -> dict[str, Any]:
    """A file of the data with which an installation begins."""
    text = files("contracts").joinpath("data", f"{name}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def _names(row: Mapping[str, Any], position: int) -> dict[str, Any]:
    return {"name_zh": row["zh"], "name_en": row["en"], "position": position * STEP}


def _products(catalogue: Mapping[str, Any]) -> None:
    present = set(Product.objects.values_list("code", flat=True))
    for position, row in enumerate(catalogue["products"], start=1):
        if row["code"] not in present:
            more = {"documents": row["documents"], "modules": row["modules"]}
            Product.objects.create(code=row["code"], **_names(row, position), **more)


def _prices(catalogue: Mapping[str, Any]) -> None:
    """The price list, for products of which it says nothing yet."""
    years, since = catalogue["buyout_years"], catalogue["valid_from"]
    for product in Product.objects.filter(prices__isnull=True, code__in=catalogue["annual"]):
        rows = [("", users, amount) for users, amount in catalogue["annual"][product.code].items()]
        rows += [(name, "any", catalogue["modules"][name]) for name in product.modules if name in catalogue["modules"]]
        for module, users, amount in rows:
            for mode, times in ((PurchaseMode.ANNUAL, 1), (PurchaseMode.BUYOUT, years)):
                Price.objects.create(
                    product=product,
                    module=module,
                    purchase_mode=mode,
                    users=None if users == "any" else users,
                    amount=Decimal(amount) * times,
                    valid_from=since,
                )


def _templates(rows: Iterable[Mapping[str, Any]]) -> None:
    present = set(ContractTemplate.objects.values_list("code", flat=True))
    for position, row in enumerate(rows, start=1):
        if row["code"] not in present:
            more = {"form": row["form"], "kinds": row["kinds"], "text": row["text"].strip()}
            ContractTemplate.objects.create(code=row["code"], **_names(row, position), **more)


def _checklists(rows: Iterable[Mapping[str, Any]]) -> None:
    present = set(Checklist.objects.values_list("code", flat=True))
    for position, row in enumerate(rows, start=1):
        if row["code"] in present:
            continue
        made = Checklist.objects.create(code=row["code"], rule=row["rule"], **_names(row, position))
        for place, item in enumerate(row["items"], start=1):
            words = {"text_zh": item["zh"], "text_en": item["en"]}
            ChecklistItem.objects.create(checklist=made, code=item["code"], position=place * STEP, **words)


def _grounds(rows: Iterable[Mapping[str, Any]]) -> None:
    present = set(Ground.objects.values_list("code", flat=True))
    for position, row in enumerate(rows, start=1):
        if row["code"] not in present:
            Ground.objects.create(code=row["code"], kind=row["kind"], **_names(row, position))


def _policies(rows: Iterable[Mapping[str, Any]], steps: Mapping[str, Mapping[str, Any]]) -> None:
    if ReviewPolicy.objects.filter(kind=KIND).exists():
        return
    for position, row in enumerate(rows, start=1):
        said = {name: row[name] for name in ("reason_zh", "reason_en", "rule", "when")}
        policy = ReviewPolicy.objects.create(kind=KIND, **_names(row, position), **said)
        for place, each in enumerate(row["steps"], start=1):
            ((code, when),) = each.items()
            _step(policy, place, code, steps[code], when)


def _step(policy: ReviewPolicy, place: int, code: str, row: Mapping[str, Any], when: Mapping[str, Any]) -> None:
    said = {name: row[name] for name in ("stage", "mode", "parties", "checklists", "rule")}
    PolicyStep.objects.create(policy=policy, code=code, when=dict(when), **_names(row, place), **said)


def _deadlines(rows: Iterable[Mapping[str, Any]]) -> None:
    if DeadlinePolicy.objects.filter(timer=DECISION).exists():
        return
    for row in rows:
        words = {"name_zh": row["zh"], "name_en": row["en"], "rule": "CON-09"}
        policy = DeadlinePolicy.objects.create(
            timer=DECISION, match=row["match"], minutes=row["minutes"], clock="working", **words
        )
        for place, (kind, share, recipients) in enumerate(row["levels"], start=1):
            PolicyLevel.objects.create(policy=policy, position=place, kind=kind, share=share, recipients=recipients)
