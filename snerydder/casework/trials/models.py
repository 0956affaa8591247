"""Forsøg: what is promised before the lot falls, who stands on which place, and what came of it in the service."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from snerydder.access.models import Staff
from snerydder.access.scope import Scoped, TenantKey
from snerydder.casework.cases.models import Assessment, Case, OfCase
from snerydder.casework.people.models import Citizen
from snerydder.casework.trials.states import TrialState

NO_RIGHT = "none"
RIGHTS = ("lab-167-2", "lab-167-3")  # the database's constraint says the same words; a test holds both to the law
TEXTS = ("title", "question", "population", "exclusions", "eligibility", "usual_effort", "information", "legal_basis", "stopping")


class Trial(Scoped):
    """The protocol, its lock, and the lottery's own steps. A trigger holds each step still when the next is taken."""

    number = models.PositiveIntegerField(_("nummer"))
    state = models.CharField(_("tilstand"), max_length=10, choices=TrialState.choices, default=TrialState.DRAFT)
    title = models.CharField(_("forsøgets navn"), max_length=120)
    question = models.TextField(_("spørgsmålet"), max_length=2000, blank=True)
    population = models.TextField(_("hvem forsøget handler om"), max_length=2000, blank=True)
    exclusions = models.TextField(_("hvem der ikke kan være med"), max_length=2000, blank=True)
    eligibility = models.TextField(_("reglen for, hvem der kan trækkes lod om"), max_length=2000, blank=True)
    usual_effort = models.TextField(_("den sædvanlige indsats i kontrolgruppen"), max_length=2000, blank=True)
    information = models.TextField(_("hvad borgeren får at vide"), max_length=4000, blank=True)
    legal_basis = models.TextField(_("hjemlen for lodtrækningen"), max_length=2000, blank=True)
    stopping = models.TextField(_("hvornår forsøget stopper"), max_length=2000, blank=True)
    plan = models.JSONField(_("tal og valg"), default=dict)
    written_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("skrevet af"))
    # locked
    protocol_text = models.TextField(_("protokollen"), blank=True)
    protocol_hash = models.CharField(_("protokollens SHA-256"), max_length=64, blank=True)
    strata = models.JSONField(_("grupper"), default=list)
    locked_on = models.DateField(_("låst den"), null=True)
    locked_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("låst af"))
    # promised, before the public number exists
    places_text = models.TextField(_("pladserne"), blank=True)
    places_hash = models.CharField(_("pladsernes SHA-256"), max_length=64, blank=True)
    town_promise = models.CharField(_("kommunens løfte"), max_length=64, blank=True)
    town_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("kommunens hemmelighed forseglet af"))
    evaluator_promise = models.CharField(_("evaluators løfte"), max_length=64, blank=True)
    evaluator_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("evaluators hemmelighed forseglet af"))
    promised_on = models.DateField(_("løfterne er givet den"), null=True)
    number_source = models.CharField(_("hvilket offentligt tal"), max_length=200, blank=True)
    number_day = models.DateField(_("tallet offentliggøres"), null=True)
    # drawn
    typed = models.CharField(_("tallet, som den første skrev det"), max_length=120, blank=True)
    typed_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("skrevet af"))
    public_number = models.CharField(_("det offentlige tal"), max_length=120, blank=True)
    confirmed_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("bekræftet af"))
    drawn_on = models.DateField(_("tallet skrevet den"), null=True)
    # open
    list_text = models.TextField(_("listen over forseglede lodder"), blank=True)
    list_hash = models.CharField(_("listens SHA-256"), max_length=64, blank=True)
    opened_on = models.DateField(_("åbnet den"), null=True)
    # closed or given up
    ended_on = models.DateField(_("slut den"), null=True)
    ended_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("afsluttet af"))
    ended_reason = models.TextField(_("hvorfor"), max_length=4000, blank=True)
    # the transaction that set the state: written by a trigger, so that nobody looks under a seal and takes the step back
    step = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("forsøg")
        verbose_name_plural = _("forsøg")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="trial_number"),
            models.UniqueConstraint(fields=["municipality", "public_number"], condition=~Q(public_number=""), name="trial_public_number_once"),
            # nothing is locked, and so nothing drawn, before the citizen's information, the rule and the legal basis are there
            models.CheckConstraint(
                condition=Q(state__in=["draft", "given_up"])
                | ~Q(legal_basis="") & ~Q(eligibility="") & ~Q(information="") & ~Q(protocol_text="") & ~Q(protocol_hash="") & Q(locked_on__isnull=False),
                name="trial_says_why_it_may",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "locked", "given_up"])
                | Q(town_by__isnull=False, evaluator_by__isnull=False, number_day__gt=F("promised_on"))
                & ~Q(town_promise="") & ~Q(evaluator_promise="") & ~Q(town_by=F("evaluator_by")) & ~Q(places_hash="") & ~Q(number_source=""),
                name="trial_promised_before_the_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "locked", "promised", "given_up"], public_number="")
                | Q(state__in=["drawn", "open", "closed"], public_number=F("typed"), drawn_on__gte=F("number_day"))
                & ~Q(public_number="") & ~Q(typed_by=F("confirmed_by")) & Q(typed_by__isnull=False, confirmed_by__isnull=False),
                name="trial_number_by_two",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "locked", "promised", "drawn", "given_up"], list_hash="") | Q(state__in=["open", "closed"]) & ~Q(list_hash=""),
                name="trial_open_by_a_list",
            ),
            models.CheckConstraint(condition=~Q(state__in=["closed", "given_up"]) | Q(ended_on__isnull=False, ended_by__isnull=False), name="trial_ended"),
        ]

    class DataProtection:
        operational = (
            "number", "state", "title", "plan", "written_by", "protocol_text", "protocol_hash", "strata", "locked_on", "locked_by", "places_text", "places_hash",
            "town_promise", "town_by", "evaluator_promise", "evaluator_by", "promised_on", "number_source", "number_day", "typed", "typed_by",
            "public_number", "confirmed_by", "drawn_on", "list_text", "list_hash", "opened_on", "ended_on", "ended_by", "step",
        )
        free_text = ("question", "population", "exclusions", "eligibility", "usual_effort", "information", "legal_basis", "stopping", "ended_reason")
        purpose = "Finde ud af, om mentorstøtte virker, ved ærlig lodtrækning"
        retention = "none"

    def __str__(self) -> str:
        return str(self.number)


