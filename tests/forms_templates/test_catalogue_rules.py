"""Form by form, what the handbook's rules say of it in words (FRM-01 to FRM-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from forms_templates import catalogue, computed, samples
from forms_templates.language import CUSTOMER

if TYPE_CHECKING:
    from forms_templates.language import Form, Item


def form(code: str) -> Form:
    return catalogue.form(code)


def rows(item: Item, column: str) -> list[Any]:
    return [row.get(column) for row in item.beginning({})]


def signs(code: str, by: str) -> Item:
    (found,) = (item for item in form(code).items() if item.kind == "signature" and item.by == by)
    return found


def private_keys(code: str) -> set[str]:
    return {item.key for section in form(code).sections if section.private for item in section.items}


@pytest.mark.rule("FRM-01")
def test_the_execution_confirmation_has_eight_rows_of_what_was_done_and_the_directors_signature() -> None:
    execution = form("Serv101").item("execution")
    assert rows(execution, "what") == [
        *("产品使用许可", "产品交付", "产品安装", "安装反馈"),
        *("实施沟通", "现场培训", "产品验收", "合同其他约定"),
    ]
    status = next(column for column in execution.columns if column.key == "status")
    assert [option.zh for option in status.options] == ["已完成", "不适用", "未完成"]
    assert signs("Serv101", "SD").required
    assert signs("Serv101", "AM").required
    assert form("Serv101").internal
    assert {item.key for item in form("Serv101").items()} >= {"filed_by", "filed_on", "file_no", "copy_received_on"}


@pytest.mark.rule("FRM-01")
def test_what_is_not_done_asks_for_a_plan() -> None:
    plan, values = form("Serv101").item("open_items"), samples.values("Serv101")
    assert not plan.is_required(values)
    values["execution"][5]["status"] = "open"
    assert plan.is_required(values)


@pytest.mark.rule("FRM-02")
def test_the_trial_application_names_reason_term_and_way_and_has_both_approvals() -> None:
    trial = form("Serv102")
    assert [option.key for option in trial.item("trial_reasons").options] == ["evaluate", "integration", "other_use"]
    assert [option.zh for option in trial.item("install_mode").options] == ["本地安装", "虚拟安装"]
    approvals = {item.by: item.required for item in trial.items() if item.kind == "approval"}
    assert approvals == {"SDIR": True, "VP": True}
    assert trial.item("trial_agreement").required
    term = {"trial_from": "2026-09-07", "trial_to": "2026-11-06"}
    assert computed.completed(trial, term)["trial_days"] == 61


@pytest.mark.rule("FRM-02")
def test_a_local_trial_needs_the_environment_and_an_ended_one_its_removal() -> None:
    trial = form("Serv102")
    assert trial.item("requirements_met").is_required({"install_mode": "local"})
    assert not trial.item("requirements_met").is_required({"install_mode": "virtual"})
    assert trial.item("removed_on").is_required({"trial_outcome": "ended"})
    assert not trial.item("removed_on").is_required({"trial_outcome": "converted"})


@pytest.mark.rule("FRM-03")
def test_the_delivery_certificate_lists_one_disc_and_three_books_and_what_the_disc_holds() -> None:
    goods = form("Serv103").item("goods")
    assert rows(goods, "name") == ["产品光盘", "管理员手册", "教师手册", "服务白皮书"]
    assert rows(goods, "unit") == ["张", "本", "本", "本"]
    assert rows(goods, "quantity") == [1, 1, 1, 1]
    disc = rows(goods, "content")[0]
    assert all(part in disc for part in ("产品安装程序", "管理员手册", "教师手册", "用户手册", "技术文档"))
    assert goods.spare == 2
    arrived = next(column for column in goods.columns if column.key == "arrived")
    assert (arrived.kind, arrived.by, arrived.required) == ("yes_no", CUSTOMER, True)


@pytest.mark.rule("FRM-03")
def test_the_delivery_certificate_is_sealed_dated_and_faxed_back() -> None:
    certificate = form("Serv103")
    assert certificate.item("customer_seal").required
    assert certificate.item("arrived_on").required
    assert certificate.item("arrived_on").by == CUSTOMER
    assert certificate.footer is not None
    assert "{company.fax}" in certificate.footer.zh
    assert private_keys("Serv103") == {"fax_received_on", "checked_by"}
    assert certificate.item("remarks").is_required({"goods": [{"arrived": True}, {"arrived": False}]})
    assert certificate.item("remarks").is_required({"media_readable": False})
    assert not certificate.item("remarks").is_required(samples.values("Serv103"))


@pytest.mark.rule("FRM-04")
def test_the_installation_preparation_asks_for_environment_and_login_and_keeps_passwords_secret() -> None:
    preparation = form("Serv301")
    asked = {"bb_admin_name", "technician_phone", "hardware", "os", "database", "addresses", "hostname", "firewall"}
    asked |= {"opened_ports", "remote_access", "os_account", "os_password"}
    assert all(preparation.item(key).required and preparation.item(key).is_customers for key in asked)
    secrets = {item.key for item in preparation.items() if item.kind == "secret"}
    assert secrets == {item.key for item in preparation.items() if "口令" in item.zh and "方式" not in item.zh}
    assert secrets == {"os_password", "database_password"}


@pytest.mark.rule("FRM-04")
def test_the_engineer_checks_the_environment_and_signs_beside_customer_and_specialist() -> None:
    preparation = form("Serv301")
    assert preparation.item("environment_result").by == "PSE"
    assert preparation.item("environment_result").required
    for by in ("CU", "CS", "PSE"):
        assert signs("Serv301", by).required
    assert preparation.item("load_balancer").is_required({"layout": "load_balanced"})
    assert len([item for item in preparation.items() if item.key.startswith("ready_")]) == 7


@pytest.mark.rule("FRM-05")
def test_the_installation_feedback_rates_installation_and_training_and_follows_up_what_is_bad() -> None:
    feedback = form("Serv302")
    rates = [item for item in feedback.items() if item.kind == "rate"]
    assert len(rates) == 9
    assert all(item.required and item.by == CUSTOMER for item in rates)
    assert {"problems_met", "suggestions"} <= {item.key for item in feedback.items()}
    follow_up = feedback.item("follow_up")
    assert follow_up.is_required({"rate_clear": 2})
    assert not follow_up.is_required({item.key: 3 for item in rates})
    assert {"sent_on", "returned_on", "uploaded_on"} <= private_keys("Serv302")


@pytest.mark.rule("FRM-06")
def test_the_installation_report_tells_environment_licence_tests_tuning_training_and_advice() -> None:
    report = form("Serv303")
    for key in ("servers", "installed_release", "licence_from", "licence_expires_on", "tests", "test_result"):
        assert report.item(key).required
    for key in ("platform_tuning", "system_tuning", "remote_training_content", "advice"):
        assert report.item(key).required
    assert len(report.item("tests").rows) == 13
    prepared = report.item("training_preparation").options
    assert [option.zh for option in prepared] == ["设置用户", "建立课程", "检查音频", "检查视频"]
    assert private_keys("Serv303") == {"uploaded_on", "manager_told_on"}
    assert signs("Serv303", "PSE").required
    assert {"trial", "formal"} <= {option.key for option in report.item("install_kind").options}
    assert report.item("admin_password").kind == "secret"


@pytest.mark.rule("FRM-07")
def test_the_upgrade_confirmation_says_until_when_and_who_may_take_part() -> None:
    confirmation = form("Serv304")
    assert confirmation.item("reply_by").source == "campaign.reply_by"
    assert confirmation.footer is not None
    assert "{reply_by}" in confirmation.footer.zh
    assert "{reply_by}" in confirmation.footer.en
    assert {"service_from", "service_to", "service_valid"} <= {i.key for i in confirmation.items() if i.required}
    assert [o.key for o in confirmation.item("take_part").options] == ["upgrade", "decline", "postpone"]


@pytest.mark.rule("FRM-07")
def test_who_upgrades_names_times_backup_and_login_and_who_does_not_says_why() -> None:
    confirmation = form("Serv304")
    for key in ("slot_1", "slot_2", "slot_3", "downtime_window", "backup", "login_way", "login", "firewall_open"):
        assert confirmation.item(key).is_required({"take_part": "upgrade"})
        assert not confirmation.item(key).is_required({"take_part": "decline"})
        assert not confirmation.item(key).is_shown({"take_part": "decline"})
    assert confirmation.item("reason").is_required({"take_part": "postpone"})
    assert confirmation.item("login").kind == "secret"
    assert {"returned_on", "service_confirmed", "conclusion", "scheduled_on"} <= private_keys("Serv304")
    assert confirmation.item("scheduled_on").is_required({"conclusion": "included"})


@pytest.mark.rule("FRM-08")
def test_the_upgrade_report_proves_the_backup_the_steps_and_that_the_data_are_unharmed() -> None:
    report = form("Serv305")
    assert rows(report.item("backups"), "what") == ["数据库", "内容", "配置"]
    assert rows(report.item("integrity"), "what") == ["用户数", "课程数", "成绩数"]
    assert len([item for item in report.items() if item.key.startswith("before_")]) == 6
    tested = rows(report.item("tests"), "what")
    assert set(rows(form("Serv303").item("tests"), "what")) < set(tested)
    assert {"插件可用", "接口可用", "定制恢复"} <= set(tested)
    assert report.item("rollback_reason").is_required({"rolled_back": True})
    times = {"started_at": "2026-10-03T08:00", "completed_at": "2026-10-03T12:35"}
    assert "4" in str(computed.completed(report, times)["downtime"])
    assert "improvements" in private_keys("Serv305")
    assert {"told_on", "told_by"} <= private_keys("Serv305")


@pytest.mark.rule("FRM-09")
def test_the_work_order_holds_terms_arrangement_confirmation_and_three_signatures() -> None:
    order = form("Serv501")
    for key in ("agreed_times", "agreed_days", "used_days", "days_left", "lead_name", "lead_phone", "purpose"):
        assert order.item(key).required
    for key in ("expected_people", "trainer", "confirmed", "confirmed_on", "schedule", "done_as_ordered"):
        assert order.item(key).required
    assert order.item("trainer").by == "TTL"
    assert order.item("training_place").is_required({"training_way": "on_site"})
    assert not order.item("training_place").is_required({"training_way": "remote"})
    for by in ("CU", "TR", "AM"):
        assert signs("Serv501", by).required
    assert "客户经理留档" in (order.footer.zh if order.footer else "")


@pytest.mark.rule("FRM-10")
def test_the_training_feedback_rates_course_trainer_and_organisation_and_is_back_within_three_days() -> None:
    feedback = form("Serv502")
    blocks = {section.key: [i for i in section.items if i.kind == "rate"] for section in feedback.sections}
    assert (len(blocks["course"]), len(blocks["trainer"]), len(blocks["organisation"])) == (5, 5, 5)
    assert all(item.required and item.of is not None for items in blocks.values() for item in items)
    assert feedback.item("over_three_days").computed
    ended = {"training_to": "2026-05-20"}
    assert computed.completed(feedback, {**ended, "returned_on": "2026-05-23"})["over_three_days"] is False
    assert computed.completed(feedback, {**ended, "returned_on": "2026-05-24"})["over_three_days"] is True
    assert {"summary", "summary_sent_on", "uploaded_on"} <= private_keys("Serv502")


@pytest.mark.rule("FRM-11")
def test_the_training_report_comes_within_two_days_and_keeps_three_to_five_teachers() -> None:
    report = form("Serv503")
    ended = {"training_to": "2026-05-20"}
    assert computed.completed(report, {**ended, "submitted_on": "2026-05-22"})["within_two_days"] is True
    assert computed.completed(report, {**ended, "submitted_on": "2026-05-23"})["within_two_days"] is False
    teachers = report.item("teachers")
    assert (teachers.most, teachers.spare) == (5, 5)
    assert teachers.help is not None
    assert "3-5个" in teachers.help.zh
    assert [column.zh for column in teachers.columns] == ["姓名", "院系", "职务", "电话", "邮件"]
    assert {"next_owner", "state", "type"} <= {column.key for column in report.item("issues").columns}
    counted = computed.completed(report, {"planned_people": 45, "actual_people": 43})
    assert counted["attendance_rate"] == "95.6%"


@pytest.mark.rule("FRM-12")
def test_the_acceptance_report_has_four_originals_two_of_them_the_customers() -> None:
    report = form("Acceptance")
    assert [holder.zh for holder in report.holders] == ["用户", "用户", "财务部", "服务部"]
    assert len(report.item("originals").rows) == 4
    assert report.footer is not None
    assert "一式肆份" in report.footer.zh
    for key in ("customer_seal", "customer_signature", "company_seal", "company_signature"):
        assert report.item(key).required
    assert report.item("conclusion").by == CUSTOMER


@pytest.mark.rule("FRM-12")
@pytest.mark.parametrize(
    ("standard", "groups"),
    [
        ("basic", ["基础", "性能与运行"]),
        ("course_management", ["基础", "性能与运行"]),
        ("enterprise", ["基础", "企业版", "性能与运行"]),
        ("enterprise_portal", ["基础", "企业版", "门户社区", "性能与运行"]),
        ("suite", ["基础", "企业版", "门户社区", "套件", "性能与运行"]),
    ],
)
def test_what_is_tested_follows_the_standard_of_the_contract(standard: str, groups: list[str]) -> None:
    tests = form("Acceptance").item("tests")
    found = tests.beginning({"standard": standard})
    assert list(dict.fromkeys(row["module"] for row in found)) == groups
    assert len(tests.beginning({})) == 29


@pytest.mark.rule("FRM-12")
def test_what_differs_from_the_standard_is_a_problem_with_a_solution_and_a_day() -> None:
    report = form("Acceptance")
    assert report.item("problems").is_required({"tests": [{"result": "met"}, {"result": "not_met"}]})
    assert not report.item("problems").is_required({"tests": [{"result": "met"}]})
    columns = {column.key for column in report.item("problems").columns if column.required}
    assert {"problem", "difference", "type", "responsibility", "solution", "solved_by", "owner"} <= columns
    assert report.item("again").is_required({"conclusion": "failed"})
    assert report.item("accepted_on").is_required({"conclusion": "passed"})
    assert not report.item("accepted_on").is_required({"conclusion": "failed"})
