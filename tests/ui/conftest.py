import pytest

from tests.ui.site import Site

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}


@pytest.fixture
def site():
    """Templates served to a browser without a town behind them. One for each test: what a page sends when it is closed is nobody else's."""
    served = Site()
    yield served
    served.close()


@pytest.fixture(params=SIZES)
def visitor(browser, site, request):
    """A page at each width. The test fails if a script fails or the policy had to stop something."""
    context = browser.new_context(base_url=site.address, locale="da-DK", viewport=SIZES[request.param])
    page = context.new_page()
    page.size = request.param
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert not faults, faults
