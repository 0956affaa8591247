"""What must be impossible where real people are."""

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from snerydder.project import databases, inspection, postgres, state, town
from tests import ground


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    return inspection.production(str(tmp_path))


def django(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "django", *words], env=environment, cwd=state.ROOT, capture_output=True, text=True)


def test_the_deployment_check_is_clean(production: dict[str, str]) -> None:
    done = django(production, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SNERYDDER_DEMO", "1", "anybody could sign in as anybody"),
        ("SNERYDDER_TEST", "1", "test is on"),
        ("SNERYDDER_HTTP", "1", "no TLS"),
        ("SNERYDDER_HOSTS", "*", "wildcard"),
        ("SNERYDDER_HOSTS", "", "ALLOWED_HOSTS"),
        ("SNERYDDER_DB_ROLE", "owner", "role that owns nothing"),
    ],
)
def test_each_slip_is_an_error(production: dict[str, str], name: str, value: str, said: str) -> None:
    done = django({**production, name: value, "DATABASE_URL": "postgresql:///none"}, "check", "--deploy")
    assert done.returncode != 0
    assert said in done.stderr


def test_the_server_does_not_start_without_keys(production: dict[str, str], server_url: str) -> None:
    del production["SNERYDDER_SECRET_KEY"], production["APP_DATABASE_URL"]
    command = [sys.executable, "-m", "snerydder", "serve", "--port", "0"]
    done = subprocess.run(command, env={**production, "DATABASE_URL": server_url}, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("SNERYDDER_SECRET_KEY mangler.")
    assert "Traceback" not in done.stderr


def test_the_server_does_not_start_without_a_name(production: dict[str, str], server_url: str) -> None:
    del production["SNERYDDER_HOSTS"], production["APP_DATABASE_URL"]
    command = [sys.executable, "-m", "snerydder", "serve", "--port", "0"]
    done = subprocess.run(command, env={**production, "DATABASE_URL": server_url}, capture_output=True, text=True)
    assert (done.returncode, done.stderr.startswith("SNERYDDER_HOSTS mangler")) == (2, True), done.stderr


def test_the_server_serves_with_cookies_and_headers_of_production(production: dict[str, str], own_database: str) -> None:
    del production["APP_DATABASE_URL"]
    port = ground.port()
    shared = {"SNERYDDER_STATE": str(state.folder()), "SNERYDDER_PROXY": "1", "DATABASE_URL": own_database}
    command = [sys.executable, "-m", "snerydder", "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(command, env={**production, **shared}, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert process.stdout.readline() == f"http://127.0.0.1:{port}\n"
        asked = http.client.HTTPConnection("127.0.0.1", port)
        asked.request("GET", "/", headers={"Host": "snerydder.example"})
        answer = asked.getresponse()
        answer.read()
        assert (answer.status, answer.headers["Location"]) == (301, "https://snerydder.example/")
        asked.request("GET", "/was/", headers={"Host": "snerydder.example", "X-Forwarded-Proto": "https"})
        answer = asked.getresponse()
        answer.read()
        assert "max-age=63072000; includeSubDomains" in answer.headers["Strict-Transport-Security"]
        asked.request("GET", "/healthz", headers={"Host": "stranger.example"})
        assert asked.getresponse().status == 400
    finally:
        process.terminate()
        assert process.wait(timeout=120) == 0


def test_the_server_does_not_start_as_a_mighty_role(production: dict[str, str], own_database: str) -> None:
    mighty = {**production, "APP_DATABASE_URL": own_database, "DATABASE_URL": own_database}
    command = [sys.executable, "-m", "snerydder", "serve", "--port", "0"]
    done = subprocess.run(command, env=mighty, capture_output=True, text=True)
    assert done.returncode == 2
    assert "må ikke vise sider" in done.stderr


def test_a_demo_does_not_start_on_real_data(own_database: str) -> None:
    assert town.known(own_database) is None
    town._refuse_real_data(own_database, None)  # an empty database may become a demo
    with databases.connect(own_database) as owner:
        columns = owner.execute(
            "SELECT string_agg(quote_ident(column_name), ','), string_agg(CASE WHEN data_type LIKE '%char%' OR data_type = 'text' THEN"
            " '''x''' WHEN data_type = 'boolean' THEN 'true' WHEN data_type LIKE '%timestamp%' THEN 'now()' WHEN data_type = 'date'"
            " THEN 'current_date' WHEN data_type = 'jsonb' THEN '''{}''' WHEN data_type = 'ARRAY' THEN '''{}''' ELSE '1' END, ',')"
            " FROM information_schema.columns WHERE table_name = 'access_municipality' AND is_identity = 'NO'"
        ).fetchone()
        assert columns
        owner.execute(f"INSERT INTO access_municipality ({columns[0]}) VALUES ({columns[1]})")
    with pytest.raises(postgres.Unavailable, match="alle være alle"):
        town._refuse_real_data(own_database, None)
    served_as_demo = {**os.environ, "SNERYDDER_DEMO": "1", "DATABASE_URL": own_database}
    command = [sys.executable, "-m", "snerydder", "serve", "--port", "0"]
    done = subprocess.run(command, env=served_as_demo, capture_output=True, text=True)
    assert (done.returncode, "alle være alle" in done.stderr) == (2, True), done.stderr


@pytest.fixture
def half_built(own_database: str) -> Iterator[str]:
    with databases.connect(own_database) as owner:
        owner.execute("CREATE TABLE snerydder_demo (size text, seed text, people jsonb, finished timestamptz)")
        owner.execute("INSERT INTO snerydder_demo VALUES ('town', '1', NULL, NULL)")
    yield own_database


def test_a_town_that_was_interrupted_is_not_shown(half_built: str) -> None:
    with pytest.raises(postgres.Unavailable, match="--reset"):
        town.known(half_built)


def test_every_change_to_a_model_has_its_migration(production: dict[str, str]) -> None:
    done = django({**production, "APP_DATABASE_URL": "postgresql:///none"}, "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
