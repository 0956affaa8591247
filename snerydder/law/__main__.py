"""`python -m snerydder.law docs`: writes docs/law anew."""

import sys
from pathlib import Path

from .pages import pages

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "law"
STORIES = ROOT / "tests" / "law" / "stories"


def write(folder: Path) -> int:
    """Write every page and remove those that no rule stands behind any more."""
    written = pages(STORIES)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        if old.name not in written:
            old.unlink()
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(written)


def main(arguments: list[str]) -> int:
    if arguments != ["docs"]:
        print("Brug: python -m snerydder.law docs")
        return 2
    print(f"{write(DOCS)} sider skrevet i {DOCS.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
