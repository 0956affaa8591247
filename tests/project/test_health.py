import pytest
from django.db import connection
from django.test import Client

from tests import ground


@pytest.mark.django_db
def test_it_says_ok_when_the_database_answers(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_it_says_503_when_the_database_is_away(client: Client, own_database: str) -> None:
    with ground.connected_to("snerydder_not_there"):
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_tests_work_as_the_role_that_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, (SELECT count(*) FROM pg_tables WHERE tableowner = current_user)")
        assert cursor.fetchone() == ("snerydder_app", 0)
