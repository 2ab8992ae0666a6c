"""What the verbs of a ticket ask for: one form a verb, its fields named like the verb's parameters."""

from tickets.forms.common import AttachForm, CopyForm, ExcuseForm, NoteForm
from tickets.forms.intake import AnswerAtOnceForm, CorrectForm, DispatchForm, RecordForm
from tickets.forms.work import (
    AskForDetailsForm,
    ChangeSeverityForm,
    ConfirmForm,
    CustomerAnsweredForm,
    EscalateToRdForm,
    HandOverForm,
    LogContactForm,
    PressForm,
    ReasonForm,
    ResolveForm,
    RespondForm,
    ReturnFromRdForm,
    WaitForCustomerForm,
)

__all__ = (
    "AnswerAtOnceForm",
    "AskForDetailsForm",
    "AttachForm",
    "ChangeSeverityForm",
    "ConfirmForm",
    "CopyForm",
    "CorrectForm",
    "CustomerAnsweredForm",
    "DispatchForm",
    "EscalateToRdForm",
    "ExcuseForm",
    "HandOverForm",
    "LogContactForm",
    "NoteForm",
    "PressForm",
    "ReasonForm",
    "RecordForm",
    "ResolveForm",
    "RespondForm",
    "ReturnFromRdForm",
    "WaitForCustomerForm",
)
