"""Timer og betaling: what was delivered, who says so, what a supplier asks for it, and what is paid.

The rules of money are the database's (migration 0002): they hold whoever writes the row, and however.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.scope import Scoped, TenantKey
from snerydder.casework.cases.models import Case, OfCase
from snerydder.casework.contacts.models import Contact
from snerydder.casework.payments.states import InvoiceState, SheetState
from snerydder.casework.people.models import Mentor


class TimeSheet(Scoped):
    """A mentor's approval of a month of the contact log. The hours themselves stand in the log and nowhere else."""

    mentor = TenantKey(Mentor, models.PROTECT, related_name="time_sheets", verbose_name=_("mentor"))
    month = models.DateField(_("måned"))
    state = models.CharField(_("tilstand"), max_length=10, choices=SheetState.choices, default=SheetState.APPROVED)
    minutes = models.PositiveIntegerField(_("godkendte minutter"))
    approved_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("godkendt af"))
    approved_at = models.DateTimeField(_("godkendt"))
    reopened_at = models.DateTimeField(_("åbnet igen"), null=True, blank=True)

    class Meta:
        verbose_name = _("timeseddel")
        verbose_name_plural = _("timesedler")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "mentor", "month"], name="time_sheet_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="time_sheet_whole_month"),
        ]

    class DataProtection:
        operational = ("mentor", "month", "state", "minutes", "approved_by", "approved_at", "reopened_at")
        purpose = "Dokumentere de timer, der betales for (VEJ 9260, bilag 2)"
        retention = "15.20.00"


class ConfirmationRequest(OfCase):
    """The one question a citizen is asked about one contact, and the code that opens it once. The code itself is not kept."""

    case = TenantKey(Case, models.CASCADE, related_name="confirmation_requests", verbose_name=_("sag"))
    contact = TenantKey(Contact, models.CASCADE, related_name="confirmation_requests", verbose_name=_("kontakt"))
    code_hash = models.CharField(max_length=64)
    asked_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("spurgt af"))
    asked_on = models.DateField(_("spurgt den"))
    expires_on = models.DateField(_("kan besvares til og med"))
    answered_at = models.DateTimeField(_("besvaret"), null=True, blank=True)

    class Meta:
        verbose_name = _("spørgsmål til borgeren")
        verbose_name_plural = _("spørgsmål til borgeren")
        constraints = [models.UniqueConstraint(fields=["municipality", "code_hash"], name="confirmation_code")]

    class DataProtection:
        operational = ("case", "contact", "code_hash", "asked_by", "asked_on", "expires_on", "answered_at")
        purpose = "Spørge borgeren, om kontakten fandt sted"
        retention = "15.20.00"


class Confirmation(OfCase):
    """What somebody other than the mentor says of one contact. It holds for the contact as it stood: `day` and `minutes`."""

    class Source(models.TextChoices):
        CITIZEN = "citizen", _("borgeren")
        WORKPLACE = "workplace", _("arbejdsplads")
        SCHOOL = "school", _("skole eller uddannelsessted")
        HEALTH = "health", _("læge, hospital eller behandler")
        AUTHORITY = "authority", _("sagsbehandler, der var med")
        OTHER = "other", _("en anden")

    class Answer(models.TextChoices):
        YES = "yes", _("ja")
        NO = "no", _("nej")
        UNSURE = "unsure", _("ved ikke")

    case = TenantKey(Case, models.CASCADE, related_name="confirmations", verbose_name=_("sag"))
    contact = TenantKey(Contact, models.CASCADE, unique=True, related_name="confirmations", verbose_name=_("kontakt"))
    source = models.CharField(_("hvem siger det"), max_length=10, choices=Source.choices)
    source_name = models.CharField(_("navn på den, der siger det"), max_length=120, blank=True)
    answer = models.CharField(_("svar"), max_length=6, choices=Answer.choices)
    day = models.DateField(_("dag, som den stod"))
    minutes = models.PositiveSmallIntegerField(_("minutter, som de stod"))
    made_by = TenantKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("skrevet af"))
    at = models.DateTimeField(_("hvornår"))

    class Meta:
        verbose_name = _("bekræftelse")
        verbose_name_plural = _("bekræftelser")
        constraints = [
            models.CheckConstraint(condition=Q(source="citizen") | Q(made_by__isnull=False) & ~Q(source_name=""), name="confirmation_has_a_name"),
        ]

    class DataProtection:
        operational = ("case", "contact", "source", "answer", "day", "minutes", "made_by", "at")
        identity = ("source_name",)
        purpose = "Have en andens ord for, at støtten blev leveret"
        retention = "15.20.00"


