"""What is asked when somebody keeps a view or changes one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lists import addresses
from lists.models import Habit, SavedView, Sharing
from lists.presets import presets
from lists.shelf import may_share
from workflow import registry
from workflow.forms import Line

MOST = 50
"""Views that one person keeps of one process's list."""


class ViewForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """A view's name, with whom it is shared, its tab, and whether one's own list opens with it.

    The instance knows its owner, its process, and how the list stands.
    """

    name = Line(label=_("Name of the view"), max_length=60, error_messages={"required": _("Give the view a name.")})
    show = forms.ChoiceField(label=_("Tab"))
    opens = forms.BooleanField(label=_("My list opens with it"), required=False)

    class Meta:
        model = SavedView
        fields = ("name", "sharing")
        widgets = {"sharing": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        view, process = self.instance, registry.get(self.instance.kind)
        self.order_fields(["name", "sharing", "show", "opens"])
        tabs = [(each.code, each.label) for each in presets(process, view.owner)]
        self.fields["show"].choices = tabs  # type: ignore[attr-defined]
        self.initial["show"] = addresses.parsed(view.query).get("show", "") or tabs[0][0]
        self.fields["sharing"].choices = self._sharings()  # type: ignore[attr-defined]

    def _sharings(self) -> list[tuple[str, Any]]:
        """Those open to the owner, and the one chosen already: who no longer leads need not take it back."""
        owner, given = self.instance.owner, self.instance.sharing
        open_ = [Sharing.PRIVATE] if not may_share(owner) else list(Sharing)
        if owner.department_id is None:
            open_ = [each for each in open_ if each != Sharing.DEPARTMENT]
        return [(each.value, each.label) for each in Sharing if each in open_ or each == given]

    def clean_name(self) -> str:
        """One's own views of one list bear different names."""
        name: str = self.cleaned_data["name"]
        own = SavedView.objects.filter(owner=self.instance.owner, kind=self.instance.kind).exclude(pk=self.instance.pk)
        if own.filter(name=name).exists():
            raise ValidationError(_("You have a view of this name already."))
        if self.instance.pk is None and own.count() >= MOST:
            raise ValidationError(_("You have %(most)s views of this list; delete one first."), params={"most": MOST})
        return name

    def clean(self) -> dict[str, Any]:
        """The tab belongs to how the list stands. What came with the form is checked like any address."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        query = addresses.parsed(self.instance.query).copy()
        if "show" in said:
            query["show"] = said["show"]
        self.instance.query = query.urlencode()
        try:
            self.instance.clean()
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return said

    def keep(self) -> bool:
        """Keep it; False, with an error at the name, where the same name was given at the same moment."""
        view: SavedView = self.instance
        view.department = view.owner.department if view.sharing == Sharing.DEPARTMENT else None
        try:
            with transaction.atomic():
                view.save()
        except IntegrityError:
            self.add_error("name", _("You have a view of this name already."))
            return False
        self._open_with(view)
        return True

    def _open_with(self, view: SavedView) -> None:
        mine = Habit.objects.filter(user=view.owner, kind=view.kind, opens_with=view)
        if self.cleaned_data["opens"]:
            Habit.change(view.owner, view.kind, opens_with=view)
        elif mine.exists():
            Habit.change(view.owner, view.kind, opens_with=None)
