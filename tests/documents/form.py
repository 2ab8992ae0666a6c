"""A form that asks a little of everybody: of the customer, the engineer, finance, and on the screen and on paper."""

from __future__ import annotations

from typing import Any

SHEET: dict[str, Any] = {
    "code": "Serv103",
    "title": {"zh": "试验单", "en": "Test sheet"},
    "holders": [
        {"key": "customer", "zh": "用户", "en": "Customer"},
        {"key": "finance", "zh": "财务部", "en": "Finance"},
    ],
    "sections": [
        {
            "key": "basics",
            "zh": "基本信息",
            "en": "Basics",
            "items": [
                {"key": "customer_name", "zh": "客户名称", "en": "Customer", "source": "customer.name"},
                {"key": "contact_name", "zh": "联系人", "en": "Contact", "source": "customer.contact"},
                {"key": "filled_on", "zh": "填表日期", "en": "Date", "kind": "date", "source": "today"},
                {"key": "release", "zh": "版本", "en": "Version", "source": "product.release"},
                {"key": "contract_no", "zh": "合同编号", "en": "Contract no.", "required": True},
                {"key": "needs", "zh": "要求", "en": "Needs", "kind": "long", "by": "CU", "required": True},
                {
                    "key": "installed",
                    "zh": "已安装",
                    "en": "Installed",
                    "kind": "choice",
                    "by": "PSE",
                    "options": [{"key": "yes", "zh": "是", "en": "Yes"}, {"key": "no", "zh": "否", "en": "No"}],
                },
                {
                    "key": "why_not",
                    "zh": "未安装原因",
                    "en": "Why not",
                    "by": "PSE",
                    "required_when": {"items": ["installed"], "among": ["no"]},
                },
                {
                    "key": "parts",
                    "zh": "清单",
                    "en": "Parts",
                    "kind": "table",
                    "by": "PSE",
                    "columns": [
                        {"key": "name", "zh": "名称", "en": "Name"},
                        {"key": "count", "zh": "数量", "en": "Number", "kind": "int"},
                    ],
                },
            ],
        },
        {
            "key": "own",
            "zh": "公司内部",
            "en": "Company only",
            "private": True,
            "items": [
                {"key": "price", "zh": "金额", "en": "Amount", "kind": "money", "by": "FIN"},
                {"key": "remark", "zh": "备注", "en": "Remark", "by": "PSE"},
                {"key": "head", "zh": "部门意见", "en": "Opinion", "kind": "approval", "by": "DH"},
            ],
        },
        {
            "key": "signing",
            "zh": "签署",
            "en": "Signatures",
            "items": [
                {
                    "key": "customer_sign",
                    "zh": "用户签字",
                    "en": "Customer's signature",
                    "kind": "signature",
                    "by": "CU",
                    "party": "customer",
                    "online": True,
                },
                {
                    "key": "engineer_sign",
                    "zh": "工程师签字",
                    "en": "Engineer's signature",
                    "kind": "signature",
                    "by": "PSE",
                    "party": "company",
                    "online": True,
                },
            ],
        },
    ],
}
