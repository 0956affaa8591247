"""How long a sign-in lasts: half an hour without a press, and never longer than a working day.

The session carries when it began and when it was last used, in seconds. It is written at most once a minute, so that a
page does not cost a write. What was typed when it ends is kept (`ui.kept`).

It also carries when the person last proved who it is, by signing in or by the password alone. What is hidden (a CPR number, a
protected address) is shown only soon after that: whoever finds an open screen does not get it.
"""

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

KEY, PROVED = "times", "proved"
STEP = 60


def begin(session: SessionBase) -> None:
    now = int(time.time())
    session[KEY] = [now, now]
    prove(session)


def prove(session: SessionBase) -> None:
    session[PROVED] = int(time.time())


def is_proved(session: SessionBase) -> bool:
    return bool(time.time() - session.get(PROVED, 0) < settings.STEP_UP_SECONDS)


def is_over(session: SessionBase) -> bool:
    now = time.time()
    began, used = session.get(KEY, (now, now))
    return now - used >= settings.SESSION_IDLE_SECONDS or now - began >= settings.SESSION_COOKIE_AGE


def keep(session: SessionBase) -> None:
    if KEY not in session:
        begin(session)
    began, used = session[KEY]
    now = int(time.time())
    if now - used >= STEP:
        session[KEY] = [began, now]
