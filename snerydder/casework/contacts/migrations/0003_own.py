"""The usual contact in one question: a running case of one's own, and an entry that is not there yet.

A function, because its plans are kept by the connection: planning the statement anew each time costs as much as writing the row.
It writes nothing when anything is unusual, and then the verb asks and answers the long way.
"""

import django.db.models.deletion
from django.db import migrations

import snerydder.access.scope

SQL = """
DROP FUNCTION snerydder_own_cases(uuid[], uuid[], uuid);
CREATE FUNCTION snerydder_log_own(
  new_id uuid, on_case uuid, sent uuid, writer uuid, mentors uuid[], at_time timestamptz, on_day date, in_week int, how varchar, long int,
  helped varchar[], said text, written timestamptz
) RETURNS uuid LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE found uuid;
BEGIN
  INSERT INTO contacts_contact (id, municipality_id, case_id, mentor_id, entry, made_by_id, at, day, week, form, minutes, counted_minutes, together,
                                help, note, written_at, corrections, withdrawn)
  SELECT new_id, c.municipality_id, c.id, c.mentor_id, sent, writer, at_time, on_day, in_week, how, long, long, 1, helped, said, written, 0, false
  FROM cases_case c JOIN people_mentor m ON m.id = c.mentor_id
  WHERE c.id = on_case AND m.staff_id = ANY(mentors) AND c.started_on IS NOT NULL AND on_day BETWEEN c.opened_on AND coalesce(c.closed_on, 'infinity')
    AND NOT EXISTS (SELECT FROM contacts_contact t WHERE t.entry = sent)
  ON CONFLICT DO NOTHING RETURNING id INTO found;  -- sent twice at once: the other one is there
  RETURN found;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_summary"), ("cases", "0001_initial")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        migrations.AlterField(  # the unique key of case and week begins with the case
            "caseweek", "case", snerydder.access.scope.TenantKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="weeks", to="cases.case", verbose_name="sag"),
        ),
    ]
