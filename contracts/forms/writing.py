"""A contract is written: head, lines, payment plan, promises and texts, on one page (CON-01 to CON-03, CON-11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from contracts import services
from contracts.flow import IN_FORCE, State
from contracts.forms import plan
from contracts.forms.fields import MOST, Count, switch
from contracts.forms.rows import LineRow, PaymentRow, PromiseRow
from contracts.models import NIL, Contract, ContractTemplate, originals
from contracts.models.writing import TABLES, rows_of
from core import clock
from customers.models import Contact, Organisation
from handbook import vocabulary
from workflow.forms import Day, Line, Text
from workflow.rows import Rows, TableForm
from workflow.widgets import Choice, Found, Typeahead

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from decimal import Decimal

    from django.forms import BoundField

    from people.models import User

_AUTHORS = {
    "sales_manager": frozenset({"sales_manager"}),
    "account_manager": frozenset({"account_manager", "senior_account_manager"}),
}
"""Who writes a kind of contract, by the author whom the handbook names."""
_AMENDERS = frozenset({"sales_ops"})
PARTS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "what",
        _("What it is"),
        (
            *("business", "form", "customer", "contact", "title", "amends", "renews", "proposed_by", "payer", "agent"),
            *("starts_on", "ends_on", "originals", "tender", "develops"),
        ),
    ),
    ("lines", "", ("lines",)),
    ("plan", "", ("payments",)),
    ("promises", "", ("promises",)),
    ("agreed", _("What is agreed"), ("services", "training", "development", "schedule")),
    ("summary", "", ("summary_text",)),
    ("text", _("Contract text"), ("template", "text", "deviations")),
)
"""The page, from top to bottom. A part of one field needs no title."""
LONGEST = 200_000
"""Characters of a contract's text."""


@dataclass(frozen=True)
class Part:
    """Some fields of the form, shaped like a form for the component that draws one."""

    code: str
    title: Any
    visible_fields: list[BoundField]
    hidden_fields: tuple[BoundField, ...] = ()
    non_field_errors: tuple[str, ...] = ()


