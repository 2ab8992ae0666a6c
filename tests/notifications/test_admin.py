"""Administration of notifications: usable, and keys go in but never come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from notifications.models import MessageTemplate, Robot, Sending, SmsGateway
from people.actors import Actor
from tests.notifications.errands import NOON, act, missed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from people.models import User
    from tests.notifications.conftest import Cast
    from tests.notifications.errands import Errand

pytestmark = pytest.mark.django_db
WEBHOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=s3cret"
ROBOT = {"name": "群", "service": "wecom", "kinds": ["deadline"], "urgency": "1", "language": "zh-hans", "active": "on"}


@pytest.fixture
def admin(client: Client, person: Callable[..., User]) -> Client:
    """A browser in which a superuser is logged in."""
    root = person("root", "管理员", is_staff=True, is_superuser=True)
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    return client


def edit(robot: Robot) -> str:
    return reverse("admin:notifications_robot_change", args=(robot.pk,))


def test_a_robots_keys_go_in_and_never_come_out(admin: Client) -> None:
    answer = admin.post(
        reverse("admin:notifications_robot_add"), ROBOT | {"new_webhook": WEBHOOK, "new_sign_secret": "SECxyz"}
    )
    assert answer.status_code == 302
    robot = Robot.objects.get()
    assert (robot.webhook.reveal(), robot.sign_secret.reveal(), robot.kinds) == (WEBHOOK, "SECxyz", ["deadline"])
    history = reverse("admin:notifications_robot_history", args=(robot.pk,))
    version = reverse("admin:notifications_robot_simple_history", args=(robot.pk, robot.history.first().pk))
    for page in (edit(robot), history, version, reverse("admin:notifications_robot_changelist")):
        shown = admin.get(page)
        assert shown.status_code == 200
        for secret in ("s3cret", "SECxyz", robot.webhook.token):
            assert secret not in shown.content.decode()


def test_an_empty_field_keeps_the_key_and_a_new_one_replaces_it(admin: Client) -> None:
    robot = Robot.objects.create(name="群", service="wecom", webhook=WEBHOOK, sign_secret="SECxyz")
    admin.post(edit(robot), ROBOT | {"name": "新群", "new_webhook": "", "new_sign_secret": ""})
    robot = Robot.objects.get()
    assert (robot.name, robot.webhook.reveal(), robot.sign_secret.reveal()) == ("新群", WEBHOOK, "SECxyz")
    admin.post(edit(robot), ROBOT | {"new_webhook": WEBHOOK + "2", "new_sign_secret": ""})
    assert Robot.objects.get().webhook.reveal() == WEBHOOK + "2"


@pytest.mark.parametrize(
    "url", ["", "http://qyapi.weixin.qq.com/x", "https://evil.example/x?key=s3cret", "https://127.0.0.1/x"]
)
def test_an_address_that_may_not_be_called_is_refused_at_its_field(admin: Client, url: str) -> None:
    answer = admin.post(reverse("admin:notifications_robot_add"), ROBOT | {"new_webhook": url})
    assert "new_webhook" in answer.context["adminform"].form.errors
    assert "s3cret" not in answer.content.decode()
    assert not Robot.objects.exists()


def test_a_gateways_key_never_comes_out(admin: Client) -> None:
    given = {"name": "短信", "url": "https://qyapi.weixin.qq.com/sms", "body": '{"a": "$text"}', "new_secret": "t0ken"}
    assert admin.post(reverse("admin:notifications_smsgateway_add"), given).status_code == 302
    gateway = SmsGateway.objects.get()
    assert gateway.secret.reveal() == "t0ken"
    page = admin.get(reverse("admin:notifications_smsgateway_change", args=(gateway.pk,))).content.decode()
    assert "t0ken" not in page
    assert gateway.secret.token not in page


def test_a_template_is_edited_with_a_preview_and_its_variables(admin: Client, cast: Cast) -> None:
    template = MessageTemplate.objects.get(code="resolved")
    where = reverse("admin:notifications_messagetemplate_change", args=(template.pk,))
    page = admin.get(where).content.decode()
    assert "$result" in page
    assert "<strong>[TK-20260301-0007] 已解决，请确认：‹title›</strong><br>‹person›，您好：<br>" in page
    words = {
        "subject_zh": "$number <script>alert(1)</script>",
        "subject_en": "$number",
        "body_zh": "$unknown",
        "body_en": "$result",
        "active": "on",
    }
    assert "body_zh" in admin.post(where, words).context["adminform"].form.errors
    assert admin.post(where, words | {"body_zh": "<img src=x>"}).status_code == 302
    page = admin.get(where).content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page


def test_what_was_given_up_is_tried_again(admin: Client, cast: Cast, errand: Errand, post: Callable[..., None]) -> None:
    cast.handler.email = "not an address"
    cast.handler.save()
    act(errand, "give", Actor(cast.specialist))
    post()
    sending = Sending.objects.get()
    assert sending.failed_at == NOON
    Sending.objects.update(address="handler@house.example")
    where = reverse("admin:notifications_sending_changelist")
    admin.post(where, {"action": "try_again", "_selected_action": [sending.pk]})
    assert Sending.objects.get().failed_at is None


def test_sendings_and_notices_are_looked_at_and_never_written(
    admin: Client, cast: Cast, errand: Errand, post: Callable[..., None]
) -> None:
    act(errand, "deadline.missed", **missed("handler"))
    post()
    for model in ("sending", "notice"):
        page = admin.get(reverse(f"admin:notifications_{model}_changelist"), {"q": "ER-20260302"})
        assert "ER-20260302-0001" in page.content.decode()
        assert admin.get(reverse(f"admin:notifications_{model}_add")).status_code == 403
    for outcome in ("waiting", "sent", "failed"):
        where = reverse("admin:notifications_sending_changelist")
        assert admin.get(where, {"outcome": outcome}).status_code == 200


@pytest.mark.parametrize("model", ["robot", "smsgateway", "messagetemplate", "preference"])
def test_every_list_and_form_opens(admin: Client, cast: Cast, model: str) -> None:
    for page in ("changelist", "add"):
        assert admin.get(reverse(f"admin:notifications_{model}_{page}")).status_code == 200
