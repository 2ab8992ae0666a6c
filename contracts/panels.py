"""What a contract's page shows of its own: terms, lines, payment plan, promises, text, risks, paper, relations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts import services
from contracts.flow import IN_FORCE, State
from contracts.models import Contract
from contracts.models.contract import know_risks
from contracts.models.wording import due, in_words
from contracts.tables import discount_words
from core import markup
from core.faces import Beside, Panel, Sheet
from documents.panels import BESIDE_RECORDS
from forms_templates.amounts import capitals, figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from people.models import User


def _parts(contract: Any) -> dict[str, list[Any]]:
    """What belongs to it, read once for the page on which its boxes stand together."""
    known: dict[str, list[Any]] | None = contract.__dict__.get("_shown_parts")
    if known is None:
        known = contract.__dict__["_shown_parts"] = services.parts_of(contract)
        know_risks(contract, known["risks"])
    return known


def link_to(contract: Contract) -> SafeString:
    """A contract by its number."""
    return format_html(
        '<a href="{}">{}</a>', reverse("desk:record", args=["contract", contract.number]), contract.number
    )


# --- terms ------------------------------------------------------------------------------------------------------------
def _summary(contract: Any) -> Iterator[tuple[Any, Any]]:
    yield _("Class and kind"), f"{contract.get_form_display()} / {contract.get_business_display()}"
    words = in_words(contract.amount)
    yield _("Amount"), format_html('{}<br><span class="faint">{}</span>', figures(contract.amount), words)
    if contract.list_amount:
        words = _("list price %(listed)s, discount %(discount)s")
        yield (
            _("Discount"),
            words % {"listed": figures(contract.list_amount), "discount": discount_words(contract.discount)},
        )
    yield _("Term"), _span(contract)
    yield _("Payer"), f"{contract.get_payer_display()} {contract.agent or ''}".strip()
    if contract.payer == contract.Payer.END_USER:
        yield _("Reselling agent"), contract.agent
    yield _("Contact"), contract.contact
    yield _("After a tender"), _("yes") if contract.tender else ""
    yield _("Involves product or custom development"), _("yes") if contract.develops else ""
    yield _("Contract summary"), contract.summary_text


def _both(amount: Any) -> tuple[str, str]:
    return figures(amount), capitals(amount)


def _span(contract: Any) -> str:
    if contract.starts_on is None and contract.ends_on is None:
        return ""
    return f"{contract.starts_on or '…'} – {contract.ends_on or '…'}"


def _lines(contract: Any) -> SafeString:
    rows = _parts(contract)["lines"]
    if not rows:
        return SafeString()
    head = (
        _("Product sold"),
        _("Modules"),
        _("Users"),
        _("Mode"),
        _("Months"),
        _("List price"),
        _("Price"),
        _("Discount"),
    )
    body = [
        (
            _named(row),
            row.modules,
            row.users,
            row.get_purchase_mode_display() if row.purchase_mode else "",
            row.months,
            _listed(row),
            figures(row.price),
            discount_words(row.discount),
        )
        for row in rows
    ]
    sums = (figures(contract.list_amount), figures(contract.amount), discount_words(contract.discount))
    return markup.table(_("Lines"), head, body, (_("In all"), " ", " ", " ", " ", *sums), numbers={2, 4, 5, 6, 7})


def _named(row: Any) -> SafeString:
    """The product with its version, what is said of it, and days of training."""
    days = _("%(count)s training days") % {"count": f"{row.training_days.normalize():f}"} if row.training_days else ""
    more = " · ".join(filter(None, (row.version, row.description if row.product else "", days)))
    return format_html(
        "{}{}", row.product or row.description, format_html("<br><small>{}</small>", more) if more else ""
    )


def _listed(row: Any) -> SafeString:
    """The list price; one that is not the price list's bears a mark."""
    if not row.off_list:
        return format_html("{}", figures(row.list_price))
    return format_html("{}<br>{}", figures(row.list_price), markup.badge(_("list price by hand"), "aside", "pencil"))


