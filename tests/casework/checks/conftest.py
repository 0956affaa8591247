import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from snerydder.casework.cases.models import Case
from snerydder.ui import catalogue
from tests import build
from tests.cast import Cast


@pytest.fixture(scope="module")
def built(standing: Callable[..., Any]) -> tuple[Cast, Case]:
    return standing(build.cast_and_case)


@pytest.fixture
def cast(own: tuple[Cast, Case]) -> Cast:
    return own[0]


@pytest.fixture
def case(own: tuple[Cast, Case]) -> Case:
    return own[1]


@pytest.fixture
def english(tmp_path: Path, settings: Any) -> Iterator[None]:
    """The English catalogue as it stands in the source, whether or not somebody has compiled it here."""
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(catalogue.LOCALE / "en" / "LC_MESSAGES" / "django.po", folder)
    catalogue.compile_all(tmp_path)
    settings.LOCALE_PATHS = [tmp_path]
    forget = trans_real._translations.pop
    forget("en", None)
    with translation.override("en"):
        yield
    forget("en", None)
