"""How JIRA is heard: an issue is read whole, and what is new in it goes onto its record, through the gate.

Webhooks and polling only say that something has changed; what counts is the issue as JIRA has it when it is read. So
it does not matter in which order news arrives, or how often.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import clock
from jira import answers, comments, fetching, hands
from jira.client import Client
from jira.comments import JIRA
from jira.faults import Fault, JiraError
from jira.models import Issue
from people.models import User
from workflow import locks, outbox
from workflow.engine import perform
from workflow.refusals import InvalidData, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from jira.answers import Found
    from jira.hands import Hand
    from workflow.models import OutboxMessage, Record

logger = logging.getLogger(__name__)
TOPIC = "jira.read"


def ask(issue: Issue, why: str) -> None:
    """Have an issue read soon; asked twice for one reason, it is read once."""
    outbox.enqueue(TOPIC, f"jira-read:{issue.pk}:{why}", {"issue": issue.pk, "at": clock.now().isoformat()})


@outbox.handler(TOPIC)
def read(message: OutboxMessage) -> None:
    """Read an issue after the commit, unless it has been read since. A reading that is lost is made up by polling."""
    issue = Issue.objects.filter(pk=message.payload["issue"]).exclude(key="").first()
    asked = datetime.fromisoformat(message.payload["at"])
    if issue is not None and (issue.read_at is None or issue.read_at <= asked):
        transaction.on_commit(partial(read_now, issue.pk, asked))


def read_now(pk: int, asked: datetime | None = None) -> None:
    """Ask JIRA for an issue and take in what it says, unless it has been read since it was `asked` for.

    Never raises: what went wrong stands on the issue.
    """
    issue = Issue.objects.select_related("connection").get(pk=pk)
    if asked is None or issue.read_at is None or issue.read_at <= asked:
        take(issue, lambda: Client(issue.connection).issue(issue.key))


def take(issue: Issue, finding: Callable[[], Found]) -> bool:
    """Find out what JIRA says of an issue, and take it in. One that makes trouble is no trouble for the next."""
    try:
        take_in(issue.pk, finding())
    except JiraError as error:
        logger.warning("an issue could not be read (%s): %s", issue, error)
        Issue.objects.filter(pk=issue.pk).update(fault=error.fault)
    except Exception:
        logger.exception("an issue could not be taken in (%s)", issue)
        Issue.objects.filter(pk=issue.pk).update(fault=Fault.INTERNAL)
    else:
        return True
    return False


def take_in(pk: int, found: Found) -> None:
    """Bring what JIRA says of an issue onto its record. An older answer that comes late changes nothing."""
    with transaction.atomic():
        record = locks.take(Issue.objects.select_related("record").get(pk=pk).record)
        issue = Issue.objects.select_for_update(of=("self",)).select_related("connection").get(pk=pk)
        if issue.changed_at is not None and found.changed_at < issue.changed_at:
            return
        _note(issue, found)
        comments.take_in(issue, record, found)
        fetching.look(issue, found)
        _bring_back(issue, record, found)
        issue.save()


def _note(issue: Issue, found: Found) -> None:
    done = issue.connection.counts_as_done(found.status, found.kind)
    if (found.status, done) != (issue.status, issue.done):
        # What was ignored was ignored as it stood then.
        issue.ignored_at, issue.ignored_by, issue.ignored_reason = None, None, ""
    issue.status, issue.resolution, issue.done = found.status, found.resolution, done
    issue.changed_at, issue.read_at, issue.fault = found.changed_at, clock.now(), ""


def _bring_back(issue: Issue, record: Record, found: Found) -> None:
    """Perform the verb by which the record comes back; if R&D has not recorded what it needs, say what is lacking."""
    hand = hands.of(record.kind)
    issue.lacks = []
    if not issue.done or issue.current_for_id != record.pk or record.state != hand.away:
        return
    try:
        perform(record, hand.back, actor=JIRA, data=_answer(issue, found), key=f"{issue.label}:{hand.back}")
    except Refused as refusal:
        issue.lacks = _told(refusal, record, hand)
    else:
        issue.returned_at = clock.now()


def _answer(issue: Issue, found: Found) -> dict[str, Any]:
    """What R&D recorded, as the verb's form asks for it."""
    mapping = issue.connection.mapping()
    said: dict[str, Any] = {name: answers.text(found.fields.get(field)) for name, field in mapping.items()}
    named = answers.names(found.fields.get(mapping.get("handler", "")))
    said.pop("handler", None)
    if named:
        person = _person(named)
        # A name that nobody here bears is refused at its field, in words.
        said |= {"handler": person.pk} if person is not None else {"handler_text": named[-1]}
    return said


def _person(names: list[str]) -> User | None:
    """The one colleague whom any of the words names."""
    for name in names:
        for field in ("username", "email__iexact", "display_name"):
            people = list(User.objects.staff().filter(**{field: name})[:2])
            if len(people) == 1:
                return people[0]
    return None


def _told(refusal: Refused, record: Record, hand: Hand) -> list[dict[str, str]]:
    """The reasons of a refusal in both languages, each under the name of its field where it has one."""
    chinese, english = (_reasons(refusal, language) for language in ("zh-hans", "en"))
    logger.info("%s stays with R&D: %s asks for more", record.number, hand.back)
    return [{"zh": zh, "en": en} for zh, en in zip(chinese, english, strict=True)]


def _reasons(refusal: Refused, language: str) -> list[str]:
    with override(language):
        if not isinstance(refusal, InvalidData):
            return [str(reason) for reason in refusal.reasons]
        form = refusal.form
        return [
            _("%(field)s: %(fault)s") % {"field": form.fields[name].label, "fault": fault}
            if name in form.fields
            else str(fault)
            for name, faults in form.errors.items()
            for fault in faults
        ]