class ProtocolChange(Scoped):
    """A change of the protocol after the lock: dated, with its reason, chained to what stood before. Written once."""

    trial = TenantKey(Trial, models.PROTECT, related_name="amendments", verbose_name=_("forsøg"))
    number = models.PositiveIntegerField(_("nummer"))
    field = models.CharField(_("hvad der ændres"), max_length=30)
    before = models.TextField(_("før"), max_length=4000, blank=True)
    after = models.TextField(_("efter"), max_length=4000)
    reason = models.TextField(_("hvorfor"), max_length=4000)
    enrolled = models.PositiveIntegerField(_("borgere med, da det blev ændret"))
    made_on = models.DateField(_("ændret den"))
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("ændret af"))
    taken_on = models.DateField(_("taget ind her den"), null=True)  # where another municipality leads
    mark = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("ændring af protokollen")
        verbose_name_plural = _("ændringer af protokollen")
        constraints = [
            models.UniqueConstraint(fields=["trial", "number"], name="protocol_change_number"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(field=""), name="protocol_change_says_why"),
        ]

    class DataProtection:
        operational = ("trial", "number", "field", "enrolled", "made_on", "made_by", "taken_on", "mark")
        free_text = ("before", "after", "reason")
        purpose = "Vise, hvad der blev ændret i protokollen, hvornår og hvorfor"
        retention = "none"


