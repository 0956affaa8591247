"""Wrong passwords cost time. Counted in the database, so that it is the same count whichever process is asked.

By name and address together, so that a stranger cannot shut a person out; by name alone only at a much higher count.
What is counted is a keyed digest: the table (migration 0003) tells nobody who tried or from where.
"""

from django.db import connection
from django.utils.crypto import salted_hmac

MINUTES = 5
BY_NAME_AND_ADDRESS, BY_NAME = 5, 100
COUNT = """
INSERT INTO access_wrong_sign_in AS w (key, tries, until) VALUES (%s, 1, now() + %s * interval '1 minute')
ON CONFLICT (key) DO UPDATE SET
  tries = CASE WHEN w.until < now() THEN 1 ELSE w.tries + 1 END, until = CASE WHEN w.until < now() THEN excluded.until ELSE w.until END
"""


def _keys(username: str, address: str) -> tuple[str, str]:
    return tuple(salted_hmac("snerydder.sign-in", words, algorithm="sha256").hexdigest() for words in (f"{username}\0{address}", username))  # type: ignore[return-value]


def too_many(username: str, address: str) -> bool:
    both, name = _keys(username, address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, tries FROM access_wrong_sign_in WHERE key IN (%s, %s) AND until >= now()", [both, name])
        tries = dict(cursor.fetchall())
    return tries.get(both, 0) >= BY_NAME_AND_ADDRESS or tries.get(name, 0) >= BY_NAME


def failed(username: str, address: str) -> None:
    with connection.cursor() as cursor:
        for key in sorted(_keys(username, address)):  # in one order, so that two at once do not wait for each other
            cursor.execute(COUNT, [key, MINUTES])


def succeeded(username: str, address: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_wrong_sign_in WHERE key = %s", [_keys(username, address)[0]])


def forget() -> None:
    """What no longer counts. Once a day (`project.schedule`)."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_wrong_sign_in WHERE until < now()")
