"""The text messages, over a real small HTTP server: what leaves, what is tried again, what is said when it does not go."""

import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils import timezone

from snerydder.access.tenancy import set_context
from snerydder.audit.action import Refusal
from snerydder.audit.models import Event, Outbox
from snerydder.casework.payments import actions as payments
from snerydder.casework.payments import codes
from snerydder.casework.people.models import Citizen
from snerydder.casework.surveys import actions as surveys
from snerydder.exchange.sms import actions, gateway, queries, sending, words
from tests import build
from tests.cast import Cast, fjordby
from tests.pages.visit import Page, visitor

MEETING = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel("2026-12-01T10:00:00+01:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast(db: None) -> Cast:
    return fjordby()


class Service:
    """A text-message service on this machine: what it was sent, and what it answers next (200 when nothing is said)."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, Any], dict[str, str]]] = []
        self.answers: list[int] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                service.got.append((body, dict(self.headers)))
                self.send_response(service.answers.pop(0) if service.answers else 200)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def do_GET(self) -> None:
                raise AssertionError("a redirect was followed")

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/sms"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def service(settings) -> Iterator[Service]:
    running = Service()
    settings.SMS_GATEWAY, settings.SMS_TOKEN, settings.SITE_ADDRESS = running.address, "hemmelig", "https://snerydder.example"
    yield running
    running.stop()


@pytest.fixture
def asked(cast) -> Any:
    Citizen.objects.filter(pk=cast.amina.pk).update(phone="20 30 40 50")
    contact = build.contact(cast, build.active(cast), MEETING)
    return payments.ask(contact, by=cast.bente)


def send(cast: Cast) -> tuple[int, int]:
    found = sending.run()
    set_context(cast.municipality)
    return found


def row_of(asked: Any) -> Outbox:
    return Outbox.objects.get(object_id=asked.pk)


def test_the_question_reaches_the_telephone_once(cast, asked, service):
    assert send(cast) == (1, 0) and send(cast) == (0, 0)
    [(body, headers)] = service.got
    assert body["to"] == "+4520304050" and body["id"] == str(row_of(asked).pk) == headers["Idempotency-Key"]
    assert headers["Authorization"] == "Bearer hemmelig"
    assert f"https://snerydder.example/svar/{codes.code_of(asked)}/" in body["text"] and "15. december 2026" in body["text"]
    row = row_of(asked)
    assert (row.state, row.tries, row.last_error) == ("sent", 1, "") and row.sent_at == timezone.now()
    assert Event.objects.get(verb="sms.sent").staff_name == "Snerydder"


def test_the_message_says_nothing_of_whom_or_what(cast, asked, service):
    send(cast)
    text = service.got[0][0]["text"].lower()
    for word in ("mentor", "støtte", "amina", "yusuf", "carl", "clausen", "bevilling", "job", "borger", "kontakt"):
        assert word not in text.replace("snerydder.example", ""), word
    assert len(service.got[0][0]["text"]) <= 160, "one message, not two"


def test_what_does_not_go_is_tried_again_with_the_same_id(cast, asked, service, clock):
    service.answers = [503]
    assert send(cast) == (0, 1)
    row = row_of(asked)
    assert (row.state, row.last_error) == ("waiting", "Sms-tjenesten svarede 503.")
    assert send(cast) == (0, 0), "not before its time"
    clock.shift(timedelta(minutes=2))
    assert send(cast) == (1, 0) and row_of(asked).state == "sent"
    assert len({body["id"] for body, _headers in service.got}) == 1


def test_after_six_tries_it_has_failed_and_says_so(cast, asked, service, clock):
    service.answers = [500] * 20
    tries = 0
    while row_of(asked).state == "waiting" and tries < 20:
        tries += 1
        send(cast)
        clock.shift(timedelta(hours=13))
    assert tries == 6 and len(service.got) == 6 and row_of(asked).state == "failed"
    assert Event.objects.filter(verb="sms.failed").count() == 1


@pytest.mark.parametrize("code", [400, 401, 302])
def test_what_the_service_refuses_is_not_tried_again(cast, asked, service, clock, code):
    service.answers = [code]
    send(cast)
    clock.shift(timedelta(days=1))
    assert send(cast) == (0, 0) and len(service.got) == 1
    assert (row_of(asked).state, row_of(asked).last_error) == ("failed", f"Sms-tjenesten svarede {code}.")


def test_a_service_that_is_gone_is_waited_for(cast, asked, service):
    service.stop()
    assert send(cast) == (0, 1)
    assert (row_of(asked).state, row_of(asked).last_error) == ("waiting", "Der kom ingen forbindelse til sms-tjenesten.")


def test_without_a_number_it_says_so_and_there_is_a_letter(cast, asked, service):
    Citizen.objects.update(phone="ring til mor")
    assert send(cast) == (0, 1) and service.got == []
    assert (row_of(asked).state, row_of(asked).last_error) == ("failed", "Borgeren har ikke et mobilnummer, en sms kan sendes til.")
    assert words.letter(queries.asked_of(cast.dorthe, asked.pk)).startswith(b"%PDF")


def test_what_nobody_can_answer_any_more_is_not_sent(cast, asked, service):
    payments.answer(asked, "yes")
    send(cast)
    assert service.got == [] and row_of(asked).state == "cancelled"


def test_another_municipality_s_messages_go_too_and_are_its_own(cast, asked, service):
    away = fjordby(902, "Bakkeby", "_b")
    Citizen.objects.filter(pk=away.amina.pk).update(phone="60 70 80 90")
    theirs = payments.ask(build.contact(away, build.active(away), MEETING), by=away.bente)
    assert send(cast) == (2, 0)
    assert [body["to"] for body, _headers in service.got] == ["+4520304050", "+4560708090"]
    assert "Bakkeby Kommune" in service.got[1][0]["text"] and "/svar/902-" in service.got[1][0]["text"]
    assert row_of(asked).state == "sent" and not Outbox.objects.filter(object_id=theirs.pk).exists(), "not seen from here"


def test_with_no_service_set_it_waits(cast, asked, settings):
    settings.SMS_GATEWAY = ""
    assert send(cast) == (0, 0) and row_of(asked).state == "waiting"


def test_a_program_and_a_file_do_as_well(cast, asked, settings, tmp_path):
    settings.SITE_ADDRESS = "https://snerydder.example"
    kept, program = tmp_path / "sendt.txt", tmp_path / "send.sh"
    program.write_text(f'#!/bin/sh\necho "$1 $2" >> {kept}\ncat >> {kept}\n')
    settings.SMS_GATEWAY = f"program:{program}"
    assert send(cast) == (0, 1) and "kunne ikke køre" in row_of(asked).last_error, "it may not be run"
    program.chmod(0o700)
    actions.again(row_of(asked), asked, by=cast.dorthe)
    assert send(cast) == (1, 0)
    assert kept.read_text().startswith(f"+4520304050 {row_of(asked).pk}\n") and codes.code_of(asked) in kept.read_text()
    gateway.to_file(str(tmp_path / "sms.txt"), "1", "+4520304050", "hej")
    assert (tmp_path / "sms.txt").read_text() == "+4520304050\t1\thej\n" and (tmp_path / "sms.txt").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("where", ["http://sms.example/send", "mail:nogen"])
def test_a_number_never_goes_open_over_the_net(settings, where):
    settings.SMS_GATEWAY = where
    with pytest.raises(ImproperlyConfigured):
        gateway.gateway()


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("20304050", "+4520304050"), ("20 30 40 50", "+4520304050"), ("+45 20 30 40 50", "+4520304050"), ("0045 20304050", "+4520304050"),
        ("(20) 30-40-50", "+4520304050"), ("+46 70 123 45 67", "+46701234567"), ("00 12 34 56", "+4500123456"),
        ("", ""), ("2030405", ""), ("203040501", ""), ("+45 2030", ""), ("ring til mor", ""), ("20304050 (mor)", ""),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(written, number):
    assert words.number_of(written) == number


# --- By hand -------------------------------------------------------------------------------------
def test_somebody_sends_again_or_lets_it_be(cast, asked, service):
    service.answers = [400, 200]
    send(cast)
    actions.again(row_of(asked), asked, by=cast.dorthe)
    assert send(cast) == (1, 0)
    with pytest.raises(Refusal, match="sendt"):
        actions.give_up(row_of(asked), asked, by=cast.dorthe)
    assert set(Event.objects.filter(verb__startswith="sms.").values_list("verb", flat=True)) == {"sms.failed", "sms.again", "sms.sent"}


def test_an_old_code_is_not_sent_again(cast, asked, service, clock):
    service.answers = [400]
    send(cast)
    clock.shift(timedelta(days=60))
    with pytest.raises(Refusal, match="virker ikke mere"):
        actions.again(row_of(asked), asked, by=cast.dorthe)


def test_the_coordinator_sees_what_waits_and_mends_it(client, cast, asked, service):
    service.answers = [400]
    send(cast)
    dorthe = visitor(client, cast.dorthe)
    page = Page(dorthe.get("/beskeder/"))
    assert "Amina Yusuf" in page.words and "Ikke sendt Sms-tjenesten svarede 400." in page.words
    row = row_of(asked)
    assert dorthe.get(f"/spoergsmaal/{asked.pk}/brev.pdf").content.startswith(b"%PDF")
    after = Page(dorthe.post(f"/beskeder/{row.pk}/igen/", follow=True))
    assert "Beskeden bliver sendt igen om lidt." in after.words and "Venter" in after.words
    assert send(cast) == (1, 0)
    assert "Sendt 01-12-2026 kl. 10.00" in Page(dorthe.get("/beskeder/")).words


def test_a_questionnaire_that_did_not_go_is_there_too(client, cast, service, clock):
    """With the case it is about, and it can go again."""
    Citizen.objects.filter(pk=cast.amina.pk).update(phone="20 30 40 50")
    case = build.active(cast)
    day = case.started_on + timedelta(weeks=13)
    clock.move_to(f"{day}T10:00:00+01:00")
    survey = surveys.ask(case, by=cast.dorthe)
    service.answers = [400]
    assert send(cast) == (0, 1)
    dorthe = visitor(client, cast.dorthe)
    answer = dorthe.get("/beskeder/")
    page, row = Page(answer), row_of(survey)
    assert "Spørgeskema, runde 1" in page.words and "Sms-tjenesten svarede 400." in page.words and f"/sager/{case.pk}/" in page.addresses()
    assert f"/spoergsmaal/{survey.pk}/brev.pdf" not in answer.content.decode()
    assert "Beskeden bliver sendt igen om lidt." in Page(dorthe.post(f"/beskeder/{row.pk}/igen/", follow=True)).words
    assert send(cast) == (1, 0) and row_of(survey).state == "sent"
    actions.failed(row_of(survey), case, "x", by=actions.TheProgram(cast.municipality))
    clock.move_to(f"{day + timedelta(days=15)}T10:00:00+01:00")
    with pytest.raises(Refusal, match="i næste runde"):
        actions.again(row_of(survey), survey, by=cast.dorthe)


def test_it_is_for_those_who_ask(client, cast, asked):
    assert visitor(client, cast.carl).get("/beskeder/").status_code == 403
    assert "Ingen beskeder venter." not in Page(visitor(client, cast.bente).get("/beskeder/")).words


def test_the_command_says_how_many(cast, asked, service, capsys):
    call_command("send")
    assert capsys.readouterr().out == "Sendt: 1. Ikke sendt: 0.\n"
