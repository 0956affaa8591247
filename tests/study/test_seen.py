"""The report in a real browser: on a phone, on a desk and on paper."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture(params=[390, 1280])
def page(request, browser, trial):
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    opened = context.new_page()
    opened.goto(trial.report.as_uri())
    yield opened
    context.close()


def test_nothing_is_wider_than_the_page(page):
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_one_drawing_of_each_figure_is_shown(page):
    shown = page.evaluate("[...document.querySelectorAll('figure')].map(f => [...f.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width > 0).length)")
    assert len(shown) >= 9 and set(shown) == {1}


def test_the_words_in_the_figures_can_be_read(page):
    """No text smaller than 11 pixels on the screen."""
    sizes = page.evaluate(
        "[...document.querySelectorAll('svg text')].filter(t => t.getBoundingClientRect().width).map(t => {"
        " const s = t.ownerSVGElement; return parseFloat(t.getAttribute('font-size')) * s.getBoundingClientRect().width / s.viewBox.baseVal.width })"
    )
    assert len(sizes) > 100 and min(sizes) >= 11


def test_nothing_drawn_falls_outside_its_figure(page):
    outside = page.evaluate(
        "[...document.querySelectorAll('svg text')].filter(t => t.getBoundingClientRect().width).filter(t => {"
        " const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect(); return a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1 || a.bottom > b.bottom + 1"
        " }).map(t => t.textContent)"
    )
    assert outside == []


def test_no_violation_of_the_accessibility_rules(page, repository):
    page.evaluate((repository / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_without_a_lottery_is_as_easy_to_read(browser, trial, tmp_path, repository, width):
    from snerydder.study import command

    (tmp_path / "data").symlink_to(trial.folder / "data")
    text = trial.file.read_text(encoding="utf-8")
    for old, new in (("alpha = 0.10", 'design = "no-lottery"\nalpha = 0.05'), ('strata = ["kommune"]', "strata = []"), ('share = "andel_til_deltager"', "")):
        text = text.replace(old, new, 1)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    assert command.main(["run", str(tmp_path / "study.toml"), "--out", str(tmp_path / "out")]) == 0
    context = browser.new_context(viewport={"width": width, "height": 900})
    opened = context.new_page()
    opened.goto((tmp_path / "out" / "report.html").as_uri())
    assert opened.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    opened.evaluate((repository / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    assert [(one["id"], one["nodes"][0]["html"]) for one in opened.evaluate("axe.run()")["violations"]] == []
    context.close()
