"""Articles in the desk's lists."""

from django.contrib import admin

from common.admin import RecordAdmin
from knowledge.models import WRITERS, Article


@admin.register(Article)
class ArticleAdmin(RecordAdmin):
    roles = frozenset(WRITERS)
    list_display = ("title", "kind", "grade", "state_label", "author", "published_at")
    list_filter = ("state", "kind", "grade")
    list_select_related = ("author",)
    search_fields = ("title",)
