"""Articles with their editions, readers' votes and uses; digests and summaries with their material; their rhythm."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core import richtext
from core.models import Term
from customers.models import Organisation
from knowledge.flow import ArticleFlow, DigestFlow, State, SummaryFlow
from search.grams import grams, plain
from workflow.models import Record
from workflow.models.record import RecordQuerySet

if TYPE_CHECKING:
    from people.models import User
    from workflow.flow import Act

TITLE_WEIGHT, TEXT_WEIGHT = 4, 1
LONGEST_TOKEN = 32


class Audience(models.TextChoices):
    """Who may read an article."""

    STAFF = "staff", _("Staff only")
    CUSTOMERS = "customers", _("Staff and customers")


class Topic(Term):
    """What an article is about: the handbook's issue types and subtypes, and what an administrator adds."""

    within = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    gathered = models.BooleanField(_("its tickets are gathered for articles"), default=True)
    history = HistoricalRecords()

    class Meta(Term.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class Writing(models.Model):
    """What is written of an article, in the text that is worked on and in every edition alike."""

    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic"))
    product = models.CharField(_("product"), max_length=100, blank=True)
    tags = models.CharField(_("tags"), max_length=200, blank=True)
    audience = models.CharField(_("readers"), max_length=10, choices=Audience, default=Audience.STAFF)
    body = models.TextField(_("text"))

    class Meta:
        abstract = True

    @property
    def tag_list(self) -> list[str]:
        """The tags one by one."""
        return [tag for tag in (part.strip() for part in self.tags.replace("，", ",").split(",")) if tag]


class ArticleQuerySet(RecordQuerySet):
    """Named questions about articles. What people may read is another matter than which records they may see."""

    def readable(self, user: User) -> Any:
        """What somebody may read: of what has been published, colleagues all, customers what is for them."""
        published = self.filter(current__isnull=False)
        return published.filter(current__audience=Audience.CUSTOMERS) if user.is_customer else published

    def judged(self) -> Any:
        """With the numbers of those whom it has helped and has not, and of the records in which it was used."""
        return self.annotate(
            useful=_number_of(Vote.objects.filter(useful=True)),
            useless=_number_of(Vote.objects.filter(useful=False)),
            used=_number_of(Use.objects.all()),
        )


def _number_of(rows: models.QuerySet[Any]) -> Coalesce:
    """How many of the rows belong to an article."""
    own = rows.filter(article=OuterRef("pk")).order_by().values("article")
    return Coalesce(Subquery(own.annotate(number=Count("pk")).values("number")), 0)


class Article(ArticleFlow, Writing, Record):
    """What is known about a question; `current` is the edition that can be read, while the text may be revised."""

    edition = models.PositiveIntegerField(_("edition"), default=0, editable=False)
    current = models.ForeignKey(
        "Edition", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("what can be read")
    )

    objects: ClassVar[Any] = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep a new edition with the article, and what it is found by in step with what can be read."""
        edition: Edition | None = self.current if self.current_id is None else None
        if edition is not None:
            edition.article = self
            edition.save()
            self.current = edition
        super().save(*args, **kwargs)
        if edition is not None:
            Gram.write(edition)
        elif self.state == State.RETIRED:
            Gram.objects.filter(article=self).delete()

    def _new_edition(self, act: Act) -> Edition:
        return Edition(
            number=self.edition,
            title=self.title,
            topic=self.topic,
            product=self.product,
            tags=self.tags,
            audience=self.audience,
            body=self.body,
            author=self.handler,
            published_at=act.at,
        )

    def _back_to_edition(self) -> None:
        for name in ("title", "topic_id", "product", "tags", "audience", "body"):
            setattr(self, name, getattr(self.current, name))


class Edition(Writing):
    """An article as it was published once; it never changes."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="editions", verbose_name=_("article"))
    number = models.PositiveIntegerField(_("edition"))
    title = models.CharField(_("title"), max_length=200)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("author")
    )
    published_at = models.DateTimeField(_("published"))

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering: ClassVar[list[str]] = ["article", "-number"]
        constraints = (models.UniqueConstraint(fields=["article", "number"], name="edition_has_one_number"),)
        indexes = (models.Index(fields=["audience", "-published_at"], name="edition_newest"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


def pieces(text: str) -> frozenset[str]:
    """What a text is found by, as everywhere in the house."""
    return frozenset(grams(plain(text)))


class Gram(models.Model):
    """A pair of neighbouring characters, or a word, by which a published article is found."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="grams")
    token = models.CharField(max_length=LONGEST_TOKEN)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["token", "article"], name="gram_once_an_article"),)

    def __str__(self) -> str:
        return self.token

    @classmethod
    def write(cls, edition: Edition) -> None:
        """Find an article by its new edition from now on."""
        found = dict.fromkeys(pieces(richtext.words(edition.body)), TEXT_WEIGHT)
        found |= dict.fromkeys(pieces(f"{edition.title} {edition.tags}"), TITLE_WEIGHT)
        rows: list[Any] = [
            cls(article_id=edition.article_id, token=token, weight=weight)
            for token, weight in sorted(found.items())
            if len(token) <= LONGEST_TOKEN
        ]
        cls.objects.filter(article=edition.article_id).delete()
        cls.objects.bulk_create(rows, batch_size=500)


class Vote(models.Model):
    """Whether an article has helped somebody; one a person and article, which may be changed."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="votes", verbose_name=_("article"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    useful = models.BooleanField(_("useful"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = (models.UniqueConstraint(fields=["article", "user"], name="one_vote_a_reader"),)

    def __str__(self) -> str:
        return f"{self.article_id} {self.user_id}"


class Use(models.Model):
    """That an article was used in the work on a record."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="uses", verbose_name=_("article"))
    record = models.ForeignKey(Record, models.CASCADE, related_name="+", verbose_name=_("record"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("use")
        verbose_name_plural = _("uses")
        constraints = (models.UniqueConstraint(fields=["article", "record"], name="used_once_in_a_record"),)

    def __str__(self) -> str:
        return f"{self.article_id} {self.record_id}"


class Period(models.Model):
    """What material of a period has in common: from the first day to before the last; gathered once."""

    begins = models.DateField(_("from"))
    ends = models.DateField(_("until before"))

    class Meta:
        abstract = True


class Digest(DigestFlow, Period, Record):
    """Resolved tickets of a period, for articles to be made of."""

    made = models.TextField(_("what was made of it"), blank=True)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("knowledge digest")
        verbose_name_plural = _("knowledge digests")
        constraints = (
            models.UniqueConstraint(fields=["begins"], name="one_digest_a_period"),
            models.CheckConstraint(condition=Q(ends__gt=models.F("begins")), name="digest_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return self.number


class Material(models.Model):
    """A resolved record in a digest. Those of one `cluster` ask the same; the first of them stands for all."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="material", verbose_name=_("knowledge digest"))
    record = models.ForeignKey(Record, models.CASCADE, related_name="+", verbose_name=_("record"))
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="+", verbose_name=_("topic"))
    cluster = models.PositiveIntegerField(_("question"))
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("material")
        ordering: ClassVar[list[str]] = ["digest", "position"]
        constraints = (models.UniqueConstraint(fields=["digest", "record"], name="material_once_a_digest"),)

    def __str__(self) -> str:
        return f"{self.digest_id} {self.record_id}"


class Summary(SummaryFlow, Period, Record):
    """What customers have said in a period, counted, with a specialist's words about it."""

    text = models.TextField(_("summary"), blank=True)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion summary")
        verbose_name_plural = _("opinion summaries")
        constraints = (
            models.UniqueConstraint(fields=["begins"], name="one_summary_a_period"),
            models.CheckConstraint(condition=Q(ends__gt=models.F("begins")), name="summary_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return self.number


class Voice(models.Model):
    """One thing that a customer has said: a grade with a comment, or an opinion that a colleague wrote down."""

    class Kind(models.TextChoices):
        """What it is."""

        COMPLAINT = "complaint", _("Complaint")
        SUGGESTION = "suggestion", _("Suggestion")
        PRAISE = "praise", _("Praise")
        GRADE = "grade", _("Comment with a grade")

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="voices", verbose_name=_("opinion summary"))
    record = models.ForeignKey(Record, models.CASCADE, related_name="+", verbose_name=_("record"))
    customer = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("customer"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    satisfaction = models.PositiveSmallIntegerField(
        _("satisfaction"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="+", verbose_name=_("topic"))
    product = models.CharField(_("product"), max_length=100, blank=True)
    text = models.TextField(_("words"), blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("customer's voice")
        verbose_name_plural = _("customers' voices")
        ordering: ClassVar[list[str]] = ["summary", "at", "id"]

    def __str__(self) -> str:
        return f"{self.summary_id} {self.kind}"


class Rhythm(models.Model):
    """How often material is gathered. `done_until` is the day before which everything has been.

    The next period begins where the last one ended and ends with the week, month or quarter, so that a changed rhythm
    leaves no gap and gathers nothing twice.
    """

    class Purpose(models.TextChoices):
        """What is gathered."""

        DIGEST = "digest", _("Knowledge digest")
        OPINIONS = "opinions", _("Opinion summary")

    class Every(models.TextChoices):
        """How often."""

        WEEK = "week", _("every week")
        MONTH = "month", _("every month")
        QUARTER = "quarter", _("every quarter")

    purpose = models.CharField(_("what is gathered"), max_length=10, choices=Purpose, unique=True)
    every = models.CharField(_("how often"), max_length=10, choices=Every, default=Every.MONTH)
    done_until = models.DateField(_("gathered up to"))
    active = models.BooleanField(_("in force"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("rhythm of gathering")
        verbose_name_plural = _("rhythms of gathering")

    def __str__(self) -> str:
        return str(self.Purpose(self.purpose).label)

    def next_end(self) -> date:
        """The day on which the next period is over."""
        begins = self.done_until
        if self.every == self.Every.WEEK:
            return begins + timedelta(days=7 - begins.weekday())
        months = 1 if self.every == self.Every.MONTH else 3 - (begins.month - 1) % 3
        month = begins.month - 1 + months
        return date(begins.year + month // 12, month % 12 + 1, 1)