class ContractForm(TableForm):
    """The ground of drafting and of writing on: what is not sent stays as it is `present`."""

    layout = "contracts/writing.html"

    business = forms.ChoiceField(
        label=_("Kind of contract"),
        choices=[("", _("Choose…")), *Contract.Business.choices],
        error_messages={"required": _("Say what kind of business it is (CON-02).")},
    )
    form = forms.ChoiceField(
        label=_("Class"),
        choices=Contract.Form.choices,
        initial=Contract.Form.SOFTWARE,
        error_messages={"required": _("Say whether it is a contract, a memorandum or a supplement (CON-01).")},
    )
    customer = Found(
        Organisation.objects.filter(active=True),
        names=("name", "short_name"),
        label=_("Customer"),
        widget=Typeahead("customers"),
        error_messages={"required": _("Name the customer.")},
    )
    title = Line(label=_("Title"), required=False, help_text=_("Left empty: the customer and the kind."))
    contact = Found(
        Contact.objects.filter(active=True).select_related("organisation"),
        names=(),
        label=_("Contact"),
        widget=Typeahead("contacts", narrowed_by="customer", eager=True),
        required=False,
    )
    payer = forms.ChoiceField(label=_("Payer"), choices=Contract.Payer.choices, initial=Contract.Payer.END_USER)
    agent = Found(
        Organisation.objects.filter(active=True),
        names=("name", "short_name"),
        label=_("Reselling agent"),
        widget=Typeahead("customers"),
        required=False,
    )
    starts_on = Day(label=_("Term from"), required=False)
    ends_on = Day(label=_("Term until"), required=False)
    originals = Count(
        label=_("Number of originals"),
        least=originals.LEAST,
        most=originals.MOST,
        required=True,
        initial=originals.USUAL,
        help_text=_("One half for the customer, the other for us."),
        error_messages={"required": _("Say in how many originals it is made.")},
    )
    tender = switch(_("After a tender"))
    develops = switch(_("Involves product or custom development"), help_text=_("R&D reviews it as well (CON-05)."))
    proposed_by = Line(label=_("Change proposed by"), required=False)
    lines = Rows(LineRow, label=_("Lines"), more=_("Add a line"))
    payments = Rows(PaymentRow, label=_("Payment plan"), more=_("Add an instalment"))
    promises = Rows(PromiseRow, label=_("What is promised"), more=_("Add a promise"))
    summary_text = Text(label=_("Contract summary"), rows=4, required=False, max_length=20_000)
    services = Text(label=_("Services agreed"), rows=2, required=False, max_length=20_000)
    training = Text(label=_("Training agreed"), rows=2, required=False, max_length=20_000)
    development = Text(label=_("Custom development agreed"), rows=2, required=False, max_length=20_000)
    schedule = Text(label=_("Delivery, installation and acceptance dates"), rows=2, required=False, max_length=20_000)
    deviations = Text(label=_("Deviations from the template"), rows=2, required=False, max_length=20_000)
    template = Choice(ContractTemplate.objects.filter(active=True), label=_("Template"), required=False)
    text = Text(
        label=_("Contract text"),
        rows=16,
        required=False,
        max_length=LONGEST,
        help_text=_("Left empty: the template's. Its places in double braces are filled from the contract."),
    )

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        present = self.present(kwargs["record"], kwargs.get("initial") if data is None else data)
        present["payments"] = self._as_typed(present)
        if data is not None:
            asked = self.base_fields
            kept = {
                name: value
                for name, value in present.items()
                if name in asked and asked[name].widget.value_omitted_from_data(data, files or {}, name)
            }
            data = {**kept, **dict(data.items())}
        initial = {**present, **kwargs.pop("initial", {})}
        super().__init__(data, files, initial=initial, **kwargs)

    def present(self, record: Any, asked: Any) -> dict[str, Any]:
        """What stands there to begin with; `asked` is what was sent, or what another page asks to start with."""
        raise NotImplementedError

    def parts(self) -> list[Part]:
        """The fields as the page groups them."""
        return [
            Part(code, title, [self[name] for name in names if name in self.fields]) for code, title, names in PARTS
        ]

    @staticmethod
    def _as_typed(present: Mapping[str, Any]) -> list[dict[str, Any]]:
        total = sum((row["price"] for row in present.get("lines", ())), NIL)
        return plan.as_typed(present.get("payments", ()), total)

    # --- what belongs together --------------------------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        """Check what belongs together, and reckon what follows."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        self._check_author(said)
        self._check_people(said)
        self._check_term(said)
        if "lines" in said:
            said["lines"] = self._priced(said["lines"])
            if "payments" in said and "lines" not in self.errors:
                said["payments"] = self._planned(said, sum((row["price"] for row in said["lines"]), NIL))
        if "title" in said and not said["title"] and said.get("customer") and said.get("business"):
            said["title"] = self._called(said)[:200]
        return said

    def _called(self, said: Mapping[str, Any]) -> str:
        """What a contract is called that nobody has named; a title is of the paper, so it is Chinese."""
        amended = said.get("amends")
        if amended is not None:
            with override("zh-hans"):
                return f"{amended.title} {Contract.Form.SUPPLEMENT.label}"
        return f"{said['customer'].name} {_kind(said['business']).zh}"

    def _check_author(self, said: Mapping[str, Any]) -> None:
        """A new sale is the sales manager's to write, a resale the account manager's (CON-03, CON-11)."""
        user: User | None = self.actor.on_behalf_of or self.actor.user
        if user is None or not said.get("business"):
            return
        kind = _kind(said["business"])
        may = _AUTHORS.get(kind.author, frozenset({kind.author}))
        if self._amended(said) is not None:
            may |= _AMENDERS
        if not any(user.has_role(code) for code in may):
            message = _("A new sale is written by a sales manager (CON-03).")
            if kind.code != Contract.Business.NEW_SALE:
                message = _("A resale is written by an account manager (CON-11).")
            self.add_error("business", message)

    def _amended(self, said: Mapping[str, Any]) -> Any:
        return said.get("amends")

    def _check_people(self, said: dict[str, Any]) -> None:
        customer, contact, agent = said.get("customer"), said.get("contact"), said.get("agent")
        if customer is not None and not customer.active:
            self.add_error("customer", _("This customer is not active any more."))
        if contact is not None and customer is not None and contact.organisation_id != customer.pk:
            self.add_error("contact", _("This contact belongs to another customer."))
        if said.get("payer") == Contract.Payer.AGENT and agent is None and "agent" not in self.errors:
            self.add_error("agent", _("Name the agent who pays."))
        if agent is not None and agent == customer:
            self.add_error("agent", _("The agent is another than the customer."))

    def _check_term(self, said: Mapping[str, Any]) -> None:
        starts, ends = said.get("starts_on"), said.get("ends_on")
        if starts is not None and ends is not None and ends < starts:
            self.add_error("ends_on", _("The term must end after it starts."))

    def _priced(self, lines: Any) -> tuple[dict[str, Any], ...]:
        """The lines with their list prices: the price list's, unless another is given, which is then marked."""
        prices = services.PriceList(clock.local(self.at).date())
        made = []
        for row in lines:
            listed = prices.of(row)
            given = row["list_price"] if row["list_price"] is not None else listed
            own = given is not None and given != listed
            made.append({**row, "list_price": row["price"] if given is None else given, "off_list": own})
        if sum((row["price"] for row in made), NIL) > MOST or sum((row["list_price"] for row in made), NIL) > MOST:
            self.add_error("lines", _("A contract's amount is 999,999,999.99 at most."))
        return tuple(made)

    def _planned(self, said: Mapping[str, Any], total: Decimal) -> tuple[dict[str, Any], ...]:
        """The payment plan with every share and amount; what does not add up is said."""
        rows = said["payments"]
        once = {"first", "retention"}
        for number, row in enumerate(rows):
            if row["kind"] in once and any(other["kind"] == row["kind"] for other in rows[:number]):
                self.fault("payments", number, "kind", _("There is one of this kind already."))
        made = tuple(plan.settled(rows, total))
        if rows and (wrong := plan.fault(made, total)):
            self.add_error("payments", wrong)
        return made


