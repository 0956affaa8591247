"""The Danish words inside the dkfds macros, so that the catalogue can give them in another language.

The macros know no language but Danish. Marked here, the words are found by the extractor; `dkfds` puts a
look-up where they stand. A test compares this list with the macros, so that a new version cannot add one.
"""


def N_(text):
    return text


# In expressions: default('Luk'), "ariaLabel": "Fejl"
QUOTED = {
    N_("(åbner i nyt vindue)"),
    N_("Advarsel"),
    N_("Brødkrumme"),
    N_("Dag"),
    N_("Fejl"),
    N_("Fejl i trin"),
    N_("Forrige"),
    N_("Gå til sidens indhold"),
    N_("Hovedmenu"),
    N_("Hvad betyder"),
    N_("Indhold på siden"),
    N_("Information"),
    N_("Log af"),
    N_("Luk"),
    N_("Luk menu"),
    N_("Læs mere"),
    N_("Menu"),
    N_("Måned"),
    N_("Næste"),
    N_("Paginering"),
    N_("Side"),
    N_("Sidste side, side"),
    N_("Skift side i tabellen"),
    N_("Succes"),
    N_("Tilbage"),
    N_("Til toppen"),
    N_("Til toppen af siden"),
    N_("Trin"),
    N_("Vis rækker per side:"),
    N_("Vælg sprog"),
    N_("gennemført"),
    N_("År"),
}

# Between tags, or as an aria-label
PRINTED = {
    N_("(*skal udfyldes)"),
    N_("(frivilligt)"),
    N_("(overblik)"),
    N_("Advarsel"),
    N_("Bruger"),
    N_("Dansk"),
    N_("Du har"),
    N_("Du kan indtaste op til"),
    N_("Fejl"),
    N_("Fejl:"),
    N_("Forrige side"),
    N_("Første side"),
    N_("Hovedmenu"),
    N_("Information"),
    N_("Ingen rækker valgt"),
    N_("Klik for at sortere efter denne kolonne"),
    N_("Klik for at sortere faldende"),
    N_("Klik for at sortere stigende"),
    N_("Luk"),
    N_("Menu"),
    N_("Myndighed"),
    N_("Næste side"),
    N_("Prikker som indikerer skjulte sider"),
    N_("Redigér"),
    N_("Side"),
    N_("Sidste side"),
    N_("Succes"),
    N_("Søg"),
    N_("Søg efter indhold"),
    N_("Trin"),
    N_("Viser"),
    N_("Vælg alle rækker"),
    N_("Vælg række"),
    N_("Vælg sprog"),
    N_("af"),
    N_("rækker"),
    N_("tegn"),
    N_("tegn tilbage"),
    N_("Åbn alle"),
}
