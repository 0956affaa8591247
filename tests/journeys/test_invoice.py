"""A payer on the screen: an invoice with seven planted faults comes in, and what is paid is what was delivered, by three persons."""

import re
from decimal import Decimal

import psycopg
import pytest
from django.utils import timezone

from snerydder.ui.formats import kr
from tests.browsing import Served
from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser
# every contact that an hours line names by its case and its day, once, at the price agreed
DELIVERED = """
    SELECT sum(greatest(round(e.hourly_price * c.counted_minutes / 60, 2), 1))
    FROM payments_invoice i JOIN payments_engagement e USING (supplier_id) JOIN contacts_contact c ON c.mentor_id = e.mentor_id JOIN cases_case k ON k.id = c.case_id
    WHERE i.number = %s AND i.municipality_id = 901 AND NOT c.withdrawn AND c.form <> 'tried'
    AND EXISTS (SELECT FROM payments_invoiceline l WHERE l.invoice_id = i.id AND l.kind = 'hours' AND l.case_number = k.number AND l.day = c.day)
"""


def test_seven_faults_and_the_right_sum(arrive: Arrive, served: Served) -> None:
    meet_and_pay(arrive, served)


@pytest.mark.slow
def test_seven_faults_in_the_town(arrive_in_town: Arrive, served_town: Served) -> None:
    meet_and_pay(arrive_in_town, served_town)


def meet_and_pay(arrive: Arrive, served: Served) -> None:
    gitte = arrive("Gitte Gram").open("/fakturaer/?tilstand=registered").sees("7 linjer venter")
    number = gitte.page.locator("tbody a").first.inner_text()
    gitte.follow(number).sees("7 linjer stemmer ikke").sees("linjer stemmer med loggen").shot("faktura", tall=1600)
    address = gitte.here
    for reason in (
        "Flere timer end leveret", "Timeprisen er højere end aftalt", "Kontakten er faktureret før", "Der er ingen kontakt i loggen den dag",
        "Sagen findes ikke", "Kørsel og billetter kan ikke betales som mentorstøtte", "Administration og andre omkostninger",
    ):  # fmt: skip
        gitte.sees(reason)
    gitte.follow(re.compile("^Tag stilling")).press("Gem afgørelsen").told("er afgjort")
    gitte.press("Følg forslaget på 6 linjer").sees("Godkend")
    with psycopg.connect(served.owner_url) as owner:
        right = owner.execute(DELIVERED, [number]).fetchone()[0]
    assert isinstance(right, Decimal) and right > 0
    gitte.press(f"Godkend {kr(right, 2)}").told("godkendt")
    gitte.sees("Registrere, godkende og betale skal være tre forskellige personer.")
    henrik = arrive("Henrik Holm").open(address)
    henrik.press(f"Betal {kr(right, 2)}").sees("Betalt")
    henrik.sees(re.compile("Registreret\\s*Dorthe Dam.*Godkendt\\s*Gitte Gram.*Betalt\\s*Henrik Holm", re.DOTALL))
    file = gitte.page.request.get(f"{served.url}/fakturaer/bogfoering.csv?maaned={timezone.localdate():%Y-%m}").text()
    rows = [row.split(";") for row in file.removeprefix("\ufeff").splitlines()]
    assert all(row[4] and row[5] for row in rows), "every row has its account and its reimbursement"
    assert sum(Decimal(row[8].replace(".", "").replace(",", ".")) for row in rows if row[3] == number) == right
