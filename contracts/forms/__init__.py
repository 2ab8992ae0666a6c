"""What the verbs of a contract ask for: `writing` its content, `paper` what is done with it afterwards."""

from contracts.forms.paper import PAPER_FORMS
from contracts.forms.risks import RISK_FORMS
from contracts.forms.writing import DraftForm, WriteForm
from workflow.forms import VerbForm

WRITING_FORMS: dict[str, type[VerbForm]] = {"draft": DraftForm, "write": WriteForm}

__all__ = ("PAPER_FORMS", "RISK_FORMS", "WRITING_FORMS")
