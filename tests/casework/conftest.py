import pytest
import time_machine


@pytest.fixture(autouse=True)
def late_in_2026(late_in_2026: time_machine.Traveller) -> time_machine.Traveller:
    return late_in_2026
