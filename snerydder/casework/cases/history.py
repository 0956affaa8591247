"""Each verb in the words of the history: "Bente har ...". A verb without words fails a test."""

from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from snerydder.casework.cases.states import Barrier
from snerydder.law import help_kinds, rulebook
from snerydder.ui.formats import dato, klokken, timer

WORDS = {
    "access.found": _("oprettet kommunen"),
    "access.add_unit": _("oprettet en enhed"),
    "access.appoint": _("oprettet en medarbejder"),
    "access.change_staff": _("ændret en medarbejder"),
    "access.change_municipality": _("rettet oplysningerne om kommunen"),
    "access.rename_unit": _("omdøbt en enhed"),
    "access.deactivate": _("lukket en medarbejders adgang"),
    "access.reactivate": _("åbnet en medarbejders adgang igen"),
    "access.invite": _("inviteret en medarbejder til at logge ind"),
    "access.join": _("knyttet en plads til sit login"),
    "access.let_stand_in": _("indsat en stedfortræder"),
    "access.end_stand_in": _("afsluttet en stedfortræder"),
    "people.register_citizen": _("oprettet borgeren"),
    "people.change_citizen": _("rettet borgerens oplysninger"),
    "people.show_cpr": _("vist CPR-nummeret"),
    "people.show_protected": _("vist det beskyttede navn"),
    "people.register_mentor": _("oprettet en mentor"),
    "people.change_mentor": _("rettet en mentors oplysninger"),
    "people.add_qualification": _("tilføjet en kvalifikation"),
    "people.take_cases": _("sat en mentor til at tage imod sager igen"),
    "people.stop_taking_cases": _("sat en mentor til ikke at få nye sager"),
    "people.change_qualification": _("rettet en kvalifikation"),
    "people.remove_course": _("fjernet et kursus"),
    "people.remove_qualification": _("fjernet en kvalifikation"),
    "people.add_course": _("tilføjet et kursus"),
    "people.plan_supervision": _("aftalt supervision"),
    "people.hold_course": _("skrevet, om supervision er holdt"),
    "cases.refer": _("henvist borgeren"),
    "cases.change_referral": _("rettet henvisningen"),
    "cases.assess": _("vurderet behovet"),
    "cases.change_assessment": _("rettet vurderingen"),
    "cases.undo_assessment": _("fortrudt vurderingen"),
    "cases.set_goal": _("sat et mål"),
    "cases.change_goal": _("ændret et mål"),
    "cases.follow_up": _("fulgt op"),
    "cases.withdraw_follow_up": _("fortrudt opfølgningen"),
    "cases.close": _("afsluttet sagen"),
    "cases.reopen": _("genåbnet sagen"),
    "cases.cancel": _("annulleret sagen"),
    "cases.hand_over": _("overdraget sagen"),
    "grants.propose": _("skrevet et udkast til bevilling"),
    "grants.discard": _("kasseret udkastet til bevilling"),
    "grants.decide": _("bevilget mentorstøtte"),
    "grants.refuse": _("givet afslag på mentorstøtte"),
    "grants.undo_refusal": _("trukket afslaget tilbage"),
    "grants.annul": _("annulleret bevillingen"),
    "grants.stop": _("stoppet bevillingen"),
    "grants.undo_stop": _("trukket stoppet tilbage"),
    "grants.set_price": _("sat en timepris"),
    "grants.deliver": _("skrevet, at brevet kom frem"),
    "grants.hear": _("sendt en høring til borgeren"),
    "grants.answer": _("skrevet borgerens svar på høringen"),
    "grants.let_be": _("ladet sagen være efter høringen"),
    "complaints.register": _("modtaget en klage"),
    "complaints.reassess": _("set på afgørelsen igen"),
    "complaints.note_appeal": _("skrevet Ankestyrelsens afgørelse"),
    "agreements.note_min_plan": _("skrevet, at forløbet står i Min Plan"),
    "agreements.veto": _("noteret at borgeren ikke ønsker en mentor"),
    "agreements.lift_veto": _("slettet et fravalg"),
    "agreements.choose": _("valgt mentor"),
    "agreements.undo_choice": _("fortrudt valget af mentor"),
    "agreements.write": _("skrevet aftalen"),
    "agreements.accept": _("noteret et ja til aftalen"),
    "agreements.withdraw_acceptance": _("trukket et ja tilbage"),
    "agreements.start": _("sat støtten i gang"),
    "agreements.undo_start": _("fortrudt starten"),
    "agreements.replace_mentor": _("skiftet mentor"),
    "contacts.log": _("skrevet en kontakt"),
    "contacts.correct": _("rettet en kontakt"),
    "contacts.withdraw": _("slettet en kontakt"),
    "contacts.restore": _("gendannet en kontakt"),
    "payments.approve_sheet": _("godkendt sine timer"),
    "payments.ask": _("spurgt borgeren om en kontakt"),
    "sms.sent": _("sendt spørgsmålet til borgeren"),
    "sms.failed": _("opgivet at sende spørgsmålet til borgeren"),
    "sms.again": _("bedt om at sende spørgsmålet til borgeren igen"),
    "sms.give_up": _("bestemt, at spørgsmålet ikke bliver sendt"),
    "payments.answer": _("svaret på spørgsmålet om en kontakt"),
    "payments.confirm": _("skrevet, hvad en anden siger om en kontakt"),
    "payments.add_supplier": _("oprettet en leverandør"),
    "payments.engage": _("knyttet en mentor til en leverandør"),
    "payments.set_posting": _("sat en kontering"),
    "payments.set_budget": _("skrevet årets budget"),
    "payments.register": _("registreret en faktura"),
    "payments.decide_line": _("taget stilling til en fakturalinje"),
    "payments.note_answer": _("noteret en leverandørs svar"),
    "payments.check_again": _("holdt en faktura op mod loggen igen"),
    "payments.approve": _("godkendt en faktura"),
    "payments.take_back": _("trukket en godkendelse tilbage"),
    "payments.send_back": _("sendt en faktura retur"),
    "payments.pay": _("betalt en faktura"),
    "payments.propose_correction": _("foreslået at rette en betaling"),
    "payments.decide_correction": _("besluttet at rette en betaling"),
    "payments.drop_correction": _("afvist at rette en betaling"),
    "cases.adopt": _("overtaget sagen fra et andet system"),
    "grants.adopt": _("overtaget bevillingen fra et andet system"),
    "agreements.adopt": _("overtaget støtten fra et andet system"),
    "inspections.freeze": _("frosset listen til en stikprøve"),
    "inspections.type_number": _("skrevet det offentlige tal til en stikprøve"),
    "inspections.wipe_number": _("slettet et tal, der var skrevet forkert"),
    "inspections.draw": _("udtrukket en stikprøve"),
    "inspections.give_up": _("opgivet en stikprøve før lodtrækningen"),
    "inspections.answer": _("svaret på spørgsmålene i et tilsyn"),
    "inspections.report": _("afsluttet en stikprøve med en rapport"),
    "inspections.find": _("skrevet et fund"),
    "inspections.plan": _("aftalt et tiltag"),
    "inspections.done": _("gennemført et tiltag"),
    "inspections.check": _("set efter, om et tiltag hjalp"),
    "inspections.keep_procedure": _("skrevet en udgave af en forretningsgang"),
    "trials.write": _("skrevet en protokol"),
    "trials.rewrite": _("rettet en protokol"),
    "trials.lock": _("låst en protokol"),
    "trials.amend": _("ændret en låst protokol"),
    "trials.join": _("taget en fælles protokol ind"),
    "trials.take_change": _("taget en ændring af den fælles protokol ind"),
    "trials.give_up": _("opgivet et forsøg"),
    "trials.promise": _("forseglet en hemmelighed før lodtrækningen"),
    "trials.type_number": _("skrevet det offentlige tal til et forsøg"),
    "trials.wipe_number": _("slettet et tal til et forsøg"),
    "trials.seal_list": _("forseglet listen over lodder"),
    "trials.close": _("sluttet et forsøgs indtag"),
    "trials.screen": _("afklaret, om der kan trækkes lod"),
    "trials.enrol": _("trukket lod"),
    "trials.offer": _("tilbudt en mentor efter loddet"),
    "trials.answer": _("noteret borgerens svar på tilbuddet"),
    "trials.depart": _("noteret en afvigelse fra loddet"),
    "surveys.answer": _("svaret på et spørgeskema"),
    "surveys.ask": _("spurgt borgeren med et spørgeskema"),
    "trials.notice": _("noteret en afvigelse fra loddet"),  # the same words as when a person writes it: the arm is not said
    "exchange.read_in": _("læst en fil ind"),
    "exchange.begin": _("sat en import i gang"),
    "exchange.drop": _("fjernet en fil"),
    "exchange.import": _("importeret fra en fil"),
    "checks.check_again": _("holdt sagen op mod reglerne igen"),
    "payments.accept_proposals": _("fulgt forslagene på en faktura"),
    "inspections.send": _("sendt kommunens tal til tilsynet på tværs"),
    "inspections.receive": _("modtaget en kommunes tal til et tilsyn på tværs"),
    "lookups.draw": _("udtrukket opslag til gennemsyn"),
    "lookups.explain": _("forklaret et opslag"),
    "lookups.follow_up": _("fulgt op på et opslag"),
    "lookups.forget": _("slettet opslag, der var ældre end fristen"),
    "lookups.freeze": _("frosset en måneds opslag"),
    "lookups.give_code": _("givet borgeren en kode til sin liste over opslag"),
    "lookups.judge": _("vurderet et opslag"),
    "lookups.look_through": _("set en måneds opslag igennem med reglerne"),
    "lookups.type_number": _("skrevet det offentlige tal til en måneds opslag"),
    "lookups.wipe_number": _("slettet et tal til en måneds opslag"),
    "questions.ask": _("stillet et spørgsmål om en kontakt"),
    "questions.answer": _("svaret på et spørgsmål om en kontakt"),
    "questions.close": _("afsluttet et spørgsmål om en kontakt"),
    "questions.pass_on": _("givet et spørgsmål om en kontakt videre"),
    "questions.reopen": _("åbnet et spørgsmål om en kontakt igen"),
    "evaluation.begin": _("oprettet en undersøgelse"),
    "evaluation.amend": _("ændret en undersøgelses protokol"),
    "evaluation.deliver": _("hentet data til en undersøgelse"),
    "evaluation.check_again": _("læst en dataleverance igen"),
    "evaluation.use": _("taget en dataleverance i brug"),
    "evaluation.watch": _("regnet tallene undervejs igen"),
    "evaluation.take_part": _("taget en kommunes pakke ind i en fælles undersøgelse"),
    "evaluation.withdraw_part": _("trukket en kommunes pakke tilbage"),
    "evaluation.withdraw": _("trukket en dataleverance tilbage"),
    "evaluation.run": _("sat en kørsel i gang"),
    "evaluation.ask_release": _("bedt om at frigive en rapport"),
    "evaluation.approve_release": _("frigivet en rapport"),
    "research.ask": _("bedt om data fra et forsøg"),
    "research.let_out": _("udleveret data fra et forsøg"),
    "research.keys": _("hentet nøglefilen til et forsøg"),
    "research.open_study": _("åbnet undersøgelsen af et forsøg"),
    "research.study": _("brugt data fra et forsøg i en undersøgelse"),
    "research.survey_list": _("hentet nøgler til et spørgeskema"),
    "research.fetch_answers": _("hentet svar fra et spørgeskema"),
    "research.use_answers": _("taget svar fra et spørgeskema i brug"),
    "research.withdraw_answers": _("trukket svar fra et spørgeskema tilbage"),
}


