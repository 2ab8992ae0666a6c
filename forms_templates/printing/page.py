"""The page around the sections: heads and foot, title and what stands under it, the note below, a draft's mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from forms_templates.amounts import DIGITS
from forms_templates.printing import answers, blocks, grid, letters, places
from forms_templates.printing.pieces import LOGO

if TYPE_CHECKING:
    from forms_templates.printing.job import Job

_NOTHING = mark_safe("")
_AT_FOOT = 17
"""So many characters of an answer have room at the foot of every page."""
_PAGE = (
    '<html lang="zh-CN"><head><title>{title}</title><meta name="author" content="{author}"/>'
    '<meta name="keywords" content="{keywords}"/></head><body class="{css}">{head}<main>{body}</main></body></html>'
)


def markup(job: Job) -> str:
    """One original."""
    title = job.form.titled({} if job.state == "blank" else job.values).zh
    keywords = [job.form.code, job.number, *([job.verify.grouped] if job.verify else [])]
    body = _title(job, title) + (letters.body(job, _note(job)) if job.is_letter else _sheet(job) + _note(job))
    return format_html(
        _PAGE,
        title=f"{title} {job.number}".strip(),
        author=answers.text(job.letterhead.name),
        keywords=", ".join(filter(None, keywords)),
        css=_look(job),
        head=_heads(job, title),
        body=body,
    )


def _look(job: Job) -> str:
    """What the style sheet is told of the form; a contract is a letter first."""
    layouts = ["letter", "contract"] if job.is_contract else [job.form.layout]
    names = [name for name in ("landscape", "dense") if getattr(job.form, name)]
    names += ["tight"] if job.is_tight else []
    return " ".join((*layouts, *names, *([f"by-hand-{job.by_hand_mm}"] if job.by_hand_mm else [])))


def _heads(job: Job, title: str) -> SafeString:
    """What every page bears: running heads and foot, and the draft's mark."""
    house = job.letterhead
    logo = format_html('<img src="{}" alt="{}"/>', LOGO, house.name) if house.logo else _NOTHING
    name = format_html("<b>{}</b>", answers.text(house.name))
    english = format_html("<br/><small>{}</small>", answers.text(house.name_en)) if house.name_en else _NOTHING
    mark = format_html('<br/><span class="mark">{}</span>', _mark(job)) if job.copy else _NOTHING
    number = answers.text(job.number or answers.GAP * 8)
    lines = [f"表单编号：{job.form.code}", format_html("记录编号：{}", number)]
    lines += [f"核验码：{job.verify.grouped}"] if job.verify else []
    version = f" 第{job.form.version}版" if job.form.version else ""
    return format_html(
        '<div class="who">{}<div>{}{}{}</div></div><div class="which">{}</div>'
        '<div class="foot">{}</div><div class="foot-end">{}</div>{}',
        *(logo, name, english, mark),
        format_html_join(mark_safe("<br/>"), "{}", ((line,) for line in lines)),
        *_foot(job, f"{job.form.code}{version} {job.form.title.zh if job.is_contract else title}"),
        mark_safe('<div class="draft">草稿</div>') if job.draft else _NOTHING,
    )


def _foot(job: Job, form: str) -> tuple[SafeString, SafeString]:
    """The left and the right of the foot: the form, and what it wants to be seen on every page; that it is a draft."""
    asked = map(job.form.item, job.form.every_page)
    *seen, last = [f"{item.zh}：{str(job.value(item.key) or answers.GAP)[:_AT_FOOT]}" for item in asked] or [""]
    drafted = ["草稿，未定稿"] if job.draft else []
    if not last:
        return _lines([form]), _lines(drafted)
    return _lines([*([" ".join(seen)] if seen else []), last]), _lines([form, *drafted])


def _lines(texts: list[str]) -> SafeString:
    return format_html_join(mark_safe("<br/>"), "{}", ((answers.text(each),) for each in texts))


def _mark(job: Job) -> str:
    """一式肆份 第壹份（用户）: which of the originals it is, and for whom."""
    holder = job.form.holders[job.copy - 1]
    return f"一式{_counted(job.form.copies)}份 第{_counted(job.copy)}份（{holder.zh}）"


def _counted(number: int) -> str:
    return DIGITS[number] if number < len(DIGITS) else str(number)


def _title(job: Job, title: str) -> SafeString:
    heading = format_html("<h1>{}</h1>", title)
    items = [job.form.item(key) for key in job.form.under_title]
    cells = format_html_join("", "<td>{}：{}</td>", ((item.zh, grid.cell(job, item)) for item in items))
    return heading + format_html('<table class="under"><tbody><tr>{}</tr></tbody></table>', cells) if items else heading


def _sheet(job: Job) -> SafeString:
    found: list[blocks.Block] = []
    barred = 0
    for section in job.sections:
        barred += not section.bare
        found.extend(grid.section_blocks(job, section, barred))
    return format_html('<div class="sheet">{}</div>', blocks.markup(found))


def _note(job: Job) -> SafeString:
    """The footer under the table; who seals more than one page seals across them."""
    lines = [places.filled(job, job.form.footer.zh)] if job.form.footer else []
    if any(item.kind == "seal" for item in job.form.items()):
        what = "本合同" if job.is_contract else "本表"
        lines.append(answers.text(f"{what}超过一页时，请加盖骑缝章。"))
    return format_html('<div class="note"><p>{}</p></div>', format_html_join("", "{}", ((line,) for line in lines)))