class Joining(Scoped):
    """Another municipality leads: whose protocol it is, and what is this municipality's own. Written once."""

    trial = TenantKey(Trial, models.PROTECT, unique=True, related_name="joinings", verbose_name=_("forsøg"))
    lead = models.PositiveIntegerField(_("kommunen, der leder"))
    lead_name = models.CharField(_("dens navn"), max_length=80)
    lead_trial = models.PositiveIntegerField(_("forsøgets nummer der"))
    key = models.CharField(_("dens nøgle"), max_length=64)
    legal_basis = models.TextField(_("egen hjemmel"), max_length=2000)
    contact = models.CharField(_("hvem man kan spørge"), max_length=200)
    joined_on = models.DateField(_("med fra"))
    joined_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("taget ind af"))

    class Meta:
        verbose_name = _("deltagelse i fælles forsøg")
        verbose_name_plural = _("deltagelser i fælles forsøg")
        constraints = [
            models.CheckConstraint(condition=~Q(legal_basis="") & ~Q(contact=""), name="joining_says_why_it_may"),
            models.CheckConstraint(condition=~Q(lead=F("municipality_id")), name="joining_another_municipality"),
        ]

    class DataProtection:
        operational = ("trial", "lead", "lead_name", "lead_trial", "key", "contact", "joined_on", "joined_by")
        free_text = ("legal_basis",)
        purpose = "Vise, hvis protokol forsøget følger, og med hvilken hjemmel kommunen er med"
        retention = "none"


class SealedSecret(Scoped):
    """A party's secret under a key that lies outside the database. The policy shows it when the number is typed, and when the intake is over."""

    trial = TenantKey(Trial, models.PROTECT, related_name="+", verbose_name=_("forsøg"))
    party = models.CharField(_("part"), max_length=10)
    box = models.CharField(_("forseglet"), max_length=400)

    class Meta:
        verbose_name = _("forseglet hemmelighed")
        verbose_name_plural = _("forseglede hemmeligheder")
        constraints = [models.UniqueConstraint(fields=["trial", "party"], name="secret_once")]

    class DataProtection:
        operational = ("trial", "party", "box")
        purpose = "Gøre lodtrækningen umulig at styre og mulig at prøve efter"
        retention = "none"


class SealedPlace(Scoped):
    """A place's arm under the same key. The policy shows it only when an enrolment that cannot be taken back stands on the place."""

    trial = TenantKey(Trial, models.PROTECT, related_name="+", verbose_name=_("forsøg"))
    stratum = models.CharField(_("gruppe"), max_length=60)
    place = models.PositiveIntegerField(_("plads"))
    box = models.CharField(_("forseglet"), max_length=400)

    class Meta:
        verbose_name = _("forseglet lod")
        verbose_name_plural = _("forseglede lodder")
        constraints = [models.UniqueConstraint(fields=["trial", "stratum", "place"], name="sealed_place")]

    class DataProtection:
        operational = ("trial", "stratum", "place", "box")
        purpose = "Skjule loddet, til borgeren uigenkaldeligt er med"
        retention = "none"


class Screening(OfCase):
    """May lots be drawn about this citizen? After the professional assessment, and with nobody who has a right."""

    class Right(models.TextChoices):
        NONE = "none", _("nej, ingen ret")
        DISCHARGE = "lab-167-2", _("ja, ved udskrivning (§ 167, stk. 2)")
        ADMISSION = "lab-167-3", _("ja, ved optagelse på uddannelse (§ 167, stk. 3)")

    trial = TenantKey(Trial, models.PROTECT, related_name="screenings", verbose_name=_("forsøg"))
    case = TenantKey(Case, models.PROTECT, related_name="+", verbose_name=_("sag"))
    citizen = TenantKey(Citizen, models.PROTECT, related_name="+", verbose_name=_("borger"))
    assessment = TenantKey(Assessment, models.PROTECT, related_name="+", verbose_name=_("konkret vurdering"))
    right = models.CharField(_("ret til mentor"), max_length=10, choices=Right.choices)
    excluded = models.CharField(_("hvorfor borgeren ikke kan være med"), max_length=300, blank=True)
    informed_on = models.DateField(_("borgeren er orienteret den"), null=True)
    made_on = models.DateField(_("afklaret den"))
    made_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("afklaret af"))

    class Meta:
        verbose_name = _("afklaring før lodtrækning")
        verbose_name_plural = _("afklaringer før lodtrækning")
        constraints = [models.UniqueConstraint(fields=["trial", "citizen"], name="screening_once")]

    class DataProtection:
        operational = ("trial", "case", "citizen", "assessment", "informed_on", "made_on", "made_by")
        sensitive = ("right",)
        free_text = ("excluded",)
        purpose = "Sikre, at ingen med ret til mentor bliver trukket lod om"
        retention = "15.20.00"

    @property
    def is_eligible(self) -> bool:
        return self.right == NO_RIGHT and not self.excluded and self.informed_on is not None


