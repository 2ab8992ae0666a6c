"""What is asked at the acts on executions and on the items of their plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from execution.forms import acts, items

if TYPE_CHECKING:
    from workflow.forms import VerbForm

EXECUTION_FORMS: dict[str, type[VerbForm]] = {
    "start": acts.StartForm,
    "hand_over": acts.HandOverForm,
    "begin_item": items.BeginItemForm,
    "finish_item": items.FinishItemForm,
    "begin_process": items.BeginProcessForm,
    "link_process": items.LinkProcessForm,
    "reopen_item": items.ReopenItemForm,
    "assign_item": items.AssignItemForm,
    "set_due": items.SetDueForm,
    "waive_item": items.WaiveItemForm,
    "free_item": items.FreeItemForm,
    "follow_item": items.FollowItemForm,
    "amend": acts.AmendForm,
    "confirm": acts.ConfirmForm,
    "sign": acts.SignForm,
    "receive_signed": acts.PaperForm,
    "archive": acts.PaperForm,
    "terminate": acts.TerminateForm,
}

__all__ = ("EXECUTION_FORMS",)
