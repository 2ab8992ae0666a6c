"""Who sees what in the customers' house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from customers.models import Contact, Organisation
from people.models import User
from tests.cast import PASSWORD, Cast, University, act
from tests.portal.conftest import Browser, browser_of, in_two_days, page_of, picture, worked_on
from tickets.models import Channel, Severity, Ticket
from workflow import sweep
from workflow.models import Attachment

NewTicket = Callable[..., Ticket]
pytestmark = pytest.mark.django_db


# --- the door ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["/portal/", "/portal/profile/", "/portal/new/ticket/", "/portal/files/1/"])
def test_nobody_looks_in_without_a_login(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/login/?next={address}"


def test_a_contact_who_logs_in_lands_in_the_portal(university: University) -> None:
    answer = Client().post("/login/", {"username": "contact", "password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == reverse("portal:home")


def test_a_contact_who_asks_for_the_staff_s_first_page_is_shown_to_the_portal(home: Browser) -> None:
    assert home.get("/", follow=True).redirect_chain[-1][0] == reverse("portal:home")


@pytest.mark.parametrize("part", ["specialist", "engineer", "director", "finance", "admin"])
def test_staff_are_shown_to_their_own_house(cast: Cast, new_ticket: NewTicket, part: str) -> None:
    browser = browser_of(cast.everybody()[part])
    for address in ("/portal/", page_of(new_ticket()), "/portal/new/ticket/", "/portal/profile/"):
        answer = browser.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_login_whose_contact_has_left_sees_nothing_and_is_told_so(home: Browser, new_ticket: NewTicket) -> None:
    ticket = new_ticket()
    Contact.objects.update(active=False)
    for address in ("/portal/", page_of(ticket), "/portal/new/ticket/"):
        answer = home.get(address)
        assert answer.status_code == 403
        assert ticket.title not in answer.content.decode()


# --- rows -------------------------------------------------------------------------------------------------------------
def test_a_contact_sees_the_own_organisation_s_tickets_whoever_raised_them(
    home: Browser, colleague: Browser, new_ticket: NewTicket
) -> None:
    ticket = new_ticket()
    for browser in (home, colleague):
        assert ticket.number in browser.read("/portal/")
        assert ticket.title in browser.read(page_of(ticket))


def test_another_organisation_s_contact_sees_nothing_of_it(stranger: Browser, new_ticket: NewTicket) -> None:
    ticket = new_ticket(files=_files(picture()))
    attachment = Attachment.objects.get()
    for address in ("/portal/", "/portal/?show=all", f"/portal/?q={ticket.number}", f"/portal/?q={ticket.title}"):
        text = stranger.read(address)
        assert f'href="{page_of(ticket)}"' not in text
    for address in (page_of(ticket), page_of(ticket, "confirm"), f"/portal/files/{attachment.pk}/"):
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, {}).status_code in {404, 405}


def test_what_is_not_there_looks_like_what_is_another_s(
    home: Browser, stranger: Browser, new_ticket: NewTicket
) -> None:
    ticket = new_ticket()
    guessed = ticket.number[:-4] + "9999"
    theirs = stranger.get(page_of(ticket)).content
    assert theirs == stranger.get(f"/portal/issues/{guessed}/").content
    assert home.get("/portal/issues/nonsense/").status_code == 404
    assert home.get("/portal/files/999999999999999999999999/").status_code == 404


def test_open_ones_are_shown_first_and_all_on_demand(home: Browser, new_ticket: NewTicket, cast: Cast) -> None:
    first, second = new_ticket(title="还没有解决"), new_ticket(title="登记错了")
    act(second, "cancel", cast.specialist, reason="重复")
    shown = home.read("/portal/")
    assert first.number in shown
    assert second.number not in shown
    everything = home.read("/portal/?show=all")
    assert first.number in everything
    assert second.number in everything


def test_a_search_finds_numbers_and_titles_also_of_closed_ones(
    home: Browser, new_ticket: NewTicket, cast: Cast
) -> None:
    one, other = new_ticket(title="视频无法播放"), new_ticket(title="作业提交失败")
    act(one, "cancel", cast.specialist, reason="重复")
    assert one.number in home.read("/portal/?q=视频")
    assert other.number not in home.read("/portal/?q=视频")
    found = home.read(f"/portal/?q={other.number[-4:]}")
    assert page_of(other) in found
    assert "%" in home.read("/portal/?q=%25")
    assert page_of(one) not in home.read("/portal/?q=%25")
    assert home.get("/portal/", {"q": "\x00'\"<script>" + "x" * 5000}).status_code == 200


def test_a_long_list_has_pages(home: Browser, new_ticket: NewTicket) -> None:
    tickets = [new_ticket(title=f"问题{n}") for n in range(23)]
    first, second = home.read("/portal/"), home.read("/portal/?page=2")
    assert tickets[-1].number in first
    assert tickets[0].number not in first
    assert tickets[0].number in second
    for nonsense in ("0", "-1", "x", "99", "9" * 30, "²"):
        assert home.get("/portal/", {"page": nonsense}).status_code == 200


def test_what_waits_for_the_customer_stands_on_top(home: Browser, waiting: Ticket, new_ticket: NewTicket) -> None:
    new_ticket(title="新的问题")
    text = home.read("/portal/")
    assert text.index(waiting.number) < text.index("新的问题")
    assert text.count(page_of(waiting)) == 2


# --- leaks ------------------------------------------------------------------------------------------------------------
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
    act(ticket, "change_severity", cast.specialist, severity=Severity.objects.get(code="critical").pk, reason="SECRET-SEV")
    act(ticket, "correct", cast.specialist, body="SECRET-CORRECTED")
    act(ticket, "copy_to", cast.specialist, people=[cast.consultant.pk], text="SECRET-COPY")
    files = _files(SimpleUploadedFile("SECRET-FILE.txt", b"SECRET-INSIDE"))
    act(ticket, "attach", cast.engineer, files=files, text="SECRET-ATTACH")
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
    ticket = worked_on(new_ticket(files=_files(picture("before.png"))), cast)
    act(ticket, "attach", cast.engineer, files=_files(picture("SECRET.png")))
    public, internal = Attachment.objects.get(name="before.png"), Attachment.objects.get(name="SECRET.png")
    assert f"/portal/files/{public.pk}/" in home.read(page_of(ticket))
    assert home.get(f"/portal/files/{internal.pk}/").status_code == 404
    for browser in (home, colleague):
        answer = browser.get(f"/portal/files/{public.pk}/")
        assert b"".join(answer.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_contact_finds_no_page_of_the_staff(home: Browser, new_ticket: NewTicket) -> None:
    ticket = new_ticket(files=_files(picture()))
    attachment = Attachment.objects.get()
    for address in (
        *(f"/ticket/{ticket.number}/", "/ticket/", "/customers/", "/people/", "/handbook/", "/notices/", "/live/"),
        *(f"/files/{attachment.pk}/", f"/ticket/{ticket.number}/note/", "/find/customers/?q=a", "/search/?q=a"),
    ):
        assert home.get(address).status_code in {302, 403, 404}, address


# --- words ------------------------------------------------------------------------------------------------------------
def test_every_state_is_put_in_words_and_no_state_s_code_is_shown(home: Browser, waiting: Ticket) -> None:
    home.post("/look/", {"language": "en"})
    text = home.read(page_of(waiting))
    assert "Waiting for you" in text
    assert "waiting_customer" not in text
    assert 'aria-current="step"' in text


def test_hostile_text_is_shown_as_text(home: Browser, new_ticket: NewTicket) -> None:
    hostile = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'\u202e\u200b{{ 7*7 }}'
    ticket = new_ticket(title=hostile, body=hostile * 3)
    for address in ("/portal/", page_of(ticket), f"/portal/?q={'<script>'}"):
        text = home.read(address)
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;" in text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_keep_the_strict_policy_and_hold_no_inline_script_or_style(
    home: Browser, resolved: Ticket, language: str
) -> None:
    home.post("/look/", {"language": language})
    for address in ("/portal/", page_of(resolved), page_of(resolved, "reopen"), "/portal/new/ticket/", "/portal/profile/"):
        answer = home.get(address)
        text = answer.content.decode()
        assert "'none'" in answer.headers["Content-Security-Policy"]
        assert " style=" not in text
        assert " onclick=" not in text
        assert "<script>" not in text
        assert f'<html lang="{language}"' in text


def test_a_page_asks_the_database_little(
    home: Browser, new_ticket: NewTicket, resolved: Ticket, django_assert_max_num_queries: Any
) -> None:
    for n in range(15):
        new_ticket(title=f"问题{n}")
    for address in ("/portal/", page_of(resolved), "/portal/new/ticket/"):
        with django_assert_max_num_queries(15):
            assert home.get(address).status_code == 200


def test_a_contact_of_two_organisations_is_no_thing_but_one_of_a_silent_one_sees_an_empty_house(
    elsewhere: Organisation, stranger: Browser
) -> None:
    assert User.objects.get(username="liu").contact.organisation == elsewhere
    assert 'class="empty"' in stranger.read("/portal/")


def _files(*uploads: SimpleUploadedFile) -> Any:
    from django.utils.datastructures import MultiValueDict

    return MultiValueDict({"files": list(uploads)})