LONGEST_QUOTE = 300
# What a page has no use for: keys, counts that stand elsewhere, and the law's own version.
UNTOLD = {"before", "after", "reason", "goals", "law_version", "again", "entry", "imported"}
LABELS = {
    "was_until": _("gjaldt til"), "last_day": _("sidste dag"), "heard": _("borgeren hørt"), "ground": _("grund"), "hours": _("timer"),
    "purpose": _("formål"), "party": _("part"), "how": _("hvordan"), "mentor": _("mentor"), "caseworker": _("sagsbehandler"), "tasks": _("opgaver"),
    "day": _("dag"), "was": _("før"), "minutes": _("tid"), "proof": _("bevis"), "on": _("dag"), "appeal": _("Ankestyrelsens afgørelse"), "lines": _("svar"),
    "right": _("ret til mentor"), "line": _("linje"),
}  # fmt: skip
NAMED = {"number": _("faktura"), "hjemmel": _("hjemmel")}  # where the model has no such field
HEARD = {
    "agrees": _("Borgeren er enig eller har selv bedt om det"),
    "heard": _("Borgeren er hørt og har haft tid til at svare"),
    "not_needed": _("Det er ikke nødvendigt, for det er borgerens eget ønske"),
}


def sentence(verb: str, who: str, behalf: str = "") -> str:
    told = gettext("%(who)s har %(what)s") % {"who": who, "what": str(WORDS.get(verb, _("ændret sagen")))}
    return gettext("%(told)s (stedfortræder for %(away)s)") % {"told": told, "away": behalf} if behalf else told


