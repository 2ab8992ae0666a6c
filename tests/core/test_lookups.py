"""The house's own lookups find what Django's find."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from customers.models import Organisation
from people.models import Region

pytestmark = [pytest.mark.kernel, pytest.mark.django_db]


def test_among_finds_what_in_finds() -> None:
    region = Region.objects.create(code="e", name_zh="华东", name_en="East")
    made = [Organisation.objects.create(name=f"第{n}大学", region=region) for n in range(4)]
    few = Organisation.objects.filter(name__in=["第1大学", "第3大学"]).values("pk")
    some: list[Any] = [few, few.none(), [made[1].pk, made[3].pk], []]
    for asked in some:
        found = Organisation.objects.filter(id__among=asked)
        assert set(found) == set(Organisation.objects.filter(id__in=asked))
    assert Organisation.objects.exclude(id__among=few).count() == 2


def test_on_postgresql_the_few_are_found_first() -> None:
    few = Organisation.objects.filter(name="第1大学").values("pk")
    said = str(Organisation.objects.filter(id__among=few).query)
    assert ("ANY(ARRAY(SELECT" in said) == (connection.vendor == "postgresql")
