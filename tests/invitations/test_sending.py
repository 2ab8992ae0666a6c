"""A form is sent by mail, its contact reminded until it is back, and nothing happens twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail

from documents.outgoing import REMINDING
from notifications.models import MessageTemplate, Sending
from tests.cast import act
from tests.invitations.conftest import Guest, sent_out
from tests.support.database import everything_in_tables
from workflow import outbox, sweep
from workflow.models import DeadlinePolicy, Entry, WorkItem
from workflow.refusals import InvalidData, Missing

if TYPE_CHECKING:
    from collections.abc import Callable

    from documents.models import Document
    from invitations.models import Invitation
    from tests.cast import Cast, University

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _mail(settings: Any) -> None:
    """Mails are put into a box that the test looks into."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def carried() -> list[Any]:
    """The mails that have gone out, once the outbox has been worked through."""
    outbox.drain()
    return list(mail.outbox)


def test_the_mail_has_the_link_who_asks_and_until_when(document: Document, invitation: Invitation) -> None:
    (sent,) = carried()
    assert sent.to == ["zhang@pku.example"]
    for said in ("张老师", invitation.link, "2026-04-01", "李专员", "安装准备表"):
        assert said in sent.body
    assert invitation.token not in everything_in_tables()


def test_without_mail_nothing_leaves_the_house(held_clock: Any, cast: Cast, university: University) -> None:
    sent_out(cast, university, by_email=False)
    assert carried() == []


def test_a_contact_without_address_is_not_written_to(
    held_clock: Any, cast: Cast, university: University, document: Document
) -> None:
    university.contact.email = ""
    university.contact.save()
    with pytest.raises(InvalidData) as refused:
        act(document, "send_out", cast.specialist, contact=university.contact.pk, by_email=True, until="2026-03-09")
    assert "by_email" in refused.value.form.errors


@pytest.mark.parametrize("until", ["2026-03-01", "2027-03-30", "soon", ""])
def test_a_day_that_is_over_or_far_away_is_refused(
    until: str, document: Document, cast: Cast, university: University
) -> None:
    with pytest.raises(InvalidData) as refused:
        act(document, "send_out", cast.specialist, contact=university.contact.pk, until=until)
    assert list(refused.value.form.errors) == ["until"]


def test_the_contact_of_another_customer_is_not_offered(document: Document, cast: Cast, university: University) -> None:
    from customers.models import Contact, Organisation

    elsewhere = Organisation.objects.create(name="清华大学", region=university.region)
    other = Contact.objects.create(organisation=elsewhere, name="刘老师", email="liu@elsewhere.example")
    with pytest.raises(InvalidData):
        act(document, "send_out", cast.specialist, contact=other.pk, until="2026-03-09")


def test_reminders_come_every_five_days_until_it_is_back(
    held_clock: Callable[[datetime], Any], document: Document, invitation: Invitation, whole: dict[str, Any]
) -> None:
    carried()
    for days, reminders in ((4, 0), (5, 1), (9, 1), (10, 2)):
        held_clock(START + timedelta(days=days, minutes=1))
        sweep.run(200)
        invitation.refresh_from_db()
        assert invitation.reminded == reminders
    assert [each.subject for each in carried()][1:] == [f"[{document.number}] 提醒：请填写安装准备表"] * 2
    assert invitation.link in mail.outbox[-1].body
    Guest(invitation).send(**whole)
    held_clock(START + timedelta(days=25))
    sweep.run(200)
    invitation.refresh_from_db()
    assert invitation.reminded == 2


def test_how_often_is_data(held_clock: Callable[[datetime], Any], cast: Cast, university: University) -> None:
    policy = DeadlinePolicy.objects.get(timer=REMINDING.code)
    policy.minutes = 2 * 1440
    policy.save()
    document = sent_out(cast, university)
    held_clock(START + timedelta(days=2, minutes=1))
    sweep.run(200)
    assert Entry.objects.filter(record=document, verb="remind").count() == 1


def test_a_worker_that_is_killed_reminds_once(
    held_clock: Callable[[datetime], Any],
    document: Document,
    invitation: Invitation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carried()
    held_clock(START + timedelta(days=5, minutes=1))
    with monkeypatch.context() as dying:
        dying.setattr("invitations.sending._write", _killed)
        with pytest.raises(KeyboardInterrupt):
            sweep.run(200)
    assert not Entry.objects.filter(record=document, verb="remind").exists()
    for _worker in range(3):
        sweep.run(200)
    assert Entry.objects.filter(record=document, verb="remind").count() == 1
    assert Sending.objects.filter(template__code="form_reminded").count() == 1
    assert len(carried()) == 2
    assert len(carried()) == 2


def _killed(*_said: Any) -> None:
    raise KeyboardInterrupt


def test_an_expired_link_is_not_sent_again(
    held_clock: Callable[[datetime], Any], cast: Cast, university: University
) -> None:
    sent_out(cast, university, days=3)
    carried()
    held_clock(START + timedelta(days=5, minutes=1))
    sweep.run(200)
    assert len(carried()) == 1


def test_until_it_is_back_it_waits_at_the_specialist(
    document: Document, cast: Cast, invitation: Invitation, whole: dict[str, Any]
) -> None:
    waiting = WorkItem.objects.open().filter(record=document, verb="remind")
    assert [item.user for item in waiting] == [cast.specialist]
    Guest(invitation).send(**whole)
    assert not waiting.all().exists()


def test_nobody_is_reminded_of_what_was_never_sent(document: Document, cast: Cast) -> None:
    act(document, "revoke_links", cast.specialist)
    with pytest.raises(Missing):
        act(document, "remind", cast.specialist)


def test_administrators_write_the_mails_with_the_words_that_there_are(document: Document) -> None:
    template = MessageTemplate.objects.get(code="form_sent")
    template.body_zh = "$link $form $nothing"
    with pytest.raises(Exception, match="nothing"):
        template.clean()