class Supplier(Scoped):
    """A company or an institution that sends invoices for mentors' hours."""

    name = models.CharField(_("navn"), max_length=120)
    cvr = models.CharField(_("CVR-nummer"), max_length=8)
    email = models.EmailField(_("mail"), blank=True)

    class Meta:
        verbose_name = _("leverandør")
        verbose_name_plural = _("leverandører")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "cvr"], name="supplier_cvr"),
            models.CheckConstraint(condition=Q(cvr__regex=r"^[1-9][0-9]{7}$"), name="supplier_cvr_digits"),
        ]

    class DataProtection:
        operational = ("name", "cvr", "email")
        purpose = "Vide, hvem der sender fakturaen"
        retention = "none"

    def __str__(self) -> str:
        return self.name


class Engagement(Scoped):
    """From a day on a mentor works through a supplier, at a price an hour."""

    supplier = TenantKey(Supplier, models.PROTECT, related_name="engagements", verbose_name=_("leverandør"))
    mentor = TenantKey(Mentor, models.PROTECT, related_name="engagements", verbose_name=_("mentor"))
    valid_from = models.DateField(_("gælder fra"))
    hourly_price = models.DecimalField(_("aftalt timepris"), max_digits=8, decimal_places=2)

    class Meta:
        verbose_name = _("tilknytning")
        verbose_name_plural = _("tilknytninger")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "mentor", "valid_from"], name="engagement_once"),
            models.CheckConstraint(condition=Q(hourly_price__gte=0), name="engagement_price"),
        ]

    class DataProtection:
        operational = ("supplier", "mentor", "valid_from", "hourly_price")
        purpose = "Vide, hvis mentor det er, og hvad en time koster"
        retention = "none"


class Invoice(Scoped):
    """Registered, approved and paid by three persons. Its lines add up to what it asks for, or it is not there at all."""

    supplier = TenantKey(Supplier, models.PROTECT, related_name="invoices", verbose_name=_("leverandør"))
    number = models.CharField(_("fakturanummer"), max_length=30)
    dated = models.DateField(_("fakturadato"))
    total = models.DecimalField(_("beløb"), max_digits=10, decimal_places=2)
    state = models.CharField(_("tilstand"), max_length=10, choices=InvoiceState.choices, default=InvoiceState.REGISTERED)
    version = models.PositiveIntegerField(default=1)
    registered_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("registreret af"))
    registered_on = models.DateField(_("registreret"))
    approved_by = TenantKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("godkendt af"))
    approved_on = models.DateField(_("godkendt"), null=True, blank=True)
    reopened_at = models.DateTimeField(_("åbnet igen"), null=True, blank=True)
    paid_by = TenantKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("betalt af"))
    paid_on = models.DateField(_("betalt"), null=True, blank=True)
    returned_reason = models.CharField(_("hvorfor sendt retur"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("faktura")
        verbose_name_plural = _("fakturaer")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "supplier", "number"], condition=~Q(state="returned"), name="invoice_once"),
            models.CheckConstraint(condition=Q(total__gt=0), name="invoice_asks_for_something"),
            models.CheckConstraint(
                condition=~Q(approved_by=F("registered_by")) & ~Q(paid_by=F("registered_by")) & ~Q(paid_by=F("approved_by")), name="invoice_three_persons"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid"]) | Q(approved_by__isnull=False, approved_on__isnull=False), name="invoice_approved_by_someone"
            ),
            models.CheckConstraint(condition=~Q(state="paid") | Q(paid_by__isnull=False, paid_on__isnull=False), name="invoice_paid_by_someone"),
        ]

    class DataProtection:
        operational = (
            "supplier", "number", "dated", "total", "state", "version", "registered_by", "registered_on", "approved_by", "approved_on", "reopened_at",
            "paid_by", "paid_on",
        )
        free_text = ("returned_reason",)
        purpose = "Betale for den støtte, der er leveret, og ikke andet"
        retention = "5 years"


