"""The lives of articles, of digests of what could become one, and of summaries of opinions (TKT-25, TKT-26)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.events import ArticlePublished
from workflow.common import Common
from workflow.flow import Need, Timer, Wait, verb
from workflow.models.record import NEW
from workflow.parties import HANDLER, SPECIALIST, SYSTEM, others, role, unclaimed

if TYPE_CHECKING:
    from datetime import date

    from workflow.flow import Act

DESK = role("customer_specialist")
DIRECTOR = role("service_director")
FOLLOWER = SPECIALIST | unclaimed("customer_specialist")
"""Whose work a digest or a summary is: everybody's of the desk, until somebody takes it."""
AUTHORS = role(
    *("customer_specialist", "support_engineer", "trainer", "training_lead", "consultant", "upgrade_lead"),
    *("account_manager", "senior_account_manager", "rd_engineer", "service_director"),
)
REVIEWERS = others("customer_specialist", "support_engineer", "training_lead", "service_director")
"""An article's author and its reviewer differ."""


class State(models.TextChoices):
    """Where an article stands. Which edition of it can be read is another matter: the one that was published last."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("To be reviewed")
    REVIEWED = "reviewed", _("Reviewed")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


UNPUBLISHED = (State.DRAFT, State.SUBMITTED, State.REVIEWED)


class ArticleFlow(Common):
    """draft → to be reviewed → reviewed → published → retired; a published one is revised while it can be read."""

    State = State
    final = (State.PUBLISHED, State.RETIRED)
    path = (State.DRAFT, State.SUBMITTED, State.REVIEWED, State.PUBLISHED)
    waits = {
        State.DRAFT: Wait("submit", HANDLER),
        State.SUBMITTED: Wait("approve", DESK),
        State.REVIEWED: Wait("publish", DESK),
    }

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        handler = current = parent = cast("Any", None)
        edition = cast("int", None)

    def _new_edition(self, act: Act) -> Any:
        """What can be read from now on; the model makes it of the present text."""
        raise NotImplementedError

    def _back_to_edition(self) -> None:
        """Put what can be read back into the place of what was being written."""
        raise NotImplementedError

    @verb(NEW, State.DRAFT, by=AUTHORS, label=_("Write"), rules=("TKT-25",), tone="primary", icon="pencil")
    def write(self, act: Act, **said: Any) -> None:
        """Begin an article; where it came from is its parent."""
        self.parent = said.pop("source", None)
        for name, value in said.items():
            setattr(self, name, value)
        self.handler = act.actor.on_behalf_of or act.actor.user

    @verb(State.DRAFT, None, by=HANDLER, label=_("Edit"), rules=("TKT-25",), tone="primary", icon="pencil")
    def edit(self, act: Act, **said: Any) -> None:
        """Go on writing."""
        for name, value in said.items():
            setattr(self, name, value)

    @verb(State.DRAFT, State.SUBMITTED, by=HANDLER, label=_("Submit for review"), rules=("TKT-25",), icon="send")
    def submit(self, act: Act) -> None:
        """It is written; somebody else reads it."""

    @verb(State.DRAFT, None, by=DESK | DIRECTOR, label=_("Take over"), rules=("TKT-25",), tone="quiet", icon="user")
    def take_over(self, act: Act) -> None:
        """Go on with what somebody else has begun."""
        self.handler = act.actor.on_behalf_of or act.actor.user

    @verb(
        State.SUBMITTED,
        State.REVIEWED,
        by=REVIEWERS,
        label=_("Approve"),
        rules=("TKT-25",),
        tone="primary",
        icon="clipboard-check",
    )
    def approve(self, act: Act, text: str = "") -> None:
        """Somebody else has read it and finds it right."""

    @verb(
        (State.SUBMITTED, State.REVIEWED),
        State.DRAFT,
        by=REVIEWERS | DESK | DIRECTOR,
        label=_("Send back"),
        rules=("TKT-25",),
        icon="arrow-back-up",
    )
    def send_back(self, act: Act, reason: str) -> None:
        """Say what is to be bettered."""

    @verb(
        State.REVIEWED,
        State.PUBLISHED,
        by=DESK | DIRECTOR,
        label=_("Publish"),
        rules=("TKT-25",),
        tone="primary",
        icon="world",
    )
    def publish(self, act: Act) -> None:
        """From now on this edition is what people read."""
        self.edition += 1
        self.current = self._new_edition(act)
        act.announce(ArticlePublished)

    @verb(
        (State.PUBLISHED, State.RETIRED), State.DRAFT, by=AUTHORS, label=_("Revise"), rules=("TKT-25",), icon="refresh"
    )
    def revise(self, act: Act, reason: str) -> None:
        """Write a new edition; until it is published, the present one can be read."""
        self.handler = act.actor.on_behalf_of or act.actor.user

    @verb(
        UNPUBLISHED,
        State.PUBLISHED,
        by=HANDLER | DESK | DIRECTOR,
        label=_("Give up the revision"),
        needs=(
            Need(
                lambda article: article.current_id is not None,
                _("Nothing of this article has been published yet; retire it instead."),
                rule="TKT-25",
            ),
        ),
        tone="quiet",
        icon="x",
    )
    def give_up(self, act: Act) -> None:
        """Leave the published edition as it is."""
        self._back_to_edition()

    @verb(
        (*UNPUBLISHED, State.PUBLISHED),
        State.RETIRED,
        by=DESK | DIRECTOR,
        label=_("Retire"),
        rules=("TKT-25",),
        tone="danger",
        icon="ban",
    )
    def retire(self, act: Act, reason: str) -> None:
        """It is not read any more."""
        self.current = None


class Work(models.TextChoices):
    """Where gathered material stands."""

    OPEN = "open", _("To be worked through")
    DONE = "done", _("Worked through")


class Gathered(Common):
    """Material of a period, gathered by the system, for a specialist to make something of: open → done."""

    State = Work
    final = (Work.DONE,)
    path = (Work.OPEN, Work.DONE)

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        title = specialist = cast("Any", None)
        begins = ends = cast("date", None)

    @verb(Work.OPEN, None, by=DESK, label=_("Take"), tone="normal", icon="user-check")
    def take(self, act: Act) -> None:
        """Say that one is working on it."""
        self.specialist = act.actor.on_behalf_of or act.actor.user

    def _gathered(self, title: str, begins: date, ends: date) -> None:
        self.title, self.begins, self.ends = title, begins, ends


class DigestFlow(Gathered):
    """Resolved tickets of a period that are worth an article (TKT-25)."""

    waits = {Work.OPEN: Wait("finish", FOLLOWER, due="digest.work")}
    timers = (
        Timer(
            "digest.work",
            _("Working through the digest"),
            opens=("gather",),
            closes=("finish",),
            within=(Work.OPEN,),
        ),
    )

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        made = cast("str", None)

    @verb(NEW, Work.OPEN, by=SYSTEM, label=_("Gather"), rules=("TKT-25",), icon="clipboard-check")
    def gather(self, act: Act, title: str, begins: date, ends: date) -> None:
        """A period is over, and there is something to make of it."""
        self._gathered(title, begins, ends)

    @verb(
        Work.OPEN,
        Work.DONE,
        by=FOLLOWER | DIRECTOR,
        label=_("Finish"),
        rules=("TKT-25",),
        tone="primary",
        icon="circle-check",
    )
    def finish(self, act: Act, made: str) -> None:
        """Say what was made of it."""
        self.made = made


class SummaryFlow(Gathered):
    """Customers' opinions and suggestions of a period, counted and summarised (TKT-26)."""

    waits = {Work.OPEN: Wait("finish", FOLLOWER, due="opinions.work")}
    timers = (
        Timer(
            "opinions.work",
            _("Summarising the opinions"),
            opens=("gather",),
            closes=("finish",),
            within=(Work.OPEN,),
        ),
    )

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        text = cast("str", None)

    @verb(NEW, Work.OPEN, by=SYSTEM, label=_("Gather"), rules=("TKT-26",), icon="clipboard-check")
    def gather(self, act: Act, title: str, begins: date, ends: date, text: str) -> None:
        """A period is over: what customers have said is counted, and a first text made of the counts."""
        self._gathered(title, begins, ends)
        self.text = text

    @verb(Work.OPEN, None, by=FOLLOWER, label=_("Edit the summary"), rules=("TKT-26",), tone="primary", icon="pencil")
    def summarise(self, act: Act, text: str) -> None:
        """Write down what the counts and the words mean."""
        self.text = text

    @verb(
        Work.OPEN,
        Work.DONE,
        by=FOLLOWER | DIRECTOR,
        label=_("Finish"),
        rules=("TKT-26",),
        needs=(
            Need(
                lambda summary: bool(summary.text.strip()), _("Write the summary first."), rule="TKT-26", who=FOLLOWER
            ),
        ),
        icon="circle-check",
    )
    def finish(self, act: Act) -> None:
        """The summary stands."""

    @verb(Work.DONE, Work.OPEN, by=SPECIALIST | DIRECTOR, label=_("Reopen"), rules=("TKT-26",), icon="refresh")
    def reopen(self, act: Act, reason: str) -> None:
        """Something is to be added or put right."""
