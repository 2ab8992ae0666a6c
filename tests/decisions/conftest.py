"""A contract that waits for decisions, and the mails about it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.test import Client

from core import clock
from tests.workflow.approvals.conftest import contract, policy, signers, submitted
from workflow import outbox
from workflow.models import DeadlinePolicy, PolicyLevel
from workflow.sweep import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from people.models import User
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import ReviewPolicy

    Policy = Callable[..., ReviewPolicy]

__all__ = ("contract", "policy", "signers")
_LINK = re.compile(r"/decide/[A-Za-z0-9_-]+/")


@pytest.fixture
def asked(contract: Contract, signers: Signers, policy: Policy) -> Contract:
    """Two reviewers of whom one would do, then the vice president; who is asked is reminded after half an hour."""
    DeadlinePolicy.objects.filter(timer=contract.decision).delete()
    row = DeadlinePolicy.objects.create(
        timer=contract.decision, name_zh="审批", name_en="Decision", minutes=60, clock="always"
    )
    PolicyLevel.objects.create(policy=row, position=1, kind="warned", share=50, recipients=["deciders"])
    PolicyLevel.objects.create(policy=row, position=2, kind="missed", share=100, recipients=["deciders", "ops"])
    policy(("review", [signers.service, signers.finance], "any"), ("leader", [signers.vice], "all"))
    return submitted(contract, signers.author)


@pytest.fixture
def remind(django_capture_on_commit_callbacks: Any) -> Callable[..., None]:
    """Let time pass until those who are asked are reminded, and their mails be sent."""

    def go(later: timedelta = timedelta(minutes=31)) -> None:
        with clock.held(clock.now() + later):
            run()
            for _ in range(20):
                with django_capture_on_commit_callbacks(execute=True):
                    done = outbox.drain()
                if not done:
                    break

    return go


def links_of(user: User) -> list[str]:
    """The addresses in the mails that somebody got, in order, each once."""
    found = [_LINK.search(body) for body in mails_of(user)]
    return list(dict.fromkeys(match.group() for match in found if match is not None))


def mails_of(user: User) -> list[str]:
    """The mails that somebody got."""
    return [str(sent.body) for sent in mail.outbox if sent.to == [user.email]]


def browser_of(user: User) -> Client:
    """A browser in which somebody is logged in, reading English."""
    type(user).objects.filter(pk=user.pk).update(language="en")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
