"""What the verbs of a ticket ask for: one form a verb, its fields named like the verb's parameters."""

from tickets.forms.emergency import (
    CryForHelpForm,
    FollowUpForm,
    RecordEmergencyForm,
    TellByEmailForm,
    TellByPhoneForm,
)
from tickets.forms.intake import AnswerAtOnceForm, CorrectForm, DispatchForm, RecordForm
from tickets.forms.joins import MergeForm, SplitForm, TakeInForm
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
    "CryForHelpForm",
    "CustomerAnsweredForm",
    "DispatchForm",
    "EscalateToRdForm",
    "FollowUpForm",
    "HandOverForm",
    "LogContactForm",
    "MergeForm",
    "PressForm",
    "ReasonForm",
    "RecordEmergencyForm",
    "RecordForm",
    "ResolveForm",
    "RespondForm",
    "ReturnFromRdForm",
    "SplitForm",
    "TakeInForm",
    "TellByEmailForm",
    "TellByPhoneForm",
    "WaitForCustomerForm",
)
