"""A small form with one question of every kind, by which filling in is tried."""

from __future__ import annotations

from typing import Any

from forms_templates.language import Form

ROOMS = [{"key": "web", "zh": "应用", "en": "Application"}, {"key": "db", "zh": "数据库", "en": "Database"}]
PROBE: dict[str, Any] = {
    "code": "Probe",
    "title": {"zh": "安装准备表", "en": "Installation preparation"},
    "sections": [
        {
            "key": "basics",
            "zh": "客户与人员",
            "en": "Customer and people",
            "items": [
                {"key": "customer_name", "zh": "客户名称", "en": "Customer", "source": "customer.name"},
                {"key": "admin_name", "zh": "管理员姓名", "en": "Administrator", "by": "CU", "required": True},
                {"key": "visits", "zh": "人数", "en": "People", "kind": "int", "by": "CU"},
                {"key": "budget", "zh": "预算", "en": "Budget", "kind": "money", "by": "CU"},
                {"key": "wanted_on", "zh": "期望日期", "en": "Wanted on", "kind": "date", "by": "CU"},
                {"key": "meeting", "zh": "会议时间", "en": "Meeting", "kind": "moment", "by": "CU"},
                {"key": "release", "zh": "拟安装版本", "en": "Release", "by": "PSE"},
            ],
        },
        {
            "key": "servers_part",
            "zh": "硬件",
            "en": "Hardware",
            "items": [
                {
                    "key": "layout",
                    "zh": "部署方式",
                    "en": "Layout",
                    "kind": "choice",
                    "by": "CU",
                    "required": True,
                    "options": [
                        {"key": "one", "zh": "单服务器", "en": "One server"},
                        {"key": "many", "zh": "负载均衡", "en": "Load balanced"},
                    ],
                },
                {
                    "key": "storage",
                    "zh": "共享存储",
                    "en": "Shared storage",
                    "by": "CU",
                    "required_when": {"items": ["layout"], "among": ["many"]},
                    "shown_when": {"items": ["layout"], "among": ["many"]},
                },
                {
                    "key": "servers",
                    "zh": "服务器",
                    "en": "Servers",
                    "kind": "table",
                    "by": "CU",
                    "required": True,
                    "columns": [
                        {"key": "use", "zh": "用途", "en": "Use", "kind": "choice", "options": ROOMS},
                        {"key": "host", "zh": "主机名", "en": "Host", "required": True},
                        {"key": "memory", "zh": "内存", "en": "Memory", "kind": "int"},
                    ],
                },
                {"key": "features", "zh": "功能", "en": "Features", "kind": "choices", "by": "CU", "options": ROOMS},
                {"key": "firewall", "zh": "有无防火墙", "en": "Firewall", "kind": "yes_no", "by": "CU"},
                {"key": "happy", "zh": "总体满意度", "en": "Satisfaction", "kind": "rate", "by": "CU"},
                {"key": "ready", "zh": "端口开放", "en": "Ports are open", "kind": "check", "by": "CU"},
                {"key": "os_account", "zh": "操作系统账号", "en": "OS account", "by": "CU"},
                {"key": "os_password", "zh": "操作系统口令", "en": "OS password", "kind": "secret", "by": "CU"},
                {"key": "photos", "zh": "盖章页照片", "en": "Sealed pages", "kind": "files", "by": "CU"},
            ],
        },
        {
            "key": "sign",
            "zh": "签署",
            "en": "Signatures",
            "items": [
                {"key": "promise", "zh": "以上填写属实。", "en": "All of this is true.", "kind": "clause"},
                {
                    "key": "customer_signature",
                    "zh": "用户填表人",
                    "en": "Filled in by",
                    "kind": "signature",
                    "by": "CU",
                    "party": "customer",
                    "online": True,
                    "required": True,
                },
            ],
        },
        {
            "key": "ours",
            "zh": "公司记录",
            "en": "Our notes",
            "private": True,
            "items": [{"key": "check_result", "zh": "检查结果", "en": "Check result", "kind": "long", "by": "PSE"}],
        },
    ],
}
WHOLE: dict[str, Any] = {
    "admin_name": "王老师",
    "layout": "one",
    "servers-rows": "0,1",
    "servers-0-use": "web",
    "servers-0-host": "app01",
    "servers-0-memory": "64",
    "servers-1-host": "db01",
    "customer_signature": "王老师",
}
"""All that must be answered."""


def probe() -> Form:
    """The form."""
    return Form.of(PROBE)
