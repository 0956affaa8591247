"""A table on a phone is cards: what has no words of its own says nothing there."""

from django.template import engines

COLUMNS = [{"key": "name", "text": "Navn"}, {"key": "hours", "text": "Timer", "align": "right"}, {"key": "verbs", "text": "Handling", "hidden": True}]


def drawn(**row):
    words = "{{ ui.table(columns, rows, caption='Mentorer') }}"
    html = engines["jinja2"].from_string(words).render({"columns": COLUMNS, "rows": [{"name": "Carl", "hours": 0, "verbs": "Ret"} | row]})
    return [cell.split(">")[0] for cell in html.split("<td")[1:]]


def test_a_hidden_heading_does_not_stand_before_its_cell():
    name, hours, verbs = drawn()
    assert "sn-untitled" in verbs and "sn-untitled" not in name + hours and "align-text-right" in hours


def test_an_empty_cell_is_marked_and_nought_is_not_empty():
    name, hours, verbs = drawn(name="", hours=None, verbs=" ")
    assert all("sn-blank" in cell for cell in (name, hours, verbs))
    assert "sn-blank" not in "".join(drawn())
