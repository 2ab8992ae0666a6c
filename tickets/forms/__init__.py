"""What the verbs of a ticket ask for: one form a verb, its fields named like the verb's parameters."""

from tickets.forms.intake import AnswerAtOnceForm, CorrectForm, DispatchForm, RecordForm
from tickets.forms.work import (
    AddDetailsForm,
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
    "AddDetailsForm",
    "AnswerAtOnceForm",
    "AskForDetailsForm",
    "ChangeSeverityForm",
    "ConfirmForm",
    "CorrectForm",
    "CustomerAnsweredForm",
    "DispatchForm",
    "EscalateToRdForm",
    "HandOverForm",
    "LogContactForm",
    "PressForm",
    "ReasonForm",
    "RecordForm",
    "ResolveForm",
    "RespondForm",
    "ReturnFromRdForm",
    "WaitForCustomerForm",
)
