import pytest
from tests.pages.visit import Page
from uuid import uuid4
from snerydder.casework.contacts.models import Contact

pytestmark = pytest.mark.django_db


def posted(case, **more):
    return {"entry": str(uuid4()), "cases": [str(case.pk)], "form": "met", "minutes": "45", "help": ["conversation"]} | more


def test_it_shows(carl, case):
    answer = carl.get("/kontakt/ny/")
    page = Page(answer)
    assert "Amina Y." in page.words


def test_it_saves(carl, case):
    answer = carl.post("/kontakt/ny/", posted(case))
    assert answer.status_code == 302, Page(answer).words
    page = Page(carl.get(answer["Location"]))
    print(page.words)
    assert Contact.objects.get().minutes == 45
    assert "Gemt" in page.words