def _kind(code: str) -> Any:
    return next(kind for kind in vocabulary.contract_kinds() if kind.code == code)


def _earlier(label: Any) -> Found:
    return Found(
        Contract.objects.filter(state__in=(*IN_FORCE, State.TERMINATED)).select_related("customer"),
        names=("number",),
        label=label,
        widget=Typeahead("records", narrowed_by="customer"),
        required=False,
    )


def _shifted(row: dict[str, Any], shift: timedelta | None) -> dict[str, Any]:
    """A row of the contract that is renewed, as far later as the new term begins."""
    due = row["due_on"]
    return {**row, "due_on": due + shift if due is not None and shift is not None else due}


_COPIED = (
    *("business", "customer", "contact", "payer", "agent", "tender", "develops"),
    *("originals", "services", "training", "development", "schedule"),
)
_ONCE_ONLY: dict[str, Any] = {"tender": False, "develops": False, "development": ""}
"""What was of the first sale alone; a renewal that involves development again says so anew."""


class DraftForm(ContractForm):
    """A contract begins: from its template, or from the earlier contract that it renews or amends (CON-11, CON-25)."""

    amends = _earlier(_("Amends"))
    renews = _earlier(_("Renews"))

    def present(self, record: Any, asked: Any) -> dict[str, Any]:  # noqa: ARG002 - there is nothing yet
        """The earlier contract's content, where one is named."""
        found: dict[str, Any] = {
            "form": Contract.Form.SOFTWARE,
            "payer": Contract.Payer.END_USER,
            "originals": originals.USUAL,
        }
        earlier, amended = self._named(asked, "renews"), self._named(asked, "amends")
        if (of := amended or earlier) is None:
            return found
        found |= {name: getattr(of, name) for name in _COPIED} | {name: rows_of(of, name) for name in TABLES}
        if amended is not None:
            return found | {"form": Contract.Form.SUPPLEMENT, "starts_on": of.starts_on, "ends_on": of.ends_on}
        found |= services.next_term(of) | {"business": services.renewal_kind(of)} | _ONCE_ONLY
        shift = found["starts_on"] - of.starts_on if found.get("starts_on") and of.starts_on else None
        return found | {name: [_shifted(row, shift) for row in found[name]] for name in ("payments", "promises")}

    @classmethod
    def _named(cls, asked: Any, name: str) -> Contract | None:
        """The contract that the data name, if it can be one; whether the actor may name it is checked later."""
        given = (asked or {}).get(name)
        if isinstance(given, Contract):
            return given
        try:
            return cls.base_fields[name].clean(given) if given else None
        except forms.ValidationError:
            return None

    def clean(self) -> dict[str, Any]:
        """The earlier contract is the same customer's, and one that the actor may see; the text is the template's."""
        said = super().clean()
        for name in ("amends", "renews"):
            self._check_earlier(said, name)
        if said.get("amends") is not None and said.get("renews") is not None:
            self.add_error("renews", _("It either amends an earlier contract or renews one."))
        if not said.get("text") and "text" in said and said.get("business"):
            template = said["template"] or services.template_for(said["form"], said["business"], said.get("amends"))
            if template is not None:
                said["template"], said["text"] = template, template.text
        return said

    def _check_earlier(self, said: Mapping[str, Any], name: str) -> None:
        earlier, customer = said.get(name), said.get("customer")
        if earlier is None:
            return
        user = self.actor.user
        if user is None or not Contract.objects.for_actor(user).filter(pk=earlier.pk).exists():
            self.add_error(name, _("This is not there, or cannot be chosen here. Choose one of the list."))
        elif customer is not None and earlier.customer_id != customer.pk:
            self.add_error(name, _("This contract is another customer's."))
        elif name == "amends" and earlier.state not in IN_FORCE:
            self.add_error(name, _("Only a contract in force is amended."))