def _plan(contract: Any) -> SafeString:
    rows = _parts(contract)["payments"]
    if not rows:
        return SafeString()
    head = (_("Instalment"), _("Share (%)"), _("Amount"), _("In words"), _("Due"), _("Condition"))
    body = [(row.get_kind_display(), f"{row.share:.2f}", *_both(row.amount), due(row), row.condition) for row in rows]
    shares = sum(row.share for row in rows)
    foot = (_("In all"), f"{shares:.2f}", *_both(sum(row.amount for row in rows)), " ", " ")
    return markup.table(_("Payment plan"), head, body, foot, numbers={1, 2})


def _promises(contract: Any) -> SafeString:
    rows = _parts(contract)["promises"]
    if not rows:
        return SafeString()
    body = [(row.get_lane_display(), row.title, row.due_on) for row in rows]
    return markup.table(_("What is promised"), (_("Kind of work"), _("What is promised"), _("Due on")), body)


def _agreed(contract: Any) -> Iterator[tuple[Any, Any]]:
    yield _("Services agreed"), contract.services
    yield _("Training agreed"), contract.training
    yield _("Custom development agreed"), contract.development
    yield _("Delivery, installation and acceptance dates"), contract.schedule


def _text(contract: Any) -> SafeString:
    """The text, closed at first: it is long. Whether it is the template's, and what the author says differs."""
    if not contract.text:
        return SafeString()
    said = services.deviation(contract)
    words = (
        _("as the template")
        if said == 0
        else _("%(count)s places differ from the template") % {"count": said}
        if said is not None
        else _("without a template")
    )
    mark = markup.badge(words, "nearly" if said == 0 else "aside", "circle-check" if said == 0 else "alert-triangle")
    deviations = (
        format_html("<dt>{}</dt><dd>{}</dd>", _("Deviations from the template"), markup.prose(contract.deviations))
        if contract.deviations
        else ""
    )
    template = format_html("<dt>{}</dt><dd>{} {}</dd>", _("Template"), contract.template or "–", mark)
    return format_html(
        '<dl class="facts">{}{}</dl><details><summary>{}</summary><div class="prose contract-text">{}</div></details>',
        template,
        deviations,
        _("The whole text"),
        contract.full_text,
    )


def _risks(contract: Any) -> SafeString:
    rows = _parts(contract)["risks"]
    if not rows:
        return SafeString()
    tones = {"high": "over", "medium": "aside", "low": "done"}
    body = [
        (
            row.risk,
            markup.badge(row.get_level_display(), tones[row.level]),
            row.control or markup.badge(_("not controlled yet"), "over", "alert-triangle"),
            row.seen_by,
        )
        for row in rows
    ]
    return markup.table(_("Risks"), (_("Risk"), _("Level"), _("Control"), _("Seen by")), body)


# --- paper ------------------------------------------------------------------------------------------------------------
def _paper(contract: Any) -> Iterator[tuple[Any, Any]]:
    yield _("Customer agreed"), _on(contract.agreed_on, contract.agreed_by)
    yield _("Approved"), markup.moment(contract.approved_at) if contract.approved_at else ""
    copies = _("%(count)s copies") % {"count": contract.copies} if contract.copies else ""
    yield _("Sealed"), _on(contract.sealed_on, copies)
    yield _("Posted"), _on(contract.posted_on, f"{contract.courier} {contract.waybill}")
    yield _("Signed by us"), _on(contract.signed_ours_on, contract.signed_ours_by)
    yield _("Signed by the customer"), _on(contract.signed_theirs_on, contract.signed_theirs_by)
    yield _("Effective from"), contract.effective_on
    yield _("Copy to the service department"), contract.copied_on
    yield _("Archive number (HR)"), contract.hr_archive
    yield _("Archive number (finance)"), contract.finance_archive
    yield _("Terminated on"), contract.terminated_on


