"""A small process for tests of the kernel: an errand is asked for, started, waits, is done and put away.

It is a proxy of the record, so it needs no table, and the kernel is tried without any of the real processes. Its title
is what its policies match on: an errand called "fast" has less time than one called "slow".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db import models

from customers.models import Organisation
from people.models import User
from workflow.common import Common
from workflow.common_forms import HearForm, LinkedForm, LinkForm, UnlinkedForm, UnlinkForm
from workflow.facts import Fact
from workflow.flow import Need, Timer, Wait, verb
from workflow.forms import Files, Line, Moment, Text, VerbForm
from workflow.models import Record
from workflow.models.record import NEW
from workflow.parties import ACCOUNT_OWNER, CUSTOMER, HANDLER, SPECIALIST, SUPERVISOR, SYSTEM, role
from workflow.registry import Process

if TYPE_CHECKING:
    from datetime import datetime

    from workflow.flow import Act


@dataclass(frozen=True, kw_only=True)
class ErrandAsked(Fact):
    """Somebody wants something."""

    title: str


@dataclass(frozen=True, kw_only=True)
class ErrandDone(Fact):
    """It is there."""


class State(models.TextChoices):
    """Where an errand stands."""

    ASKED = "asked", "Asked"
    UNDER_WAY = "under_way", "Under way"
    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    PUT_AWAY = "put_away", "Put away"
    DROPPED = "dropped", "Dropped"


ALIVE = (State.ASKED, State.UNDER_WAY, State.WAITING)


class ErrandFlow(Common):
    """asked → under way ⇄ waiting → done → put away."""

    State = State
    final = (State.PUT_AWAY, State.DROPPED)
    waits: ClassVar[dict[str, Wait]] = {
        State.ASKED: Wait("start", HANDLER, due="errand.answer"),
        State.UNDER_WAY: Wait("finish", HANDLER, due="errand.work"),
        State.WAITING: Wait("go_on", role("rd_engineer")),
    }
    timers = (
        Timer(
            "errand.answer",
            "Answer",
            opens=("ask", "again"),
            closes=("start", "finish"),
            within=ALIVE,
            starts="created_at",
        ),
        Timer(
            "errand.work",
            "Work",
            opens=("start",),
            closes=("finish",),
            within=(State.UNDER_WAY, State.WAITING),
            pauses=(State.WAITING,),
        ),
        Timer(
            "errand.news",
            "News",
            opens=("start",),
            restarts=("tell",),
            within=(State.UNDER_WAY, State.WAITING),
            work=Wait("tell", ACCOUNT_OWNER | SPECIALIST, due="errand.news"),
        ),
        Timer(
            "errand.date",
            "Promised date",
            opens=("promise",),
            closes=("finish",),
            within=(State.UNDER_WAY, State.WAITING),
            pauses=(State.WAITING,),
            fixed="promised_at",
        ),
        Timer(
            "errand.away",
            "Put away",
            opens=("finish",),
            closes=("put_away", "again"),
            within=(State.DONE,),
            then="put_away",
        ),
    )
    promised_at: datetime | None = None

    def facts(self) -> dict[str, str]:
        """How fast it must go."""
        errand: Any = self
        return {"speed": errand.title.partition(" ")[0]}

    @verb(NEW, State.ASKED, by=role("customer_specialist") | CUSTOMER, label="Ask", rules=("TKT-01",), public=True)
    def ask(self, act: Act, customer: Any, title: str, handler: Any = None, text: str = "") -> None:
        """Begin."""
        self.customer, self.title, self.handler = customer, title, handler
        if act.actor.user is not None and not act.actor.user.is_customer:
            errand: Any = self
            errand.specialist = act.actor.user
        act.announce(ErrandAsked, title=title)

    @verb(State.ASKED, State.UNDER_WAY, by=HANDLER, label="Start", rules=("TKT-16",))
    def start(self, act: Act) -> None:
        """Set out."""

    @verb(State.UNDER_WAY, State.WAITING, by=HANDLER, label="Wait")
    def wait(self, act: Act) -> None:
        """The clock of the work stands still."""

    @verb(State.WAITING, State.UNDER_WAY, by=HANDLER | role("rd_engineer"), label="Go on")
    def go_on(self, act: Act) -> None:
        """It runs again."""

    @verb((State.UNDER_WAY, State.WAITING), None, by=ACCOUNT_OWNER | SPECIALIST, label="Tell")
    def tell(self, act: Act) -> None:
        """Say how it goes."""

    @verb(
        ALIVE,
        None,
        by=SPECIALIST | HANDLER,
        label="Judge anew",
        recomputes=("errand.answer", "errand.work"),
    )
    def judge(self, act: Act, title: str) -> None:
        """Say how fast it must go."""
        self.title = title

    @verb((State.UNDER_WAY, State.WAITING), None, by=HANDLER, label="Promise")
    def promise(self, act: Act, promised_at: datetime) -> None:
        """Name a date."""
        self.promised_at = promised_at

    @verb(ALIVE, None, by=HANDLER | SUPERVISOR | SPECIALIST, label="Hand over", rules=("TKT-15",))
    def hand_over(self, act: Act, handler: Any) -> None:
        """Somebody else goes."""
        self.handler = handler

    @verb(
        (State.UNDER_WAY, State.WAITING),
        State.DONE,
        by=HANDLER,
        label="Finish",
        rules=("TKT-14",),
        needs=(
            Need(lambda errand: "hopeless" not in errand.title, "It is hopeless.", rule="TKT-27", who=SPECIALIST),
            Need(lambda errand: "endless" not in errand.title, "It is endless.", rule="TKT-14"),
        ),
        public=True,
    )
    def finish(self, act: Act) -> None:
        """Bring it."""
        act.announce(ErrandDone)

    @verb(State.DONE, State.UNDER_WAY, by=SPECIALIST, label="Again")
    def again(self, act: Act) -> None:
        """It was the wrong thing."""

    @verb(State.DONE, State.PUT_AWAY, by=SYSTEM, label="Put away")
    def put_away(self, act: Act) -> None:
        """Nobody complained."""

    @verb(ALIVE, State.DROPPED, by=SPECIALIST, label="Drop")
    def drop(self, act: Act) -> None:
        """Nobody wants it any more."""


class Errand(ErrandFlow, Record):
    """The record of an errand."""

    class Meta:
        proxy = True
        app_label = "errands"


class AskForm(VerbForm):
    """What is wanted."""

    public = ("title",)
    customer = forms.ModelChoiceField(Organisation.objects.all())
    title = Line(label="Title")
    handler = forms.ModelChoiceField(User.objects.staff(), required=False)
    text = Text(required=False)
    files = Files()  # type: ignore[assignment] # Django's stubs know the form's uploads by that name


class JudgeForm(VerbForm):
    """How fast it must go."""

    title = Line()


class PromiseForm(VerbForm):
    """By when."""

    promised_at = Moment()


class HandOverForm(VerbForm):
    """Who goes on."""

    handler = forms.ModelChoiceField(User.objects.staff())


class NoteForm(VerbForm):
    """A note."""

    text = Text()


class AttachForm(VerbForm):
    """Files."""

    text = Text(required=False)
    files = Files(required=True)  # type: ignore[assignment] # as above


class CopyForm(VerbForm):
    """Who reads along."""

    people = forms.ModelMultipleChoiceField(User.objects.staff())
    text = Text(required=False)


class ExcuseForm(VerbForm):
    """Which miss, and why."""

    deadline: Any = forms.ModelChoiceField(None)
    reason = Text()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["deadline"]
        field.queryset = self.record.deadlines.all()


ERRANDS = Process(
    kind="errand",
    prefix="ER",
    model=Errand,
    label="Errand",
    plural="Errands",
    department="service",
    forms={
        "ask": AskForm,
        "judge": JudgeForm,
        "promise": PromiseForm,
        "hand_over": HandOverForm,
        "note": NoteForm,
        "attach": AttachForm,
        "copy_to": CopyForm,
        "hear": HearForm,
        "excuse": ExcuseForm,
        "link": LinkForm,
        "unlink": UnlinkForm,
        "linked": LinkedForm,
        "unlinked": UnlinkedForm,
    },
)