class Enrolment(OfCase):
    """A citizen on a place, for good. The arm is not here: it lies under the seal of the place until this row cannot be taken back."""

    trial = TenantKey(Trial, models.PROTECT, related_name="enrolments", verbose_name=_("forsøg"))
    number = models.PositiveIntegerField(_("nummer i forsøget"))
    screening = TenantKey(Screening, models.PROTECT, related_name="+", verbose_name=_("afklaring"))
    case = TenantKey(Case, models.PROTECT, related_name="+", verbose_name=_("sag"))
    citizen = TenantKey(Citizen, models.PROTECT, related_name="+", verbose_name=_("borger"))
    stratum = models.CharField(_("gruppe"), max_length=60)
    place = models.PositiveIntegerField(_("plads"))
    enrolled_on = models.DateField(_("med i forsøget fra"))
    enrolled_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("optaget af"))
    # the database's own words: a trigger writes them whatever was sent
    at = models.DateTimeField(_("tidspunkt"), null=True, editable=False)
    step = models.BigIntegerField(default=0, editable=False)
    mark = models.CharField(_("kædens SHA-256"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("deltagelse i forsøg")
        verbose_name_plural = _("deltagelser i forsøg")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "citizen"], name="enrolled_once"),  # one draw for a person, in whatever trial
            models.UniqueConstraint(fields=["trial", "stratum", "place"], name="one_on_a_place"),
            models.UniqueConstraint(fields=["trial", "number"], name="enrolment_number"),
        ]

    class DataProtection:
        operational = ("trial", "number", "screening", "case", "citizen", "stratum", "place", "enrolled_on", "enrolled_by", "at", "step", "mark")
        purpose = "Vide, hvem der er med i forsøget, og hvilken plads loddet lå på"
        retention = "15.20.00"


class LostPlace(Scoped):
    """A place that was opened before the database was set back to an older copy. Nobody is put on it again."""

    trial = TenantKey(Trial, models.PROTECT, related_name="lost_places", verbose_name=_("forsøg"))
    stratum = models.CharField(_("gruppe"), max_length=60)
    place = models.PositiveIntegerField(_("plads"))
    noticed_on = models.DateField(_("opdaget den"))

    class Meta:
        verbose_name = _("brugt plads")
        verbose_name_plural = _("brugte pladser")
        constraints = [models.UniqueConstraint(fields=["trial", "stratum", "place"], name="lost_place")]

    class DataProtection:
        operational = ("trial", "stratum", "place", "noticed_on")
        purpose = "Ikke trække om, når en sikkerhedskopi er læst ind"
        retention = "none"


