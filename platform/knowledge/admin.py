"""Articles in the desk's lists."""

from django.contrib import admin

from common.admin import RecordAdmin, StateFilter, state_in_words
from knowledge.models import WRITERS, Article


@admin.register(Article)
class ArticleAdmin(RecordAdmin):
    roles = frozenset(WRITERS)
    list_display = ("title", "kind", "grade", state_in_words, "author", "published_at")
    list_filter = (StateFilter, "kind", "grade")
    list_select_related = ("author",)
    search_fields = ("title",)
    fields = ("title", "kind", "summary", "grade", "author", "created_at", "published_at")