class Span(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class InvoiceLine(Scoped):
    """One thing the supplier asks for, and what of it is approved. Nothing is approved without a contact in the log."""

    class Kind(models.TextChoices):
        HOURS = "hours", _("mentortimer")
        TRANSPORT = "transport_time", _("transporttid")
        TRAVEL = "travel", _("kørsel og rejseudgifter")
        SICKNESS = "sick_pay", _("løn under sygdom")
        OVERHEAD = "overhead", _("administration og andre omkostninger")

    class Reason(models.TextChoices):
        COST = "cost", _("udgiften må ikke betales som mentorstøtte")
        UNKNOWN_CASE = "unknown_case", _("sagen findes ikke")
        NO_CONTACT = "no_contact", _("der er ingen kontakt i loggen den dag")
        OTHER_SUPPLIER = "other_supplier", _("kontakten er en anden leverandørs")
        DOUBLE = "double", _("kontakten er faktureret før")
        OVERLAP = "overlap", _("mentoren var et andet sted på samme tid")
        TWO_MENTORS = "two_mentors", _("en anden mentor var hos borgeren på samme tid")
        NO_ROOM = "no_room", _("der var ikke tid til så meget den dag, før det blev skrevet")
        OUTSIDE_GRANT = "outside_grant", _("dagen ligger uden for bevillingen")
        OVER_GRANT = "over_grant", _("flere timer end bevilget")
        MORE_THAN_LOGGED = "more_than_logged", _("flere timer end leveret")
        PRICE = "price", _("timeprisen er højere end aftalt")
        AFTER_CLOSING = "after_closing", _("sagen var afsluttet den dag")
        QUESTION = "question", _("der er stillet et spørgsmål om kontakten, som ikke er afsluttet")
        CITIZEN_SAYS_NO = "citizen_says_no", _("borgeren siger, at mødet ikke fandt sted")
        RETURNED = "returned", _("fakturaen er sendt retur")

    invoice = TenantKey(Invoice, models.CASCADE, related_name="lines", verbose_name=_("faktura"))
    place = models.PositiveSmallIntegerField(_("linje"))
    kind = models.CharField(_("art"), max_length=16, choices=Kind.choices, default=Kind.HOURS)
    case_number = models.CharField(_("sagsnummer på fakturaen"), max_length=20, blank=True)
    day = models.DateField(_("dag"))
    text = models.CharField(_("tekst"), max_length=200, blank=True)
    minutes = models.PositiveIntegerField(_("minutter"))
    amount = models.DecimalField(_("beløb"), max_digits=10, decimal_places=2)
    case = TenantKey(Case, models.PROTECT, null=True, blank=True, related_name="invoice_lines", verbose_name=_("sag"))
    contact = TenantKey(Contact, models.PROTECT, null=True, blank=True, related_name="invoice_lines", verbose_name=_("kontakt"))
    approved_minutes = models.PositiveIntegerField(_("godkendte minutter"), default=0)
    approved_amount = models.DecimalField(_("godkendt beløb"), max_digits=10, decimal_places=2, default=0)
    reason = models.CharField(_("hvorfor ikke det hele"), max_length=16, choices=Reason.choices, blank=True)
    note = models.CharField(_("bemærkning til leverandøren"), max_length=1000, blank=True)
    answer_by = models.DateField(_("leverandøren kan svare til og med"), null=True, blank=True)
    answer = models.CharField(_("leverandørens svar"), max_length=2000, blank=True)
    handled_by = TenantKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("set af"))
    # copied from the contact by the database, so that nobody is paid for being in two places at once
    mentor = TenantKey(Mentor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mentor"))
    entry = models.UUIDField(_("indtastning"), null=True, blank=True)
    starts = models.DateTimeField(_("begynder"), null=True, blank=True)
    ends = models.DateTimeField(_("slutter"), null=True, blank=True)

    class Meta:
        verbose_name = _("fakturalinje")
        verbose_name_plural = _("fakturalinjer")
        constraints = [
            models.UniqueConstraint(fields=["invoice", "place"], name="line_place"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="line_asks_for_something"),
            models.CheckConstraint(condition=Q(approved_minutes__lte=F("minutes"), approved_amount__lte=F("amount")), name="line_at_most_what_is_asked"),
            models.CheckConstraint(condition=Q(approved_amount=0) & Q(approved_minutes=0) | Q(approved_minutes__gt=0), name="line_no_kroner_without_minutes"),
            models.CheckConstraint(
                condition=Q(approved_minutes=0) | Q(kind="hours", contact__isnull=False, case__isnull=False), name="line_no_pay_without_contact"
            ),
            models.CheckConstraint(
                condition=Q(approved_amount=F("amount")) | Q(answer_by__isnull=False) & ~Q(reason=""), name="line_refused_with_reason_and_deadline"
            ),
            models.UniqueConstraint(fields=["contact"], condition=Q(approved_minutes__gt=0), name="line_contact_once"),
            ExclusionConstraint(
                name="line_mentor_in_one_place",
                expressions=[("mentor", RangeOperators.EQUAL), (Span("starts", "ends"), RangeOperators.OVERLAPS), ("entry", RangeOperators.NOT_EQUAL)],
                condition=Q(approved_minutes__gt=0),
            ),
            ExclusionConstraint(
                name="line_citizen_with_one_mentor",
                expressions=[("case", RangeOperators.EQUAL), (Span("starts", "ends"), RangeOperators.OVERLAPS), ("mentor", RangeOperators.NOT_EQUAL)],
                condition=Q(approved_minutes__gt=0),
            ),
        ]
        indexes = [models.Index(fields=["case", "day"], name="line_case_day")]

    class DataProtection:
        operational = (
            "invoice", "place", "kind", "case_number", "day", "minutes", "amount", "case", "contact", "approved_minutes", "approved_amount", "reason",
            "answer_by", "handled_by", "mentor", "entry", "starts", "ends",
        )
        free_text = ("text", "note", "answer")
        purpose = "Betale for den støtte, der er leveret, og ikke andet"
        retention = "5 years"

    @property
    def differs(self) -> bool:
        return self.approved_amount < self.amount


class Correction(Scoped):
    """What is paid afterwards, or claimed back, on a line that has been paid. One proposes, another decides."""

    line = TenantKey(InvoiceLine, models.PROTECT, related_name="corrections", verbose_name=_("fakturalinje"))
    minutes = models.IntegerField(_("minutter"))
    amount = models.DecimalField(_("beløb"), max_digits=10, decimal_places=2)
    reason = models.CharField(_("hvorfor"), max_length=1000)
    proposed_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("foreslået af"))
    proposed_on = models.DateField(_("foreslået"))
    decided_by = TenantKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("besluttet af"))
    decided_on = models.DateField(_("besluttet"), null=True, blank=True)

    class Meta:
        verbose_name = _("rettelse")
        verbose_name_plural = _("rettelser")
        constraints = [
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="correction_two_persons"),
            models.CheckConstraint(condition=~Q(amount=0), name="correction_of_something"),
            models.UniqueConstraint(fields=["line"], condition=Q(decided_by__isnull=True), name="correction_one_at_a_time"),
        ]

    class DataProtection:
        operational = ("line", "minutes", "amount", "proposed_by", "proposed_on", "decided_by", "decided_on")
        free_text = ("reason",)
        purpose = "Rette en betaling, med to personer om det"
        retention = "5 years"


