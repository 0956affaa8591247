"""The invented trial, made and run once for all tests of the study."""

from types import SimpleNamespace

import pytest

from snerydder.study import analysis, data, demo, gate, protocol, provenance, writing
from snerydder.study.progress import Silent
from tests.quick import few_draws, pictures_once  # noqa: F401


@pytest.fixture(scope="session")
def trial(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    file = demo.write(folder)
    read = protocol.read(file)
    loaded = data.load(read)
    found = analysis.run(loaded, Silent())
    published = gate.apply(found, loaded)
    report = writing.write(folder / "out", read, published, provenance.trace(read, loaded.reading))
    return SimpleNamespace(folder=folder, file=file, protocol=read, data=loaded, found=found, published=published, report=report, html=report.read_text(encoding="utf-8"))
