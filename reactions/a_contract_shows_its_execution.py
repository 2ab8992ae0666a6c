"""EXE-11: whoever may see a contract sees beside it how it is carried out, and the way there."""

from __future__ import annotations

from execution.panels import ON_CONTRACTS
from workflow import registry

registry.add_panel("contract", ON_CONTRACTS)
