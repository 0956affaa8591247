"""One trigger keeps the case's summary and week rows in the contact's own transaction, and writes the event of a new contact.

Statement-level with transition tables, so that one contact costs one statement and ten thousand cost not much more.
Correcting or withdrawing is rare and recounts the cases concerned from their rows. A contact on or before the day a
follow-up approved is locked: the trigger, not only the page, refuses to change it. A new contact that comes late is taken
all the same, for work that was done must never be lost; its event shows when it came.

`minutes_granted` and `minutes_used` on the case speak of the same period: the grant running on a day, else the next, else
the last. A period ends without anybody writing anything; the first contact after it moves the row on to the next, and the
daily job (`periods`) does so for those without contact.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION snerydder_period(cases uuid[], on_day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE cases_case c SET grant_start = p.start, period_end = p."end", grant_end = p.last_end, minutes_granted = coalesce(p.minutes, 0)
  FROM (
    SELECT DISTINCT ON (k.id) k.id, g.start, g."end", max(g."end") OVER (PARTITION BY k.id) AS last_end,
      CASE
        WHEN g.minutes_per = 'week' THEN round(g.minutes * (g."end" - g.start + 1) / 7.0)
        WHEN g.decided_end IS NULL THEN g.minutes
        ELSE round(g.minutes::numeric * (g."end" - g.start + 1) / (g.decided_end - g.start + 1))
      END AS minutes
    FROM cases_case k LEFT JOIN grants_grant g ON g.case_id = k.id AND g.state IN ('decided', 'stopped')
    WHERE k.id = ANY(cases)
    ORDER BY k.id, CASE WHEN on_day BETWEEN g.start AND g."end" THEN 0 WHEN g.start > on_day THEN 1 ELSE 2 END, abs(g.start - on_day)
  ) p WHERE c.id = p.id;
END $$;

CREATE FUNCTION snerydder_recount(cases uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM cases_case WHERE id = ANY(cases) ORDER BY id FOR NO KEY UPDATE;  -- a contact that comes meanwhile waits, and is then counted
  DELETE FROM contacts_caseweek WHERE case_id = ANY(cases);
  INSERT INTO contacts_caseweek (id, municipality_id, case_id, week, contacts, attempts, minutes)
  SELECT gen_random_uuid(), municipality_id, case_id, week,
         count(*) FILTER (WHERE form <> 'tried'), count(*) FILTER (WHERE form = 'tried'), coalesce(sum(counted_minutes), 0)
  FROM contacts_contact WHERE case_id = ANY(cases) AND NOT withdrawn GROUP BY municipality_id, case_id, week;
  UPDATE cases_case c SET
    first_contact_on = s.first_on, last_contact_on = s.last_on, last_week = s.last_week,
    weeks_with_contact = coalesce(s.weeks, 0), minutes_used = coalesce(s.used, 0)
  FROM (
    SELECT k.id,
      min(t.day) FILTER (WHERE t.form <> 'tried') AS first_on, max(t.day) FILTER (WHERE t.form <> 'tried') AS last_on,
      max(t.week) FILTER (WHERE t.form <> 'tried') AS last_week, count(DISTINCT t.week) FILTER (WHERE t.form <> 'tried') AS weeks,
      sum(t.counted_minutes) FILTER (WHERE t.day BETWEEN k.grant_start AND k.period_end) AS used
    FROM cases_case k LEFT JOIN contacts_contact t ON t.case_id = k.id AND NOT t.withdrawn
    WHERE k.id = ANY(cases) GROUP BY k.id
  ) s WHERE c.id = s.id;
END $$;

-- The running cases of these members of staff among the ids, and whether the entry is there already: asked before each
-- contact is written, so it is a function whose plan the connection keeps.
CREATE FUNCTION snerydder_own_cases(ids uuid[], mentors uuid[], sent uuid)
RETURNS TABLE (id uuid, municipality_id cases_case.municipality_id%TYPE, number varchar, mentor_id uuid, opened_on date, started_on date, closed_on date, known boolean)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
  SELECT c.id, c.municipality_id, c.number, c.mentor_id, c.opened_on, c.started_on, c.closed_on, EXISTS (SELECT FROM contacts_contact t WHERE t.entry = sent)
  FROM cases_case c JOIN people_mentor m ON m.id = c.mentor_id WHERE c.id = ANY(ids) AND m.staff_id = ANY(mentors);
END $$;

-- One contact, as a person writes them: the same as below for many, in plain statements by key, whose plans are kept.
CREATE FUNCTION snerydder_contact_one(one contacts_contact) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  k cases_case;
  met boolean := one.form <> 'tried';
  in_week int;
BEGIN
  SELECT * INTO k FROM cases_case WHERE id = one.case_id FOR NO KEY UPDATE;
  INSERT INTO contacts_caseweek AS w (id, municipality_id, case_id, week, contacts, attempts, minutes)
  VALUES (gen_random_uuid(), one.municipality_id, one.case_id, one.week, met::int, (NOT met)::int, one.counted_minutes)
  ON CONFLICT (case_id, week) DO UPDATE SET
    contacts = w.contacts + excluded.contacts, attempts = w.attempts + excluded.attempts, minutes = w.minutes + excluded.minutes
  RETURNING w.contacts INTO in_week;
  UPDATE cases_case SET
    first_contact_on = CASE WHEN met THEN least(k.first_contact_on, one.day) ELSE k.first_contact_on END,
    last_contact_on = CASE WHEN met THEN greatest(k.last_contact_on, one.day) ELSE k.last_contact_on END,
    last_week = CASE WHEN met THEN greatest(k.last_week, one.week) ELSE k.last_week END,
    weeks_with_contact = k.weeks_with_contact + (met AND in_week = 1)::int,
    minutes_used = k.minutes_used + CASE WHEN one.day BETWEEN k.grant_start AND k.period_end THEN one.counted_minutes ELSE 0 END
  WHERE id = one.case_id;
  IF one.day > k.period_end AND k.period_end < k.grant_end THEN
    PERFORM snerydder_period(ARRAY[one.case_id], one.day);
    PERFORM snerydder_recount(ARRAY[one.case_id]);
  END IF;
  INSERT INTO audit_event (municipality_id, "on", verb, staff_id, staff_name, behalf_of_id, object_type, object_id, case_id, citizen_id, data)
  VALUES (one.municipality_id, one.day, 'contacts.log', one.made_by_id, (SELECT name FROM access_staff WHERE id = one.made_by_id),
          (SELECT nullif(staff_id, one.made_by_id) FROM people_mentor WHERE id = one.mentor_id), 'contacts.contact', one.id, one.case_id, k.citizen_id,
          jsonb_build_object('form', one.form, 'minutes', one.minutes, 'together', one.together));
  DELETE FROM contacts_contactdraft WHERE municipality_id = one.municipality_id AND staff_id = one.made_by_id AND entry = one.entry;
END $$;

CREATE FUNCTION snerydder_contact_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one contacts_contact;
  moved record;
BEGIN
  SELECT * INTO one FROM fresh WHERE (SELECT count(*) FROM fresh) = 1 AND NOT withdrawn;
  IF FOUND THEN
    PERFORM snerydder_contact_one(one);
    RETURN NULL;
  END IF;
  -- The case before its weeks, and several cases in one order: two entries at once wait for each other and never deadlock.
  PERFORM FROM cases_case WHERE id IN (SELECT case_id FROM fresh) ORDER BY id FOR NO KEY UPDATE;
  WITH added AS (
    SELECT municipality_id, case_id, week, count(*) FILTER (WHERE form <> 'tried') AS contacts, count(*) FILTER (WHERE form = 'tried') AS attempts,
           sum(counted_minutes) AS minutes, min(day) FILTER (WHERE form <> 'tried') AS first_on, max(day) FILTER (WHERE form <> 'tried') AS last_on
    FROM fresh WHERE NOT withdrawn GROUP BY municipality_id, case_id, week
  ), kept AS (
    INSERT INTO contacts_caseweek AS w (id, municipality_id, case_id, week, contacts, attempts, minutes)
    SELECT gen_random_uuid(), municipality_id, case_id, week, contacts, attempts, minutes FROM added
    ON CONFLICT (case_id, week) DO UPDATE SET
      contacts = w.contacts + excluded.contacts, attempts = w.attempts + excluded.attempts, minutes = w.minutes + excluded.minutes
    RETURNING w.case_id, w.week, w.contacts
  )
  UPDATE cases_case c SET
    first_contact_on = least(c.first_contact_on, s.first_on), last_contact_on = greatest(c.last_contact_on, s.last_on),
    last_week = greatest(c.last_week, s.last_week), weeks_with_contact = c.weeks_with_contact + s.new_weeks,
    minutes_used = c.minutes_used + coalesce((SELECT sum(f.counted_minutes) FROM fresh f WHERE f.case_id = c.id AND NOT f.withdrawn AND f.day BETWEEN c.grant_start AND c.period_end), 0)
  FROM (
    SELECT a.case_id, min(a.first_on) AS first_on, max(a.last_on) AS last_on, max(a.week) FILTER (WHERE a.contacts > 0) AS last_week,
           count(*) FILTER (WHERE a.contacts > 0 AND k.contacts = a.contacts) AS new_weeks  -- all its contacts came just now
    FROM added a JOIN kept k ON k.case_id = a.case_id AND k.week = a.week GROUP BY a.case_id
  ) s WHERE c.id = s.case_id;
  FOR moved IN
    SELECT c.id, max(f.day) AS day FROM fresh f JOIN cases_case c ON c.id = f.case_id
    WHERE f.day > c.period_end AND c.period_end < c.grant_end GROUP BY c.id
  LOOP
    PERFORM snerydder_period(ARRAY[moved.id], moved.day);
    PERFORM snerydder_recount(ARRAY[moved.id]);
  END LOOP;
  INSERT INTO audit_event (municipality_id, "on", verb, staff_id, staff_name, behalf_of_id, object_type, object_id, case_id, citizen_id, data)
  SELECT f.municipality_id, f.day, 'contacts.log', f.made_by_id, s.name, nullif(m.staff_id, f.made_by_id), 'contacts.contact', f.id, f.case_id,
         c.citizen_id, jsonb_build_object('form', f.form, 'minutes', f.minutes, 'together', f.together)
  FROM fresh f JOIN access_staff s ON s.id = f.made_by_id JOIN cases_case c ON c.id = f.case_id JOIN people_mentor m ON m.id = f.mentor_id;
  -- What is saved is no longer a draft.
  DELETE FROM contacts_contactdraft d USING fresh f WHERE d.municipality_id = f.municipality_id AND d.staff_id = f.made_by_id AND d.entry = f.entry;
  RETURN NULL;
END $$;
CREATE TRIGGER contact_inserted AFTER INSERT ON contacts_contact REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION snerydder_contact_inserted();

CREATE FUNCTION snerydder_contact_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT case_id, day FROM stale UNION ALL SELECT case_id, day FROM fresh) t
    JOIN cases_case c ON c.id = t.case_id WHERE t.day <= c.locked_until
  ) THEN
    RAISE EXCEPTION 'contact_locked' USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_locked';
  END IF;
  PERFORM snerydder_recount(ARRAY(SELECT DISTINCT case_id FROM (SELECT case_id FROM stale UNION SELECT case_id FROM fresh) t));
  RETURN NULL;
END $$;
CREATE TRIGGER contact_changed AFTER UPDATE ON contacts_contact REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION snerydder_contact_changed();
"""

BACK = """
DROP TRIGGER contact_changed ON contacts_contact; DROP TRIGGER contact_inserted ON contacts_contact;
DROP FUNCTION snerydder_contact_changed(); DROP FUNCTION snerydder_contact_inserted(); DROP FUNCTION snerydder_contact_one(contacts_contact); DROP FUNCTION snerydder_recount(uuid[]);
DROP FUNCTION snerydder_period(uuid[], date); DROP FUNCTION snerydder_own_cases(uuid[], uuid[], uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial"), ("grants", "0001_initial")]
    operations = [migrations.RunSQL(SQL, BACK)]