def detail(object_type: str, data: dict[str, Any]) -> str:
    """What an event says beyond its verb: each correction with before and after, then the rest, then why."""
    before, after = data.get("before"), data.get("after")
    told: list[str] = []
    if isinstance(before, dict) and isinstance(after, dict):
        told += filter(None, (_changed(object_type, field, before.get(field), after[field]) for field in after))
    elif isinstance(before, str) and isinstance(after, str):
        told.append(f"{before or '–'} → {after}")
    for field, value in data.items():
        if field not in UNTOLD and value not in (None, "", [], False) and (field, value) != ("together", 1):
            told.append(f"{_label(object_type, field)}: {_value(object_type, field, value)}")
    if data.get("reason"):
        told.append(gettext("Hvorfor: %(reason)s") % {"reason": _short(data["reason"])})
    return " · ".join(told)


def _changed(object_type: str, field: str, before: Any, after: Any) -> str:
    was, now = _value(object_type, field, before), _value(object_type, field, after)
    return f"{_label(object_type, field)}: {was} → {now}" if was != now else ""  # seconds that nobody sees


def _field(object_type: str, name: str) -> Any:
    try:
        return apps.get_model(object_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _label(object_type: str, name: str) -> str:
    field = _field(object_type, name)
    label = str(LABELS[name] if name in LABELS else getattr(field, "verbose_name", NAMED.get(name, name.replace("_", " "))))
    return label[:1].upper() + label[1:]


def _value(object_type: str, name: str, value: Any) -> str:
    """A stored value as a reader meets it: the label of a choice, a day, hours, yes or no."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nej")
    if isinstance(value, list):
        return ", ".join(_value(object_type, name, each) for each in value)
    if name == "minutes":
        return timer(value)
    if isinstance(value, str) and len(value) == 10 and (day := _as_day(value)):
        return dato(day, "lang")
    if isinstance(value, str) and len(value) > 18 and value[10] in " T" and (at := _as_moment(value)):
        return f"{dato(at, 'lang')} {klokken(at)}"
    return _short(_choice(object_type, name, value))


def _choice(object_type: str, name: str, value: Any) -> str:
    if name in ("hjemmel", "right") and value in rulebook.sources():
        return rulebook.sources()[value].text
    known: dict[str, dict[Any, Any]] = {
        "barriers": dict(Barrier.choices),
        "heard": dict(HEARD),
        "right": {"none": gettext("nej")},
        "tasks": {each.key: each.name for each in help_kinds()},
        "ground": {each.key: each.name for each in rulebook.choices("refusal_ground")},
    }
    choices = known.get(name) or dict(getattr(_field(object_type, name), "flatchoices", None) or ())
    return str(choices.get(value, value))


def _as_day(value: str) -> date | None:
    try:
        return parse_date(value)
    except ValueError:
        return None


def _as_moment(value: str) -> datetime | None:
    try:
        at = parse_datetime(value)
    except ValueError:
        return None
    return timezone.localtime(at) if at and timezone.is_aware(at) else at


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + "…"
