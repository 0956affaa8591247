"""What the fields of the facts, the steps and the outcomes are called in Danish: for links and for the pages."""

from __future__ import annotations

from .text import N_

STEPS = {
    "grant": N_("når du bevilger"),
    "agreement": N_("når aftalen indgås"),
    "start": N_("når forløbet begynder"),
    "follow_up": N_("ved opfølgning"),
    "closing": N_("når sagen lukkes"),
    "refusal": N_("ved afslag"),
    "payment": N_("før en faktura betales"),
    "nightly": N_("hver nat, mens sagen er åben"),
}

PARTS = {
    "case": N_("Sagen"),
    "assessment": N_("Vurderingen"),
    "grant": N_("Bevillingen"),
    "agreement": N_("Aftalen"),
    "mentor": N_("Mentor"),
    "delivery": N_("Kontakten"),
    "follow_up": N_("Opfølgningen"),
    "closing": N_("Afslutningen"),
    "letter": N_("Afgørelsesbrevet"),
    "payment": N_("Fakturaen"),
}

FIELDS = {
    "target_group": N_("målgruppe"),
    "outside_section_6": N_("ansat uden for § 6"),
    "citizen_agrees": N_("borgeren vil gerne"),
    "citizen_words": N_("borgerens egne ord"),
    "refusal_ground": N_("grund til afslag eller stop"),
    "assessment_on": N_("dato for vurderingen"),
    "assessment_by": N_("vurderet af"),
    "assessment_text": N_("vurdering"),
    "by_authority": N_("skrevet af en sagsbehandler"),
    "decisive": N_("mentor er afgørende"),
    "decisive_text": N_("hvorfor mentor er afgørende"),
    "hjemmel": N_("hjemmel"),
    "purpose_kind": N_("formål"),
    "purpose": N_("formålet med ord"),
    "start": N_("første dag"),
    "end": N_("sidste dag"),
    "minutes": N_("minutter"),
    "minutes_per": N_("om ugen eller i alt"),
    "counted_per": N_("pr. borger eller pr. plads"),
    "hours_reason": N_("begrundelse for timerne"),
    "discharge_on": N_("dato for udskrivningen"),
    "admission_on": N_("dato for optagelsen"),
    "is_new_period": N_("ny periode"),
    "previous_start": N_("forrige periodes første dag"),
    "previous_end": N_("forrige periodes sidste dag"),
    "decided_on": N_("dato for afgørelsen"),
    "goal": N_("mål"),
    "mentor_name": N_("mentors navn"),
    "mentor_contact": N_("mentors kontaktoplysninger"),
    "tasks": N_("mentors opgaver"),
    "complaint_guidance": N_("klagevejledning"),
    "accepted_by": N_("har sagt ja"),
    "rhythm_days": N_("højst så mange dage mellem kontakter"),
    "mentor_kind": N_("hvor mentor er ansat"),
    "qualifications": N_("dokumenterede kvalifikationer"),
    "tasks_without_qualification": N_("opgaver uden en kvalifikation bag"),
    "beyond_usual": N_("indsatsen ligger ud over det sædvanlige"),
    "no_usual_work": N_("ikke sædvanligt arbejde i mentortimerne"),
    "mentor_is_decider": N_("mentor har selv vurderet eller afgjort sagen"),
    "first_contact_on": N_("første kontakt"),
    "last_contact_on": N_("seneste kontakt"),
    "longest_gap_days": N_("længste hul i dage"),
    "minutes_granted": N_("minutter bevilget indtil nu"),
    "minutes_registered": N_("minutter leveret"),
    "held_on": N_("seneste opfølgning"),
    "held_by_authority": N_("holdt af en sagsbehandler"),
    "goal_status": N_("hvordan det går med målet"),
    "decision": N_("beslutning"),
    "next_decided": N_("det næste er besluttet"),
    "goal_result": N_("er målet nået"),
    "what_follows": N_("hvad der sker nu"),
    "min_plan_on": N_("står i Min Plan siden"),
    "contacts": N_("kontakter i perioden"),
    "contacts_confirmed": N_("heraf bekræftet"),
    "contacts_denied": N_("kontakter, borgeren ikke kender"),
    "dated": N_("brevets dato"),
    "delivered_on": N_("kommet frem den"),
    "delivery_proof": N_("bevis for, at det kom frem"),
    "invoiced_minutes": N_("fakturerede minutter for hver kontakt"),
    "registered_minutes": N_("registrerede minutter på de samme kontakter"),
    "untraced_minutes": N_("fakturerede minutter uden en kontakt"),
    "cost_kinds": N_("udgiften dækker"),
    "account": N_("konto"),
    "refusion": N_("refusion"),
}

# Fields whose value is a key in packs/choices.toml or packs/tasks.toml
CHOICES = {
    "refusal_ground": "refusal_ground",
    "purpose_kind": "purpose_kind",
    "minutes_per": "minutes_per",
    "counted_per": "counted_per",
    "tasks": "help_kind",
    "tasks_without_qualification": "help_kind",
    "accepted_by": "party",
    "mentor_kind": "mentor_kind",
    "decision": "follow_up_decision",
    "goal_result": "goal_result",
    "cost_kinds": "cost_kind",
    "refusion": "refusion",
}


def field_label(field: str) -> str:
    """ "grant.end" → "Bevillingen: sidste dag"."""
    part, _, name = field.partition(".")
    return f"{PARTS[part]}: {FIELDS[name]}"