class ShownCount(Scoped):
    """Persons of an arm in a row of counts that somebody has seen. Kept, so that no later look gives one of them away."""

    trial = TenantKey(Trial, models.PROTECT, related_name="+", verbose_name=_("forsøg"))
    name = models.CharField(_("hvad der er talt"), max_length=40)
    counts = models.JSONField(_("antal"))
    beside = models.FloatField(_("gennemsnit"), default=0.0)
    shown_at = models.DateTimeField(_("vist"))

    class Meta:
        verbose_name = _("vist gruppetal")
        verbose_name_plural = _("viste gruppetal")

    class DataProtection:
        operational = ("trial", "name", "shown_at")
        aggregate = ("counts", "beside")
        purpose = "Ikke vise tal, der sammen med tidligere tal røber en borger"
        retention = "none"


class Offer(OfCase):
    """A mentor is offered, and the citizen's answer. Only where the lot or a right says so; the first contact and the hours stand on the case."""

    class Answer(models.TextChoices):
        WAITING = "waiting", _("ikke svaret")
        ACCEPTED = "accepted", _("ja tak")
        DECLINED = "declined", _("nej tak")

    enrolment = TenantKey(Enrolment, models.PROTECT, unique=True, related_name="offers", verbose_name=_("deltagelse"))
    case = TenantKey(Case, models.PROTECT, related_name="+", verbose_name=_("sag"))
    offered_on = models.DateField(_("tilbudt den"))
    offered_by = TenantKey(Staff, models.PROTECT, related_name="+", verbose_name=_("tilbudt af"))
    answer = models.CharField(_("borgerens svar"), max_length=8, choices=Answer.choices, default=Answer.WAITING)
    answered_on = models.DateField(_("svaret den"), null=True)

    class Meta:
        verbose_name = _("tilbud om mentor i forsøg")
        verbose_name_plural = _("tilbud om mentor i forsøg")
        constraints = [
            models.CheckConstraint(condition=Q(answer="waiting") | Q(answered_on__isnull=False, answered_on__gte=F("offered_on")), name="offer_answered")
        ]

    class DataProtection:
        operational = ("enrolment", "case", "offered_on", "offered_by", "answer", "answered_on")
        purpose = "Holde tilbud, svar og støtte hver for sig i forsøget"
        retention = "15.20.00"


class Departure(OfCase):
    """The service went another way than the lot: a right that was found, a control that met a mentor. The arm of the analysis stays."""

    class Kind(models.TextChoices):
        RIGHT = "right", _("borgeren har fået ret til en mentor")
        CROSSED = "crossed", _("kontrolperson har fået mentor")
        REACHED = "reached", _("en mentor har haft kontakt med en kontrolperson")
        WITHDRAWN = "withdrawn", _("borgeren vil ikke være med mere")
        OTHER = "other", _("andet")

    enrolment = TenantKey(Enrolment, models.PROTECT, related_name="departures", verbose_name=_("deltagelse"))
    case = TenantKey(Case, models.PROTECT, related_name="+", verbose_name=_("sag"))
    kind = models.CharField(_("hvad der skete"), max_length=10, choices=Kind.choices)
    hjemmel = models.CharField(_("bestemmelse"), max_length=20, blank=True)
    text = models.TextField(_("hvordan det gik til"), max_length=4000)
    noticed_on = models.DateField(_("opdaget den"))
    noticed_by = TenantKey(Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("skrevet af"))
    automatic = models.BooleanField(_("fundet i sagen og loggen"), default=False)

    class Meta:
        verbose_name = _("afvigelse fra loddet")
        verbose_name_plural = _("afvigelser fra loddet")
        constraints = [
            models.CheckConstraint(condition=~Q(kind="right") | Q(hjemmel__in=RIGHTS), name="departure_names_the_right"),
            models.CheckConstraint(condition=Q(automatic=True) | Q(noticed_by__isnull=False), name="departure_by_somebody"),
            models.UniqueConstraint(fields=["enrolment", "kind"], condition=Q(automatic=True), name="departure_noticed_once"),
        ]

    class DataProtection:
        operational = ("enrolment", "case", "kind", "noticed_on", "noticed_by", "automatic")
        sensitive = ("hjemmel",)
        free_text = ("text",)
        purpose = "Vise, hvor indsatsen ikke fulgte loddet"
        retention = "15.20.00"
