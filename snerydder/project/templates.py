"""Jinja2 for every page, with the pages of a noun in its own `templates` folder."""

from django.template.backends.jinja2 import Jinja2


class Pages(Jinja2):
    app_dirname = "templates"
