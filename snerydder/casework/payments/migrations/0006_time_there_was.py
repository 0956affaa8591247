"""A contact without a time of its own takes up no time on a line (0005), so the constraints on being in two places cannot see it. What
can be said is held here: nobody is paid for more, and no citizen is met for more, than there was time for before it was written; and two
mentors are not paid for one citizen when what they wrote is taken to have ended as they wrote it, and lies over each other."""

from django.db import migrations, models

SQL = """
CREATE FUNCTION snerydder_time_there_was() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong text;
BEGIN
  -- two approved at the same moment take turns, so that the second counts the first
  PERFORM pg_advisory_xact_lock(hashtextextended('time there was ' || NEW.municipality_id, 0));
    WITH lines AS (
      SELECT c.entry, c.mentor_id, c.case_id, c.day, c.at, c.minutes, c.minutes * interval '1 minute' AS lasted,
        date_trunc('minute', c.written_at) - date_trunc('minute', c.at) BETWEEN interval '-10 minutes' AND interval '10 minutes' AS just_now
      FROM payments_invoiceline l JOIN contacts_contact c ON c.id = l.contact_id JOIN payments_invoice i ON i.id = l.invoice_id
      WHERE l.approved_minutes > 0 AND (l.invoice_id = NEW.id OR i.state IN ('approved', 'paid')) AND EXISTS (
        SELECT FROM payments_invoiceline o JOIN contacts_contact k ON k.id = o.contact_id
        WHERE o.invoice_id = NEW.id AND o.approved_minutes > 0 AND k.day = c.day AND (k.mentor_id = c.mentor_id OR k.case_id = c.case_id))
    ), met AS (
      SELECT *, CASE WHEN just_now THEN at - lasted ELSE at END AS since, CASE WHEN just_now THEN at ELSE at + lasted END AS until FROM lines
    ), spells AS (
      SELECT DISTINCT ON (mentor_id, entry) mentor_id AS whose, day, at, lasted, just_now FROM met
      UNION ALL
      SELECT case_id AS whose, day, at, lasted, just_now FROM met
    )
    SELECT CASE
      WHEN EXISTS (
        SELECT FROM met one JOIN met other ON other.case_id = one.case_id AND other.mentor_id <> one.mentor_id
        WHERE one.just_now AND least(one.until, other.until) - greatest(one.since, other.since) > interval '10 minutes'
      ) THEN 'line_citizen_with_one_mentor'
      WHEN EXISTS (
        SELECT FROM spells last WHERE last.just_now AND (
          SELECT sum(CASE WHEN NOT each.just_now THEN greatest(least(last.at - each.at, each.lasted), interval '0') WHEN each.at <= last.at THEN each.lasted END)
          FROM spells each WHERE each.whose = last.whose AND each.day = last.day
        ) > last.at - (last.day::timestamp AT TIME ZONE 'Europe/Copenhagen') + interval '10 minutes'
      ) THEN 'line_time_there_was'
    END INTO wrong;
  IF wrong IS NOT NULL THEN
    PERFORM snerydder_refuse(wrong);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoice_time_there_was BEFORE UPDATE OF state ON payments_invoice FOR EACH ROW
  WHEN (NEW.state IN ('approved', 'paid') AND NEW.state <> OLD.state) EXECUTE FUNCTION snerydder_time_there_was();
"""
BACK = "DROP TRIGGER invoice_time_there_was ON payments_invoice; DROP FUNCTION snerydder_time_there_was();"


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_just_now")]
    operations = [
        migrations.RunSQL(SQL, BACK),
        migrations.AlterField(
            model_name="invoiceline",
            name="reason",
            field=models.CharField(blank=True, choices=[('cost', 'udgiften må ikke betales som mentorstøtte'), ('unknown_case', 'sagen findes ikke'), ('no_contact', 'der er ingen kontakt i loggen den dag'), ('other_supplier', 'kontakten er en anden leverandørs'), ('double', 'kontakten er faktureret før'), ('overlap', 'mentoren var et andet sted på samme tid'), ('two_mentors', 'en anden mentor var hos borgeren på samme tid'), ('no_room', 'der var ikke tid til så meget den dag, før det blev skrevet'), ('outside_grant', 'dagen ligger uden for bevillingen'), ('over_grant', 'flere timer end bevilget'), ('more_than_logged', 'flere timer end leveret'), ('price', 'timeprisen er højere end aftalt'), ('after_closing', 'sagen var afsluttet den dag'), ('question', 'der er stillet et spørgsmål om kontakten, som ikke er afsluttet'), ('citizen_says_no', 'borgeren siger, at mødet ikke fandt sted'), ('returned', 'fakturaen er sendt retur')], max_length=16, verbose_name="hvorfor ikke det hele"),
        ),
    ]
