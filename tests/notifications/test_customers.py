"""Customers are kept informed: of public acts, in an administrator's words, and of nothing internal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from customers.models import Contact
from notifications import seeds
from notifications.models import MessageTemplate, Sending
from people.actors import Actor
from tests.notifications.errands import act

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.notifications.conftest import Cast
    from tests.notifications.errands import Errand

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
SAID = {"said": {"result": "重启 <b>完成</b> $number", "course": "内部经过", "leftovers": "内部遗留"}}
CONTACT = "zhangwei@pku.example"


def to_contact() -> list[Any]:
    return [sent for sent in mail.outbox if sent.to == [CONTACT]]


def test_the_contact_is_written_to_after_a_public_act(cast: Cast, errand: Errand, post: Callable[..., None]) -> None:
    act(errand, "finish", Actor(cast.handler), public=True, data=SAID)
    post()
    (sent,) = to_contact()
    assert sent.subject == "[ER-20260302-0001] 已解决，请确认：Errand 1"
    assert "张伟，您好" in sent.body
    assert "重启 <b>完成</b> $number" in sent.body
    assert "<b>" not in str(sent.alternatives[0][0]).split("<body>")[1]
    assert Sending.objects.get(template__code="resolved").key.startswith("customer:")


def test_nothing_internal_leaves_the_house(cast: Cast, errand: Errand, post: Callable[..., None]) -> None:
    act(errand, "finish", Actor(cast.handler), public=True, data=SAID)
    post()
    (sent,) = to_contact()
    whole = str(sent.message())
    for text in (sent.body, str(sent.alternatives[0][0])):
        assert "内部" not in text
        assert "/errand/" not in text
    assert "王芳" not in sent.body
    assert "localhost" not in whole.split("\n\n", 1)[1]


@pytest.mark.parametrize("case", ["internal", "no address", "switched off", "no template", "by the customer", "demo"])
def test_the_contact_is_not_written_to(
    cast: Cast, errand: Errand, post: Callable[..., None], person: Callable[..., object], case: str
) -> None:
    actor, public, verb = Actor(cast.handler), True, "finish"
    if case == "internal":
        public = False
    elif case == "no address":
        Contact.objects.update(email="", phone="010-1")
    elif case == "switched off":
        MessageTemplate.objects.update(active=False)
    elif case == "no template":
        verb = "press"
    elif case == "by the customer":
        actor = Actor(person("zhangwei", "张伟", is_customer=True))  # type: ignore[arg-type]
    else:
        actor = Actor(cast.handler, channel="demo")
    act(errand, verb, actor, public=public, data=SAID)
    post()
    assert not to_contact()


@pytest.mark.parametrize(
    "text",
    ["$password", "${result.__class__}", "$result.x $unknown", "100 $", "$number $number_", "{{ settings }} $secret"],
)
def test_a_template_names_only_what_there_is(cast: Cast, text: str) -> None:
    template = MessageTemplate.objects.get(code="resolved")
    template.body_en = text
    with pytest.raises(ValidationError) as refused:
        template.full_clean()
    assert list(refused.value.message_dict) == ["body_en"]


def test_what_a_process_lets_be_quoted_can_be_named_by_its_own_templates_alone(cast: Cast) -> None:
    words = {"subject_zh": "x", "subject_en": "x", "body_zh": "x", "body_en": "Result: $result, $$5"}
    resolved = MessageTemplate.objects.get(code="resolved")
    resolved.body_en = words["body_en"]
    resolved.full_clean()
    with pytest.raises(ValidationError):
        MessageTemplate(code="of-no-process", **words).full_clean()


def test_filling_in_evaluates_nothing() -> None:
    template = MessageTemplate(
        subject_en="$title\n", body_en="{{ 1 }} {0} %s $title ${title} $$ $nothing.", subject_zh="", body_zh=""
    )
    subject, body = template.filled({"title": "$number {{ x }} ${a}\nBcc: y"}, "en")
    assert subject == "$number {{ x }} ${a} Bcc: y"
    assert body == "{{ 1 }} {0} %s $number {{ x }} ${a}\nBcc: y $number {{ x }} ${a}\nBcc: y $ ."


def test_seeding_twice_keeps_an_administrators_words(cast: Cast) -> None:
    MessageTemplate.objects.filter(code="closed").update(body_zh="自己的话")
    seeds.seed()
    assert MessageTemplate.objects.get(code="closed").body_zh == "自己的话"
    assert MessageTemplate.objects.count() == len(seeds.TEMPLATES)
