"""What a process declares for the customers' house; the portal draws it and knows no process by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.forms import FileField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.utils.functional import Promise

    Label = str | Promise


@dataclass(frozen=True)
class Standing:
    """How a state is put to a customer: in a word, in a sentence, and on which of the face's steps it stands.

    `tone` is one of new, active, aside, nearly, done, void. `step` counts from 0; -1 stands off the line. `yours` says
    that it is the customer's turn.
    """

    words: Label
    explains: Label
    tone: str
    step: int = -1
    yours: bool = False


def _as_asked(form: Any) -> dict[str, Any]:
    """What was answered, under the names of the form's fields; files go their own way."""
    return {name: value for name, value in form.cleaned_data.items() if not isinstance(form.fields[name], FileField)}


@dataclass(frozen=True)
class Ask:
    """Something that a customer may do: a verb of the flow, asked for in words that address the customer.

    `form` is a workflow.forms.VerbForm of the customer's own; `said` makes of it, once it is valid, what the verb's
    form at the gate expects. Who it is for is never asked: `said` takes that from the form's actor. `label` is on the
    button, `title` above the form, `done` is answered afterwards (it may name %(number)s). `opens` shows the form at
    once.
    """

    verb: str
    form: type[Any]
    label: Label
    title: Label
    done: Label
    intro: Label = ""
    icon: str = "check"
    opens: bool = False
    said: Callable[[Any], Mapping[str, Any]] = _as_asked


@dataclass(frozen=True)
class PortalFace:
    """How a process shows itself to the contacts of a record's customer.

    `raises` makes a new record, `acts` are what may be done with one; which of them the flow allows now is asked at the
    gate. Of public timeline entries a customer sees what the verb's form names in `public`: `heads` are the words for
    the verbs, `labels` for the fields, `values` show a field's value otherwise than as text. `facts` are label and
    value of what stands beside; `related` is followed in the record's one query.
    """

    raises: Ask
    acts: Sequence[Ask]
    steps: Sequence[Label]
    standings: Mapping[str, Standing]
    heads: Mapping[str, Label] = field(default_factory=dict)
    labels: Mapping[str, Label] = field(default_factory=dict)
    values: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    facts: Callable[[Any], Iterable[tuple[Label, Any]]] = field(default=lambda record: ())  # noqa: ARG005 - none
    related: tuple[str, ...] = ()

    @property
    def waiting(self) -> list[str]:
        """The states in which it is the customer's turn."""
        return [state for state, standing in self.standings.items() if standing.yours]


__all__ = ("Ask", "PortalFace", "Standing")
