"""The frame around every page for the person signed in."""

from typing import Any

from django.http import HttpRequest

from snerydder.ui.frame import Frame


def context(request: HttpRequest) -> dict[str, Any]:
    staff = getattr(request, "staff", None)
    if staff is None:
        return {"frame": Frame()}
    return {"frame": Frame(municipality=staff.municipality.name, person=staff.name, role=", ".join(str(name) for name in staff.role_names))}
