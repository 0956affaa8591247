import pytest

from tests.cast import fjordby


@pytest.fixture
def cast(db):
    return fjordby()