class WriteForm(ContractForm):
    """A contract is written on: what is not sent stays, and only what differs is said."""

    def present(self, record: Any, asked: Any) -> dict[str, Any]:  # noqa: ARG002 - the record says it all
        """The contract as it is."""
        plain = [name for name in self.base_fields if name not in TABLES]
        tables = {name: rows_of(record, name) for name in TABLES}
        return {name: getattr(record, name) for name in plain} | tables

    def _amended(self, said: Mapping[str, Any]) -> Any:  # noqa: ARG002 - settled when it was drafted
        contract: Any = self.record
        return contract.amends_id

    def clean(self) -> dict[str, Any]:
        """Only what differs. Raises ValidationError if nothing does."""
        said = super().clean()
        self._check_customer(said)
        changed = {name: value for name, value in said.items() if self._differs(name, value)}
        if not changed and not self.errors:
            raise forms.ValidationError(_("Nothing differs from what is written."))
        return changed

    def _check_customer(self, said: Mapping[str, Any]) -> None:
        contract: Any = self.record
        bound = contract.amends_id or contract.renews_id
        if bound and said.get("customer") is not None and said["customer"].pk != contract.customer_id:
            self.add_error("customer", _("The earlier contract is another customer's."))

    def _differs(self, name: str, value: Any) -> bool:
        contract: Any = self.record
        return bool(list(value) != rows_of(contract, name) if name in TABLES else value != getattr(contract, name))
