"""What the gallery shows: every component with invented people and awkward values."""

import datetime

from django import forms as django_forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from snerydder.ui import forms, frame
from snerydder.ui.environment import Macros
from tests.ui.samples import NASTY

KINDS = [("wake", _("Vækning")), ("doctor", _("Med til læge")), ("talk", _("Samtale")), ("letters", _("Breve og ansøgninger"))]


class ContactForm(forms.Form):
    how = django_forms.ChoiceField(
        label=_("Hvordan?"),
        choices=[("met", _("Mødtes")), ("called", _("Ringede")), ("wrote", _("Skrev")), ("tried", _("Forsøgte forgæves"))],
        widget=forms.Radios(tiles=True, icons={"met": "persons", "called": "smartphone", "wrote": "chat", "tried": "close"}),
    )
    kinds = django_forms.MultipleChoiceField(label=_("Hvad slags hjælp?"), choices=KINDS, widget=forms.Checkboxes(tiles=True), required=False)
    day = forms.DateField(label=_("Hvornår?"), help_text=_("For eksempel 3 3 2026"))
    at = forms.TimeField(label=_("Klokken"))
    length = forms.MinutesField(label=_("Hvor længe?"))
    hours = forms.DecimalField(label=_("Timer om ugen"), suffix=_("timer"), max_digits=5, decimal_places=2)
    price = forms.IntegerField(label=_("Pris"), required=False, suffix=_("kr."))
    basis = django_forms.ChoiceField(
        label=_("Hjemmel"),
        choices=[("lab-167-1", "LAB § 167, stk. 1"), ("il-23d", "Integrationsloven § 23 d")],
        widget=forms.Radios(
            hints={"lab-167-1": _("Mentor til at opnå eller fastholde uddannelse eller job."), "il-23d": _("Mentor efter integrationsloven.")}
        ),
    )
    unit = django_forms.ChoiceField(label=_("Team"), choices=[("", _("Vælg")), ("1", NASTY), ("2", "Ungeteam Nord")])
    note = django_forms.CharField(
        label=_("Note"), required=False, max_length=4000, widget=django_forms.Textarea(), help_text=_("Kun det arbejdet har brug for.")
    )
    name = django_forms.CharField(label=_("Kaldenavn"), required=False)
    password = django_forms.CharField(label=_("Adgangskode"), widget=django_forms.PasswordInput, required=False)
    paper = django_forms.FileField(label=_("Bevis"), required=False, help_text=_("PDF eller billede, højst 10 MB."))
    sure = django_forms.BooleanField(label=_("Borgeren har sagt ja"))
    case = django_forms.CharField(widget=django_forms.HiddenInput)


BAD = {"how": "", "day_day": "31", "day_month": "2", "day_year": "2026", "at": "25:00", "length_hours": "1", "length_minutes": "75",
       "hours": "to", "basis": "", "unit": "", "note": "æ" * 4001, "name": NASTY, "case": "1"}  # fmt: skip


def facts(form=None):
    today = timezone.localdate()
    monday = today - datetime.timedelta(days=today.weekday())
    counts = [2, 3, 1, 2, 0, 1, 2, 0, 0, 0, 1, 2, 2, 1, 3, 0, 0, 1]
    weeks = [
        {"start": monday - datetime.timedelta(weeks=len(counts) - i), "contacts": n, "attempts": 1 if i in (7, 12) else 0}
        for i, n in enumerate(counts)
    ]
    rows = [
        {"id": 1, "name": "Carl Holm", "load": bar(12), "silent": 0, "next": "tirsdag den 3. marts"},
        {"id": 2, "name": "Anne-Sofie Møller O'Hara", "load": bar(17, 0.8), "silent": 2, "next": "onsdag den 4. marts"},
        {"id": 3, "name": Markup('<a href="/m/3/">Åse Ærø</a>'), "load": bar(24), "silent": 5, "next": ""},
    ]
    return {
        "frame": frame.Frame(
            municipality="Fjordby Kommune",
            tagline=_("Mentorstøtte"),
            person="Dorthe Lind",
            role=_("koordinator"),
            may_search=True,
            places=(
                frame.Place(_("Overblik"), "/", "home", current=True),
                frame.Place(_("Sager"), "/sager/", "folder"),
                frame.Place(_("Mentorer"), "/mentorer/", "persons"),
                frame.Place(_("Match"), "/match/", "how-to-reg", count=4),
                frame.Place(_("Indlæs"), "/import/", "upload"),
            ),
            notices=(
                frame.Notice(_("Det her er en demo. Alle personer er opdigtede.")),
                frame.Notice(_("Du er stedfortræder for Bente Krogh til og med fredag."), "warning", "/slut/", _("Stop nu"), post=True),
            ),
            contact=_("Spørgsmål? Ring til Mentorteamet på 99 00 00 00"),
        ),
        "steps": [
            {"text": _("Henvisning"), "state": "done", "note": "2. januar", "href": "#a"},
            {"text": _("Vurdering"), "state": "done", "note": "9. januar", "href": "#b"},
            {"text": _("Bevilling"), "state": "done", "note": "12. januar", "href": "#c"},
            {"text": _("Match"), "state": "error", "note": _("vent på svar"), "href": "#d"},
            {"text": _("Aftale"), "state": "now", "note": _("senest 3. marts"), "href": "#e"},
            {"text": _("I gang"), "state": "later"},
            {"text": _("Opfølgning"), "state": "later"},
            {"text": _("Afslutning"), "state": "later"},
        ],
        "verdicts": [
            {
                "level": "stop",
                "text": "Bevillingen kan ikke starte endnu. Mentors opgaver mangler i aftalen.",
                "mend": "Skriv opgaverne",
                "link": "#opgaver",
                "source": "LAB § 169, stk. 2",
            },
            {"level": "warn", "text": "Kan det passe, at der ikke er kontakt i 3 uger?", "mend": "Skriv hvorfor, hvis det er aftalt."},
            {"level": "ok", "text": "Perioden er højst seks måneder.", "source": "LAB § 167, stk. 1"},
        ],
        "columns": [
            {"key": "name", "text": _("Mentor"), "sort": True},
            {"key": "load", "text": _("Sager på fuld tid"), "sort": True},
            {"key": "silent", "text": _("Stille sager"), "align": "right", "sort": True},
            {"key": "next", "text": _("Næste aftale")},
        ],
        "rows": rows,
        "weeks": weeks,
        "events": [
            {"when": today, "text": "Aftalen er sendt til Carl Holm", "who": "Dorthe Lind"},
            {
                "when": today - datetime.timedelta(days=9),
                "text": "Bevilling givet",
                "who": "Bente Krogh",
                "detail": "20 timer til og med 30. juni",
                "href": "#x",
            },
            {"when": today - datetime.timedelta(days=400), "text": "Henvist", "who": "Jobcentret", "tone": "warn"},
        ],
        "page": Paginator(range(95), 10).page(4),
        "nasty": NASTY,
        "form": form or ContactForm(initial={"case": "1", "day": datetime.date(2026, 3, 3), "how": "met", "length": 45, "kinds": ["talk"]}),
    }


def bar(cases, full_time=1.0):
    from django.template import engines

    return Macros(engines["jinja2"].env).caseload_bar(cases, full_time)
