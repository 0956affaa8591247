"""What a verb says when it is done, on the next page, and for a short while how to undo it."""

from django.contrib import messages

from snerydder.audit.action import Refusal

UNDO = "undo="


def done(request, text, undo=""):
    """Green: it is done. `undo` is the address of the verb that takes it back; it is offered for ten seconds."""
    messages.success(request, text, extra_tags=UNDO + undo if undo else "")


def told(request, text):
    """Blue: something happened that the person did not ask for."""
    messages.info(request, text)


def refused(request, refusal):
    """Red: it could not be done, and why."""
    messages.error(request, str(refusal))


def one_button(request, verb, said, undo=""):
    """A verb in one button, which has no form: done and said, or not done and said why. True when it was done."""
    try:
        verb()
    except Refusal as refusal:
        refused(request, refusal)
        return False
    done(request, said, undo=undo)
    return True


def warned(request, text):
    """Yellow: it is done, and there is something to look at."""
    messages.warning(request, text)


def waiting(request):
    """[{kind, text, undo}], once."""
    for each in messages.get_messages(request):
        kind = each.level_tag if each.level_tag in ("success", "warning", "error") else "info"
        tags = each.extra_tags or ""
        yield {"kind": kind, "text": each.message, "undo": tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""}
