"""The addresses of the staff's house. All but the open ones ask for a login, and let only staff in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import path, register_converter

from core.faces import Page, Shown
from desk.views import (
    arranged,
    batches,
    books,
    bulk,
    customers,
    dashboards,
    documents,
    duty,
    exports,
    files,
    filling,
    find,
    gallery,
    home,
    intake,
    jira,
    lists,
    live,
    notices,
    own,
    records,
    reviews,
    rulebook,
    saved,
    scans,
    search,
    session,
    texts,
    vault,
    verbs,
    verify,
    watching,
)
from desk.visitors import staff_only
from workflow import registry

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase
    from django.urls import URLPattern

    from desk.visitors import View


class _Kind:
    regex = "[a-z][a-z_]{1,29}"

    def to_python(self, value: str) -> str:
        """The kind as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """The kind as it is."""
        return value


class _Number(_Kind):
    regex = "[A-Z][A-Za-z0-9]{0,11}-[0-9]{4}(?:[0-9]{4})?-[0-9]{4,9}"


register_converter(_Kind, "kind")
register_converter(_Number, "number")


def _staff(route: str, view: View, name: str) -> URLPattern:
    return path(route, staff_only(view), name=name)


def _drawn(page: Page) -> View:
    """A process's own page as a view of this face."""

    def view(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
        answer: Any = page.show(request, **parameters)
        return (
            render(request, answer.template, dict(answer.found), status=answer.status)
            if isinstance(answer, Shown)
            else answer
        )

    return view


app_name = "desk"
urlpatterns = [
    path("login/", session.Login.as_view(), name="login"),
    path("logout/", session.Logout.as_view(), name="logout"),
    path("look/", session.look, name="look"),
    path("healthz/", session.healthz, name="healthz"),
    path("verify/", verify.verify, name="verify-code"),
    path("verify/<str:code>", verify.verify, name="verify"),
    _staff("", home.home, "home"),
    _staff("live/", live.live, "live"),
    _staff("next/", reviews.following, "next"),
    _staff("search/", search.search, "search"),
    _staff("find/<slug:what>/", find.find, "find"),
    _staff("notices/", notices.notices, "notices"),
    _staff("notices/read/", notices.read, "notices-read"),
    _staff("notices/<int:pk>/", notices.follow, "notice"),
    _staff("preferences/", own.preferences, "preferences"),
    _staff("substitutes/", own.substitutes, "substitutes"),
    _staff("substitutes/<int:pk>/end/", own.end_substitution, "substitute-end"),
    _staff("reports/", dashboards.dashboard, "dashboard"),
    _staff("handbook/", rulebook.handbook, "handbook"),
    _staff("handbook/<str:rule_id>/", rulebook.rule, "rule"),
    _staff("handbook/<str:rule_id>/cases/", rulebook.cases, "rule-cases"),
    _staff("forms/", gallery.gallery, "gallery"),
    _staff("forms/<slug:code>/", gallery.form, "gallery-form"),
    _staff("forms/<slug:code>/<slug:state>/pages/", gallery.pages, "gallery-pages"),
    _staff("forms/<slug:code>/<slug:state>/pages/<int:page>.png", gallery.picture, "gallery-picture"),
    _staff("forms/<slug:code>/<slug:state>.pdf", gallery.pdf, "gallery-pdf"),
    _staff("people/", books.people, "people"),
    _staff("customers/", customers.customers, "customers"),
    _staff("customers/<int:pk>/", customers.customer, "customer"),
    _staff("files/<int:pk>/", files.attachment, "file"),
    _staff("exports/", exports.exports, "exports"),
    _staff("exports/<int:pk>/", exports.export, "export"),
    _staff("exports/<int:pk>/file/", exports.fetch, "export-file"),
    _staff("exports/<int:pk>/cancel/", exports.cancel, "export-cancel"),
    _staff("exports/<int:pk>/again/", exports.again, "export-again"),
    _staff("scans/", scans.scans, "scans"),
    _staff("scans/<number:number>/pages/", scans.pages, "scan-pages"),
    _staff("scans/page/<int:pk>/", scans.page, "scan-page"),
    _staff("batches/", batches.batches, "batches"),
    _staff("batches/new/", batches.new, "batch-new"),
    _staff("batches/preview/<slug:name>/", batches.preview_page, "batch-preview"),
    _staff("batches/fetch/", batches.fetch, "batch-fetch"),
    _staff("batches/<int:pk>/", batches.batch, "batch"),
    _staff("batches/<int:pk>/file/", batches.file, "batch-file"),
    _staff("batches/<int:pk>/cancel/", batches.cancel, "batch-cancel"),
    _staff("jira/", jira.out_of_step, "jira"),
    _staff("jira/<slug:subject>/<int:pk>/retry/", jira.retry, "jira-retry"),
    _staff("jira/<slug:subject>/<int:pk>/ignore/", jira.ignore, "jira-ignore"),
    _staff("deadlines/<int:pk>/", records.why, "why"),
    _staff("vault/<int:pk>/", vault.look, "look-at"),
    _staff("vault/<int:pk>/secret/", vault.secret, "secret"),
    _staff("texts/", texts.texts, "texts"),
    _staff("texts/new/", texts.write, "text-new"),
    _staff("texts/<int:pk>/", texts.write, "text"),
    _staff("texts/<int:pk>/remove/", texts.remove, "text-remove"),
    _staff("duty/", duty.roster, "duty"),
    _staff("duty/shifts/", duty.plan, "duty-plan"),
    _staff("duty/shifts/<int:pk>/strike/", duty.strike, "duty-strike"),
    _staff("duty/swaps/", duty.ask, "duty-ask"),
    _staff("duty/swaps/<int:pk>/<slug:answer>/", duty.answer, "duty-answer"),
    _staff("documents/begin/", documents.begin, "document-begin"),
    _staff("documents/of/customer/<int:pk>/", documents.of_customer, "documents-of-customer"),
    _staff("documents/of/<kind:kind>/<number:number>/", documents.about_record, "documents-of"),
    _staff("documents/of/<kind:kind>/<number:number>/<slug:form>/", documents.draft_about, "document-draft"),
    _staff("documents/<number:number>/pdf/<int:copy>/<slug:which>/", documents.pdf, "document-pdf"),
    _staff("documents/<number:number>/pages/", documents.pages, "document-pages"),
    _staff("documents/<number:number>/preview/", documents.preview, "document-preview"),
    _staff("document/<number:number>/fill/", filling.fill, "fill-document"),
    _staff("links/<int:pk>/", filling.link, "link"),
    *(_staff(page.route, _drawn(page), page.name) for process in registry.all_processes() for page in process.pages),
    _staff("<kind:kind>/", lists.records, "list"),
    _staff("<kind:kind>/new/", intake.new, "new"),
    _staff("<kind:kind>/new/texts/<slug:verb>/", texts.beginnings, "text-beginnings"),
    _staff("<kind:kind>/new/<slug:verb>/", intake.new, "new-by"),
    _staff("<kind:kind>/pages/<slug:code>/", lists.page, "page"),
    _staff("<kind:kind>/views/", arranged.views, "views"),
    _staff("<kind:kind>/views/new/", saved.new, "view-new"),
    _staff("<kind:kind>/views/counts/", saved.counts, "view-counts"),
    _staff("<kind:kind>/views/<int:pk>/", saved.change, "view"),
    _staff("<kind:kind>/views/<int:pk>/keep/", saved.keep, "view-keep"),
    _staff("<kind:kind>/views/<int:pk>/drop/", saved.drop, "view-drop"),
    _staff("<kind:kind>/columns/", arranged.choose_columns, "columns"),
    _staff("<kind:kind>/several/", bulk.choose, "several"),
    _staff("<kind:kind>/several/<slug:verb>/", bulk.perform, "several-by"),
    _staff("<kind:kind>/<number:number>/", records.record, "record"),
    _staff("<kind:kind>/<number:number>/print/", records.printed, "print"),
    _staff("<kind:kind>/<number:number>/timeline/", records.earlier, "timeline"),
    _staff("<kind:kind>/<number:number>/watch/", watching.watching, "watch"),
    _staff("<kind:kind>/<number:number>/way/", reviews.ahead, "way"),
    _staff("<kind:kind>/<number:number>/clocks/", records.clocks, "clocks"),
    _staff("<kind:kind>/<number:number>/rounds/", reviews.rounds, "rounds"),
    _staff("<kind:kind>/<number:number>/opinion/", reviews.opinion, "opinion"),
    _staff("<kind:kind>/<number:number>/versions/", reviews.versions, "versions"),
    _staff("<kind:kind>/<number:number>/versions/<int:which>/", reviews.version, "version"),
    _staff("<kind:kind>/<number:number>/texts/<slug:verb>/", texts.options, "text-options"),
    _staff("<kind:kind>/<number:number>/<slug:verb>/", verbs.verb, "verb"),
]
