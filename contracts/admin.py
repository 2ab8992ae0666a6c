"""Administration of contracts: products with their prices, and templates to edit; contracts to look at only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from contracts.flow import State
from contracts.models import Contract, ContractTemplate, Price, Product, wording
from core.text import listed
from workflow.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class TermAdmin(SimpleHistoryAdmin):
    """A word of a vocabulary. One that is in use is taken out of offer, not deleted; its code never changes."""

    list_display: tuple[str, ...] = ("name_zh", "name_en", "code", "position", "active")
    list_filter: tuple[str, ...] = ("active",)
    search_fields = ("name_zh", "name_en", "code")
    ordering = ("position", "id")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code that prices and policies may name stays."""
        return ("code",) if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Taken out of offer instead."""
        return False


class PriceInline(admin.TabularInline[Price, Product]):
    """The prices of a product."""

    model = Price
    extra = 0
    ordering = ("module", "purchase_mode", "users", "-valid_from")


@admin.register(Product)
class ProductAdmin(TermAdmin):
    """Products with their modules and prices."""

    list_display = (*TermAdmin.list_display, "documents")
    inlines = (PriceInline,)


@admin.register(Price)
class PriceAdmin(SimpleHistoryAdmin):
    """The price list. A new price is a new line with the day from which it is valid; the old one stays."""

    list_display = ("product", "module", "purchase_mode", "users", "amount", "valid_from")
    list_display_links = ("product", "amount")
    list_filter = ("product", "purchase_mode")
    list_select_related = ("product",)
    search_fields = ("product__name_zh", "product__name_en", "module")
    autocomplete_fields = ("product",)


class TemplateForm(forms.ModelForm[ContractTemplate]):
    """A template; its places are those that a contract fills."""

    kinds = forms.MultipleChoiceField(
        label=_("for kinds"), choices=Contract.Business.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    form = forms.ChoiceField(label=_("class"), choices=Contract.Form.choices)

    class Meta:
        model = ContractTemplate
        fields = ("name_zh", "name_en", "code", "form", "kinds", "text", "position", "active")

    def clean_text(self) -> str:
        """Refuse a place that nothing would fill: said here, and not to whoever submits a contract."""
        text: str = self.cleaned_data["text"]
        if strange := wording.unknown(text):
            raise forms.ValidationError(
                _("Nothing fills these places: %(places)s. There are: %(known)s."),
                params={"places": listed(strange), "known": listed(wording.PLACES)},
            )
        return text


@admin.register(ContractTemplate)
class ContractTemplateAdmin(TermAdmin):
    """Standard texts. Changing one changes no contract that was written from it."""

    form = TemplateForm
    list_display = (*TermAdmin.list_display, "form")
    list_filter = ("active", "form")


class StateFilter(admin.SimpleListFilter):
    """The states by their words."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every state of the flow."""
        return list(State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The contracts in the chosen state."""
        return queryset.filter(state=self.value()) if self.value() in State.values else queryset


@admin.register(Contract)
class ContractAdmin(ReadOnlyAdmin):
    """Contracts, as they are. They change through acts on their own page only."""

    list_display = ("number", "title", "customer", "business", "amount", "standing", "handler", "due_at")
    list_filter = ("is_open", StateFilter, "business", "form")
    search_fields = ("number", "title")
    list_select_related = ("customer", "handler")
    show_full_result_count = False

    @admin.display(description=_("state"), ordering="state")
    def standing(self, contract: Contract) -> str:
        """The state's word; the parent row knows only its code."""
        return str(State(contract.state).label)
