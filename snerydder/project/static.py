"""The design system's files: only those a page asks for, of the 30 MB in the package."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PREFIX = "dkfds/"
_NAMED = ("css/dkfds.min.css", "js/dkfds.min.js", "img/all-svg-icons.svg", "css/dkfds.min.css.map", "js/dkfds.min.js.map")


@cache
def wanted() -> tuple[str, ...]:
    """The stylesheet, the script, the icons, and each file the stylesheet names."""
    folder = Path(settings.DKFDS_ROOT) / "dist"
    css = (folder / "css" / "dkfds.min.css").read_text(encoding="utf-8")
    named = {found.split("?")[0].split("#")[0] for found in re.findall(r"url\(\"?\.\./([^)\"]+)\"?\)", css)}
    return (*_NAMED, *sorted(named.difference(_NAMED)))


class DesignSystem(BaseFinder):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=Path(settings.DKFDS_ROOT) / "dist")
        self.storage.prefix = PREFIX.rstrip("/")  # type: ignore[attr-defined]  # collectstatic reads it

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        inside = path.removeprefix(PREFIX)
        if path == inside or inside not in wanted():
            return []
        found = self.storage.path(inside)
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in wanted():
            yield path, self.storage
