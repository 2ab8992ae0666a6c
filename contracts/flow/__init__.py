"""The life of a contract: `contract` is all of it, `paper` how it is sealed, posted, signed and filed."""

from contracts.flow.contract import ContractFlow
from contracts.flow.states import AUTHORS, FILING, IN_FORCE, LEADERS, SALES_OPS, UNDER_REVIEW, WRITABLE, State

__all__ = ("AUTHORS", "FILING", "IN_FORCE", "LEADERS", "SALES_OPS", "UNDER_REVIEW", "WRITABLE", "ContractFlow", "State")
