"""Roles: from the handbook, held by people, asked cheaply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from handbook import vocabulary
from people import seeds
from people.models import Department, Region, Role, User

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def test_every_role_of_the_handbook_is_seeded_with_its_department() -> None:
    seeds.seed()
    assert set(Role.objects.values_list("code", flat=True)) == {role.code for role in vocabulary.roles()}
    assert Role.objects.get(code="trainer").department_code == "service"
    assert Role.objects.get(code="system_admin").department_code == ""
    departments = set(Department.objects.values_list("code", flat=True))
    assert set(Role.objects.exclude(department_code="").values_list("department_code", flat=True)) <= departments


def test_three_roles_see_everything() -> None:
    seeds.seed()
    all_seeing = Role.objects.filter(sees_all=True).values_list("code", flat=True)
    assert set(all_seeing) == {"service_director", "vice_president", "system_admin"}


def test_seeding_twice_adds_nothing_and_overwrites_nothing() -> None:
    seeds.seed()
    Role.objects.filter(code="trainer").update(name_zh="讲师", sees_all=True, active=False)
    Region.objects.filter(code="north").update(name_en="The North")
    counted = [model.objects.count() for model in (Department, Region, Role)]
    seeds.seed()
    assert [model.objects.count() for model in (Department, Region, Role)] == counted
    trainer = Role.objects.get(code="trainer")
    assert (trainer.name_zh, trainer.sees_all, trainer.active) == ("讲师", True, False)
    assert Region.objects.get(code="north").name_en == "The North"


def test_the_seed_command_runs_every_app_and_can_run_again(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("seed")
    call_command("seed")
    assert "people" in capsys.readouterr().out
    assert Region.objects.count() == len(seeds.REGIONS)


def test_a_failing_seed_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def half_way() -> None:
        Region.objects.create(code="half", name_zh="半", name_en="Half")
        raise RuntimeError

    monkeypatch.setattr(seeds, "seed", half_way)
    with pytest.raises(RuntimeError):
        call_command("seed")
    assert not Region.objects.filter(code="half").exists()


def test_roles_are_asked_once_for_each_object(
    person: Callable[..., User], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = User.objects.get(pk=person("li", "李雷", "trainer", "consultant").pk)
    with django_assert_num_queries(1):
        assert user.role_codes == {"trainer", "consultant"}
        assert user.has_role("consultant", "finance")
        assert not user.has_role("finance")
        assert not user.sees_all


def test_a_role_or_a_superuser_sees_everything(person: Callable[..., User]) -> None:
    assert person("zong", "总监", "service_director").sees_all
    assert person("root", "管理员", is_superuser=True, is_staff=True).sees_all


def test_holders_are_active_staff_named_once(person: Callable[..., User]) -> None:
    both = person("both", "双", "trainer", "consultant")
    person("gone", "离", "trainer", is_active=False)
    assert list(User.objects.holding("trainer", "consultant")) == [both]


def test_initials_follow_the_name(person: Callable[..., User]) -> None:
    user = person("wangf", "王芳")
    assert user.initials == "wf"
    user.display_name = "王小芳"
    user.save()
    assert User.objects.get(pk=user.pk).initials == "wxf"


def test_a_login_leaves_no_history_row_but_a_change_does(person: Callable[..., User]) -> None:
    user = person("wangf", "王芳")
    before = user.history.count()
    user.save(update_fields=["last_login"])
    assert user.history.count() == before
    user.mobile = "13800000000"
    user.save()
    change = user.history.first().diff_against(user.history.first().prev_record)
    assert [(c.field, c.old, c.new) for c in change.changes] == [("mobile", "", "13800000000")]


def test_history_keeps_no_password_and_knows_the_roles(person: Callable[..., User]) -> None:
    user = person("wangf", "王芳", "trainer")
    row = user.history.first()
    assert "password" not in {f.name for f in row._meta.get_fields()}
    assert [held.role.code for held in row.roles.all()] == ["trainer"]
