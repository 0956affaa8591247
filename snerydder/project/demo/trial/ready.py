"""What a helper process does first. By itself, since everything else here needs it to have been done."""

import django


def get_ready() -> None:
    django.setup()
