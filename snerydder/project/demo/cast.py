"""The people of the tests, the demo town, the manual and its screenshots: one cast, known everywhere.

Fjordby: Amina (borger), Bente (sagsbehandler), Carl (mentor), Dorthe (koordinator), Erik (revisor), Freja (evaluator),
Gitte (økonomi), Henrik (leder). Bakkeby has strangers. CPR numbers belong to the 1800s: nobody living has them.
"""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from snerydder.access import actions as access
from snerydder.access.models import Account, Staff, Unit
from snerydder.casework.grants import actions as grants
from snerydder.casework.people import actions as people
from snerydder.casework.people.models import Citizen, Mentor

FJORDBY, BAKKEBY, LYNGO = 901, 902, 903
AMINA_CPR = "050389-5011"  # 5 March 1889
PASSWORD = "sne-og-salt-2026"  # noqa: S105  printed beside the demo's users; nobody real signs in with it
PRICES = (("municipal", 310), ("company", 200), ("consultant", 450), ("senior", 0), ("volunteer", 0))


@dataclass
class Cast:
    henrik: Staff
    bente: Staff
    carl: Staff
    dorthe: Staff
    erik: Staff
    freja: Staff
    gitte: Staff
    unit: Unit
    mentor: Mentor
    amina: Citizen

    @property
    def municipality(self) -> int:
        return self.henrik.municipality_id


def fjordby(number: int = FJORDBY, name: str = "Fjordby", suffix: str = "") -> Cast:
    """The whole cast in one municipality. Runs inside a transaction; leaves that municipality's context set."""
    henrik = access.found_municipality(
        number, f"{name} Kommune", leader="Henrik Holm", username=f"henrik{suffix}", invented=True,
        logo_text=name, address="Rådhustorvet 1, 0000 Fjordby", phone="00 00 00 00", email="kommunen@example.org",
    )
    unit = access.add_unit("Ungeteamet", by=henrik)

    def hire(who: str, role: str) -> Staff:
        first = who.split()[0].lower()
        return access.appoint(who, [role], by=henrik, unit=unit, email=f"{first}@example.org", phone="00 00 00 01", username=f"{first}{suffix}")

    bente, carl, dorthe = hire("Bente Bak", "caseworker"), hire("Carl Clausen", "mentor"), hire("Dorthe Dam", "coordinator")
    erik, freja, gitte = hire("Erik Eng", "auditor"), hire("Freja Friis", "evaluator"), hire("Gitte Gram", "payer")
    accounts = [staff.account for staff in (henrik, bente, carl, dorthe, erik, freja, gitte) if staff.account]
    secret = make_password(PASSWORD)  # one costly hash for all seven
    for account in accounts:
        account.password = secret
    Account.objects.bulk_update(accounts, ["password"])
    set_prices(henrik)
    mentor = people.register_mentor(carl, by=dorthe, kind="municipal", hours_per_week=37, languages=["dansk", "arabisk"], areas=["Havnen"])
    people.add_qualification(
        mentor, by=dorthe, title="Socialrådgiver", issued_on=date(2014, 6, 20),
        tasks=["conversation", "letters", "doctor", "mediate", "wake", "fetch"],
    )
    amina = people.register_citizen(
        by=bente, cpr=AMINA_CPR, first_name="Amina", last_name="Yusuf", birth_year=2001, unit=unit, phone="00 00 00 02", area="Havnen",
        languages=["dansk", "arabisk"], target_group="6.5", address="Kajen 4, 0000 Fjordby",
    )
    return Cast(henrik, bente, carl, dorthe, erik, freja, gitte, unit, mentor, amina)


def set_prices(by: Staff) -> None:
    for kind, price in PRICES:
        grants.set_price(kind, price, date(2014, 1, 1), by=by)