def _on(day: Any, more: str) -> str:
    return f"{day} {more}".strip() if day is not None else ""


# --- relations --------------------------------------------------------------------------------------------------------
def _relations(contract: Any) -> Iterator[tuple[Any, Any]]:
    if contract.amends is not None:
        yield _("Amends"), link_to(contract.amends)
        yield _("Extent of the change"), contract.get_change_display()
        yield _("Change proposed by"), contract.proposed_by
    if contract.renews is not None:
        yield _("Renews"), link_to(contract.renews)
    if contract.goes_on_from is not None and contract.submitted_at is not None:
        yield "", _compare(contract)
    amendments, renewals = services.followers(contract, _parts(contract))
    yield _("Amendments"), _standing(amendments)
    yield _("Renewals"), _standing(renewals)
    if (present := services.present_terms(amendments)) is not None:
        words = _("%(amount)s, %(term)s, as amended by")
        said = words % {"amount": figures(present.amount), "term": _span(present)}
        yield _("Present terms"), format_html("{} {}", said, link_to(present))
    if contract.state in IN_FORCE:
        yield "", _begin(contract)


def _compare(contract: Any) -> SafeString:
    """To what differs from the contract that it goes on from."""
    where = reverse("desk:versions", args=["contract", contract.number])
    words = _("What differs from %(number)s") % {"number": contract.goes_on_from.number}
    return format_html('<a href="{}?from=earlier">{}</a>', where, words)


def _standing(contracts: Sequence[Any]) -> SafeString:
    lines = ((link_to(each), State(each.state).label, figures(each.amount)) for each in contracts)
    return format_html_join("", "<div>{} {} {}</div>", lines)


def _begin(contract: Any) -> SafeString:
    """From here a contract is amended or renewed (CON-11, CON-25)."""
    new = reverse("desk:new", args=["contract"])
    ways = (("amends", _("Amend"), "pencil"), ("renews", _("Renew"), "refresh"))
    return format_html_join(
        " ",
        '<a class="btn btn-small" href="{}?{}={}&amp;customer={}">{}{}</a>',
        ((new, way, contract.pk, contract.customer_id, markup.icon(icon), words) for way, words, icon in ways),
    )


MOST_OF_CUSTOMER = 10


def _of_customer(user: User, customer: int) -> SafeString:
    """A customer's contracts that the reader may see, the latest first, with what they come to and until when."""
    rows: Any = Contract.objects.for_actor(user).filter(customer=customer).exclude(state=State.CANCELLED)
    found = list(rows.order_by("-pk")[:MOST_OF_CUSTOMER])
    if not found:
        return SafeString()
    head = (_("Number"), _("Kind"), _("Amount"), _("Term"), _("State"))
    body = [
        (
            link_to(each),
            each.get_business_display(),
            figures(each.amount),
            _span(each),
            State(each.state).label,
        )
        for each in found
    ]
    return markup.table(_("Contracts"), head, body, numbers={2})


BESIDE_CUSTOMER = Beside(gettext_lazy("Contracts"), _of_customer)
PANELS = (
    Panel(gettext_lazy("Contract"), _summary, related=("agent", "contact")),
    Sheet(gettext_lazy("Lines"), content=_lines),
    Sheet(gettext_lazy("Payment plan"), content=_plan),
    Sheet(gettext_lazy("What is promised"), content=_promises),
    Panel(gettext_lazy("What is agreed"), _agreed),
    Sheet(gettext_lazy("Risks"), content=_risks),
    Sheet(gettext_lazy("Contract text"), content=_text, related=("template",)),
    Panel(gettext_lazy("Seal, post, signatures, archive"), _paper, place="side"),
    Panel(gettext_lazy("Amendments and renewals"), _relations, place="side", related=("amends", "renews")),
    BESIDE_RECORDS,
)