class Posting(Scoped):
    """Which account and class of reimbursement a group is posted on, from a day on. Typed by the municipality; never guessed."""

    target_group = models.CharField(_("målgruppe"), max_length=8)
    valid_from = models.DateField(_("gælder fra"))
    account = models.CharField(_("konto"), max_length=20)
    reimbursement = models.CharField(_("refusion"), max_length=60)

    class Meta:
        verbose_name = _("kontering")
        verbose_name_plural = _("konteringer")
        constraints = [models.UniqueConstraint(fields=["municipality", "target_group", "valid_from"], name="posting_once")]

    class DataProtection:
        operational = ("target_group", "valid_from", "account", "reimbursement")
        purpose = "Sende betalingen til økonomisystemet"
        retention = "none"


class Budget(Scoped):
    """What a municipality has set aside for mentor support in a year, and its own share of the limit of LAB § 203 a."""

    year = models.PositiveSmallIntegerField(_("år"))
    amount = models.DecimalField(_("budget"), max_digits=12, decimal_places=2)
    share = models.DecimalField(_("andel af grænsen i LAB § 203 a (udkast)"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgetter")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "year"], name="budget_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_amount"),
        ]

    class DataProtection:
        operational = ("year", "amount", "share")
        purpose = "Følge forbruget gennem året"
        retention = "none"
