"""The demo is built in a minute, but its story took a year: what was done in March was also written down in March.

The verbs write their events with the database's own clock, which nobody can lie to. So the clock is set back afterwards, by
the owner of the demo's database and there alone, past the triggers that keep the trail as it was written.
"""

import psycopg

SET_BACK = """
SET LOCAL session_replication_role = replica;
UPDATE audit_event e SET at = c.written_at FROM contacts_contact c WHERE e.verb = 'contacts.log' AND e.object_id = c.id;
UPDATE audit_event SET at = ("on" + time '08:10' + (id % 400) * interval '1 minute') AT TIME ZONE 'Europe/Copenhagen'
WHERE "on" < current_date AND verb <> 'contacts.log';
UPDATE payments_timesheet SET approved_at = (month + interval '1 month 1 day 9 hours') AT TIME ZONE 'Europe/Copenhagen' WHERE month < date_trunc('month', current_date);
UPDATE payments_confirmation SET at = LEAST((day + interval '2 days 10 hours') AT TIME ZONE 'Europe/Copenhagen', now());
UPDATE cases_storedverdict SET judged_at = (judged_on + time '12:00') AT TIME ZONE 'Europe/Copenhagen' WHERE judged_on < current_date;
"""


def set_back(owner: psycopg.Connection) -> None:
    """Without the right to it the demo is the same, but everything in it seems to have been written today."""
    try:
        with owner.transaction():
            owner.execute(SET_BACK)
    except psycopg.errors.InsufficientPrivilege:
        return
