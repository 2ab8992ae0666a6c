"""The demonstration's year: made through the gate, believable, the same by seed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.db.models import Q

from customers.models import Organisation
from demo import year
from demo.logins import CUSTOMER_LOGINS, DEMO_LOGINS, PASSWORD
from demo.people import Cast
from documents import store
from documents.models import Document, Printed
from handbook import vocabulary
from lists import addresses
from lists.counting import count
from lists.models import SavedView
from notifications.models import Notice, Sending
from people.models import Substitution, User
from tests.demo.base import END, TICKETS, WithAYear
from texts.models import CannedText
from tickets.models import Ticket
from workflow.models import Deadline, Entry, Firing, Involvement, Link, OutboxMessage, Record
from workflow.timeline import faults

OF_TWO_YEARS = ["contract", "execution"]
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _told() -> list[tuple[str, str, str]]:
    rows = Entry.objects.order_by("record__number", "seq")
    return list(rows.values_list("record__number", "record__title", "verb"))


class TestTheYear(WithAYear):
    def test_the_year_has_the_tickets_that_were_asked_for_and_they_were_made_by_acts(self) -> None:
        assert self.account.tickets == Ticket.objects.count() == TICKETS
        acts = Entry.objects.exclude(verb__startswith="deadline.").exclude(channel="system")
        # What an act on one ticket brings about on another is no act of its own.
        other_sides = Q(verb__in=["linked", "take_in", "supersede"])
        other_sides |= Q(verb="record", record__links_from__relation="split_from")
        other_sides |= Q(verb="issue", data__said__has_key="replaces")
        other_sides |= Q(record__kind="execution", verb__in=["start", "receive_signed", "archive"])
        other_sides |= Q(record__parent__kind__in=OF_TWO_YEARS, record__kind="document") & ~Q(verb="archive")
        assert acts.exclude(other_sides).count() == self.account.acts
        assert Firing.objects.count() >= self.account.firings > 0

    def test_every_timeline_of_the_year_is_whole(self) -> None:
        for record in Record.objects.all():
            assert not list(faults(record, list(record.entries.order_by("seq"))))

    def test_nothing_fired_late_since_time_passed_in_order(self) -> None:
        assert not Firing.objects.filter(late=True).exists()
        assert not Deadline.objects.open().filter(next_fire_at__lte=END).exists()

    def test_all_that_happened_lies_in_the_year_that_ends_now(self) -> None:
        moments = Entry.objects.order_by("at").values_list("at", flat=True)
        earlier = Q(record__kind__in=OF_TWO_YEARS) | Q(record__parent__kind__in=OF_TWO_YEARS)
        assert END - timedelta(days=366) <= moments.exclude(earlier)[0]
        assert END - timedelta(days=731) <= moments[0]
        assert moments.last() is not None
        assert moments.last() <= END  # type: ignore[operator]

    def test_every_role_of_the_handbook_has_somebody_with_a_login(self) -> None:
        held = {code for user in User.objects.staff() for code in user.role_codes}
        assert {role.code for role in vocabulary.roles()} <= held
        for login, role in DEMO_LOGINS:
            user = User.objects.get(username=login)
            assert user.is_customer if login in CUSTOMER_LOGINS else user.has_role(role)

    def test_everybody_logs_in_with_the_one_password(self) -> None:
        user = User.objects.get(username="demo.specialist")
        assert user.check_password(PASSWORD)
        assert not user.check_password("wrong")

    def test_twenty_five_people_work_there_one_is_away_and_one_will_be(self) -> None:
        assert User.objects.staff().exclude(is_superuser=True).count() == 25
        assert Substitution.objects.running(END).count() == 1
        assert Substitution.objects.filter(starts_at__gt=END).count() == 1
        assert User.objects.filter(is_superuser=True, username="demo.admin").exists()

    def test_a_person_who_is_away_acts_through_the_substitute(self) -> None:
        cast = Cast.gathered()
        away = Substitution.objects.running(END).get()
        actor = cast.actor(cast.by_id[away.principal_id], END)
        assert (actor.user, actor.on_behalf_of) == (away.substitute, away.principal)

    def test_sixty_universities_of_seven_regions_are_served(self) -> None:
        organisations = Organisation.objects.all()
        assert organisations.count() == 60
        assert len({organisation.region_id for organisation in organisations}) == 7
        assert any(not organisation.in_service(END.date()) for organisation in organisations)
        assert all(organisation.contacts.count() >= 3 and organisation.sites.exists() for organisation in organisations)

    def test_issues_are_told_in_chinese_and_no_two_alike(self) -> None:
        titles = list(Ticket.objects.values_list("title", flat=True))
        assert len(set(titles)) == len(titles)
        assert all(_CHINESE.search(title) and "{" not in title for title in titles)
        assert all("{" not in body for body in Ticket.objects.values_list("body", flat=True))

    def test_some_were_told_twice_and_merged_some_split_some_are_linked_and_watched(self) -> None:
        relations = set(Link.objects.values_list("relation", flat=True))
        assert {"merged_into", "split_from"} <= relations
        merged = Ticket.objects.get(state="merged")
        assert merged.merged_into is not None
        assert merged.merged_into.customer == merged.customer
        assert Involvement.objects.filter(part="watcher").exists()

    def test_there_are_texts_to_put_in_shared_ones_and_own_ones(self) -> None:
        engineer = User.objects.get(username="demo.engineer")
        assert {row.shared for row in CannedText.objects.for_actor(engineer)} == {True, False}

    def test_nothing_of_the_past_leaves_the_house(self) -> None:
        assert not OutboxMessage.objects.filter(done_at__isnull=True).exists()
        assert not Sending.objects.exists()
        assert not Notice.objects.filter(read_at__isnull=True, created_at__lt=END - timedelta(days=2)).exists()

    def test_documents_stand_in_many_states_and_a_handful_is_printed(self) -> None:
        states = set(Document.objects.values_list("state", flat=True))
        assert {"draft", "submitted", "to_sign", "signed", "archived"} <= states
        assert 0 < Document.objects.filter(frozen_at__isnull=False).count() < 30
        for printed in Printed.objects.all():
            assert len(store.read(printed)) == printed.size

    def test_two_views_of_the_list_are_shared_and_one_is_private(self) -> None:
        views = SavedView.objects.filter(kind="ticket").order_by("id")
        assert [view.sharing for view in views] == ["everybody", "department", "private"]
        assert len(addresses.parsed(views[1].query)) == 5  # its tab, three filters, its order
        for view in views:
            view.full_clean()
            assert _CHINESE.search(view.name)
            assert count(view, view.owner) is not None

    def test_a_second_time_it_is_refused_or_with_once_left_alone(self) -> None:
        with pytest.raises(CommandError):
            call_command("demo", tickets=TICKETS)
        call_command("demo", tickets=TICKETS, once=True)
        assert Ticket.objects.count() == TICKETS


@pytest.mark.slow
@pytest.mark.django_db
def test_the_same_seed_and_end_give_the_same_year_and_another_seed_another(held_clock: object, printer: object) -> None:
    call_command("seed", verbosity=0)
    years = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            year.make(6, seed)
            years.append(_told())
            transaction.set_rollback(True)
    assert years[0] == years[1] != years[2]
