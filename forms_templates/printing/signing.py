"""Where people put their names and seals: equal cells without a rule inside, so that a seal has room."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core import clock
from forms_templates.language import Option
from forms_templates.printing import answers
from forms_templates.printing.blocks import Row
from forms_templates.printing.job import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from forms_templates.language import Item
    from forms_templates.printing.job import Job

SEAL_MM = (55, 50)
"""The clear room that a seal gets: a joint venture's is 45 mm wide, and it is set over the date and the name."""
PARTIES = ("customer", "company")
OPINIONS = (Option(key="agree", zh="同意", en="Agreed"), Option(key="disagree", zh="不同意", en="Not agreed"))
_BY_HAND_MM, _DENSE_BY_HAND_MM = 24, 18
_ONLINE = {"drawn": "在线签署", "typed": "在线签署", "recorded": "在线审批"}


def piece(key: str) -> str:
    """The name under which the drawn signature of an item is put beside the page."""
    return f"piece:signature-{key}"


def signatures(job: Job, items: Sequence[Item]) -> Iterator[Row]:
    """The customer's at the left and the company's at the right; where only one side signs, each in its own cell."""
    if {item.party for item in items} >= set(PARTIES):
        sides = [[item for item in items if item.party == party] for party in PARTIES]
        cells = [*sides, *([item] for item in items if item.party not in PARTIES)]
    else:
        cells = [[item] for item in items]
    for at in range(0, len(cells), 2):
        pair = cells[at : at + 2]
        yield Row(_side_by_side(job, pair), css="signing", signed=True)


def _side_by_side(job: Job, cells: Sequence[Sequence[Item]]) -> SafeString:
    sealed = any(item.kind == "seal" for items in cells for item in items)
    by_hand = _DENSE_BY_HAND_MM if job.form.dense else _BY_HAND_MM
    height = SEAL_MM[1] if sealed else by_hand * max(sum(i.kind == "signature" for i in items) for items in cells)
    span = 4 // len(cells)
    return format_html_join(
        "",
        '<td colspan="{}" class="{}" style="height:{}mm">{}</td>',
        ((span, "alone" if sealed and len(items) == 1 else "", height, _cell(job, items)) for items in cells),
    )


def _cell(job: Job, items: Sequence[Item]) -> SafeString:
    signed = [item for item in items if item.kind == "signature"]
    top = mark_safe("")
    for seal in (item for item in items if item.kind == "seal"):
        top += format_html('<p>{}：{}</p><p class="sealroom"></p>', seal.zh, _organisation(job, seal))
    names = format_html_join("", "{}", ((_signature(job, item),) for item in signed))
    undated = mark_safe("") if signed else format_html('<p class="dated">日期：{}</p>', answers.day(None))
    return top + names + undated


def _organisation(job: Job, seal: Item) -> SafeString:
    name = job.letterhead.name if seal.party == "company" else job.value("customer_name")
    return answers.text(name) if name and job.state != "blank" else mark_safe("")


def _signature(job: Job, item: Item) -> SafeString:
    given = job.value(item.key) or {}
    return format_html(
        '<p class="sign">{}：{}</p><p class="dated">{}日期：{}</p>',
        item.zh,
        _name(job, item, given),
        _how(given, drawn=item.key in job.images),
        _day(given),
    )


def _name(job: Job, item: Item, given: dict[str, Any]) -> SafeString:
    if given and item.key in job.images:
        return format_html('<img src="{}" alt="{}"/>', piece(item.key), given.get("name", ""))
    return answers.text(given.get("name", ""))


def _how(given: dict[str, Any], *, drawn: bool) -> SafeString:
    """That a name was put on the screen, with the minute, and whose it is when drawn; names on paper need no word."""
    if given.get("how") not in _ONLINE or not given.get("at"):
        return mark_safe("")
    at, said = f"{_moment(given['at']):%H:%M}", _ONLINE[given["how"]]
    return format_html('<span class="online">{} {} {}</span>', given.get("name", "") if drawn else "", said, at)


def _day(given: dict[str, Any]) -> str:
    return answers.day(f"{_moment(given['at']):%Y-%m-%d}" if given.get("at") else None)


def _moment(at: str) -> datetime:
    found = datetime.fromisoformat(at)
    return clock.local(found if found.tzinfo else found.replace(tzinfo=UTC))


def in_a_row(job: Job, item: Item) -> SafeString:
    """A signature that has only one line: name and date beside each other."""
    given = job.value(item.key) or {}
    return format_html(
        '{} {}<span class="gap"></span>日期：{}',
        _name(job, item, given),
        _how(given, drawn=item.key in job.images),
        _day(given),
    )


def approval(job: Job, item: Item) -> Row:
    """An approver's opinion, remarks, name and date; a stroke where the record has none and need have none."""
    given = job.value(item.key) or {}
    if not given and item.source and not item.required and job.state == State.COMPLETE:
        return Row(format_html('<th scope="row">{}</th><td colspan="3">{}</td>', item.zh, answers.STRUCK))
    body = format_html(
        '<p>审批意见：{}</p><p class="remark">{}</p><p class="dated">{}签字：{}<span class="gap"></span>日期：{}</p>',
        answers.ticks(OPINIONS, [given["opinion"]] if given.get("opinion") else []),
        answers.text(given.get("remark", "")),
        _how(given, drawn=item.key in job.images),
        _name(job, item, given),
        _day(given),
    )
    return Row(format_html('<th scope="row">{}</th><td colspan="3">{}</td>', item.zh, body), css="approval")
