"""How a contract is carried out: `execution` is the whole of it, `items` the acts on the items of its plan."""

from execution.flow.execution import ExecutionFlow
from execution.flow.lanes import Lane
from execution.flow.states import AT_WORK, DIRECTOR, LEADERS, Progress, State

__all__ = ("AT_WORK", "DIRECTOR", "LEADERS", "ExecutionFlow", "Lane", "Progress", "State")
