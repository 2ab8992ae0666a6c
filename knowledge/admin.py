"""Administration of the knowledge base: topics and rhythms to edit; articles and what was gathered to look at only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from knowledge.models import Article, Digest, Rhythm, Summary, Topic
from workflow.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(Topic)
class TopicAdmin(SimpleHistoryAdmin):
    """Topics. One that is in use is taken out of offer, not deleted; its code never changes."""

    list_display = ("name_zh", "name_en", "code", "within", "gathered", "position", "active")
    list_filter = ("active", "gathered")
    list_select_related = ("within",)
    search_fields = ("name_zh", "name_en", "code")
    autocomplete_fields = ("within",)
    ordering = ("position", "id")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code that gathered material is named by stays."""
        return ("code",) if obj is not None else ()


@admin.register(Rhythm)
class RhythmAdmin(SimpleHistoryAdmin):
    """How often digests and summaries are gathered (TKT-25, TKT-26)."""

    list_display = ("purpose", "every", "done_until", "active")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one for each purpose."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One that is not wanted is put out of force."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What it is for stays."""
        return ("purpose",)


class Standing:
    """A column with the state's word: the parent row knows only its code."""

    @admin.display(description=_("state"), ordering="state")
    def standing(self, record: Any) -> str:
        """The word."""
        return str(record.State(record.state).label)


@admin.register(Article)
class ArticleAdmin(Standing, ReadOnlyAdmin):
    """Articles, as they are. They change through acts on their own pages only."""

    list_display = ("number", "title", "topic", "audience", "standing", "handler", "edition")
    list_filter = ("audience", "topic")
    search_fields = ("number", "title")
    list_select_related = ("topic", "handler")
    show_full_result_count = False


@admin.register(Digest)
class DigestAdmin(Standing, ReadOnlyAdmin):
    """Digests, as they were gathered."""

    list_display = ("number", "title", "standing", "specialist", "created_at")
    search_fields = ("number", "title")
    list_select_related = ("specialist",)
    show_full_result_count = False


@admin.register(Summary)
class SummaryAdmin(DigestAdmin):
    """Summaries, as they stand."""
