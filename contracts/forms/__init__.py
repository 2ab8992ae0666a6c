"""What the verbs of a contract ask for: `writing` its content, `paper` what is done with it afterwards."""

from contracts.forms.paper import PAPER_FORMS
from contracts.forms.writing import DraftForm, WriteForm

WRITING_FORMS = {"draft": DraftForm, "write": WriteForm}

__all__ = ("PAPER_FORMS", "WRITING_FORMS")
