"""Read by Python before anything else in the server of the browser tests: its ids, secrets and lots fall alike each time."""

from tests import chance

chance.stream.begin("served")
chance.steady(also_children=True)
