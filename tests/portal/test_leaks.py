"""Nothing that colleagues say among themselves reaches a customer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import Cast, University, act
from tests.portal.conftest import Browser, files, in_two_days, page_of, picture, worked_on
from tickets.models import Channel, Severity, Ticket
from workflow import sweep
from workflow.models import Attachment

NewTicket = Callable[..., Ticket]
pytestmark = pytest.mark.django_db


@pytest.fixture
def full_of_secrets(new_ticket: NewTicket, cast: Cast, university: University) -> Ticket:
    """A ticket about which colleagues have said a lot among themselves."""
    ticket = new_ticket()
    phone = Channel.objects.get(code="phone").pk
    act(ticket, "note", cast.specialist, text="SECRET-NOTE 客户脾气不好")
    act(ticket, "dispatch", cast.specialist, handler=cast.trainer.pk, text="SECRET-DISPATCH")
    act(ticket, "hand_over", cast.trainer, handler=cast.engineer.pk, done="SECRET-DONE", leftovers="SECRET-LEFT")
    act(
        ticket,
        "respond",
        cast.engineer,
        contacted_by=phone,
        way="远程检查",
        expected_at=in_two_days(),
        measures="SECRET-MEASURES",
    )
    act(ticket, "log_contact", cast.specialist, contacted_by=phone, person="张老师", summary="SECRET-CONTACT")
    act(ticket, "press", cast.account_manager, text="SECRET-PRESS")
    act(
        ticket,
        "change_severity",
        cast.specialist,
        severity=Severity.objects.get(code="critical").pk,
        reason="SECRET-SEV",
    )
    act(ticket, "correct", cast.specialist, body="SECRET-CORRECTED")
    act(ticket, "copy_to", cast.specialist, people=[cast.consultant.pk], text="SECRET-COPY")
    uploads = files(SimpleUploadedFile("SECRET-FILE.txt", b"SECRET-INSIDE"))
    act(ticket, "attach", cast.engineer, files=uploads, text="SECRET-ATTACH")
    act(ticket, "escalate_to_rd", cast.engineer, question="SECRET-QUESTION", tried="SECRET-TRIED")
    act(ticket, "return_from_rd", cast.rd_engineer, method="SECRET-METHOD", advice="SECRET-ADVICE", result="SECRET-RD")
    act(ticket, "wait_for_customer", cast.engineer, asked="请提供截图")
    return ticket


def test_nothing_that_colleagues_say_among_themselves_is_on_any_page(
    home: Browser, full_of_secrets: Ticket, cast: Cast
) -> None:
    _walk_without_secrets(home, full_of_secrets)
    act(full_of_secrets, "customer_answered", cast.specialist, answer="电话中已说明")
    act(
        full_of_secrets,
        "resolve",
        cast.engineer,
        method="重启服务",
        course="SECRET-COURSE",
        result="已恢复",
        leftovers="SECRET-LEFTOVERS",
        cause="SECRET-CAUSE",
    )
    sweep.run(100)
    _walk_without_secrets(home, full_of_secrets)
    act(full_of_secrets, "confirm", cast.specialist, satisfaction=4)
    _walk_without_secrets(home, full_of_secrets)


def _walk_without_secrets(home: Browser, ticket: Ticket) -> None:
    internal = [
        *("SECRET", "王工@", "engineer@", "冯主管", "韩总", "周经理", "孙顾问", "钱研发", "TKT-"),
        *("With R&D", "研发", "deadline", "ticket.response"),
    ]
    addresses = ["/portal/", "/portal/?show=all", page_of(ticket), page_of(ticket) + "?all"]
    addresses += [page_of(ticket, verb) for verb in ("customer_answered", "confirm", "reopen")]
    for language in ("zh-hans", "en"):
        home.post("/look/", {"language": language})
        for address in addresses:
            text = home.get(address, follow=True).content.decode()
            for word in internal:
                assert word not in text, (address, word)


def test_the_customer_reads_what_was_said_to_them_and_by_whom(home: Browser, resolved: Ticket) -> None:
    text = home.read(page_of(resolved))
    for said in ("老师登录后出现空白页。", "远程检查日志", "重建索引", "已恢复", "王工", "李专员"):
        assert said in text
    for inside in ("SECRET-MEASURES", "SECRET-COURSE"):
        assert inside not in text


def test_an_internal_attachment_is_not_there_and_a_public_one_is(
    home: Browser, colleague: Browser, new_ticket: NewTicket, cast: Cast
) -> None:
    ticket = worked_on(new_ticket(files=files(picture("before.png"))), cast)
    act(ticket, "attach", cast.engineer, files=files(picture("SECRET.png")))
    public, internal = Attachment.objects.get(name="before.png"), Attachment.objects.get(name="SECRET.png")
    assert f"/portal/files/{public.pk}/" in home.read(page_of(ticket))
    assert home.get(f"/portal/files/{internal.pk}/").status_code == 404
    for browser in (home, colleague):
        answer = browser.get(f"/portal/files/{public.pk}/")
        assert b"".join(answer.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_contact_finds_no_page_of_the_staff(home: Browser, new_ticket: NewTicket) -> None:
    ticket = new_ticket(files=files(picture()))
    attachment = Attachment.objects.get()
    for address in (
        *(f"/ticket/{ticket.number}/", "/ticket/", "/customers/", "/people/", "/handbook/", "/notices/", "/live/"),
        *(f"/files/{attachment.pk}/", f"/ticket/{ticket.number}/note/", "/find/customers/?q=a", "/search/?q=a"),
    ):
        assert home.get(address).status_code in {302, 403, 404}, address
