"""A contact whose time is the time of writing took place before it, nobody knows when. It takes up no time on the line of an invoice:
it stood as if it began when it was written, and lay over the meeting that came next."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION snerydder_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_invoice payments_invoice;
  met contacts_contact;
BEGIN
  SELECT * INTO of_invoice FROM payments_invoice WHERE id = coalesce(NEW.invoice_id, OLD.invoice_id) FOR NO KEY UPDATE;
  IF TG_OP <> 'INSERT' AND of_invoice.state IN ('paid', 'returned') AND (TG_OP = 'DELETE' OR (NEW.approved_minutes, NEW.approved_amount, NEW.contact_id)
     IS DISTINCT FROM (OLD.approved_minutes, OLD.approved_amount, OLD.contact_id)) THEN
    PERFORM snerydder_refuse('invoice_settled');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  NEW.mentor_id := NULL; NEW.entry := NULL; NEW.starts := NULL; NEW.ends := NULL;
  IF NEW.contact_id IS NULL THEN RETURN NEW; END IF;
  SELECT * INTO met FROM contacts_contact WHERE id = NEW.contact_id;
  NEW.mentor_id := met.mentor_id; NEW.entry := met.entry; NEW.starts := met.at;
  NEW.ends := met.at + LASTS;
  IF NEW.approved_minutes > 0 AND of_invoice.state <> 'paid' THEN
    IF met.withdrawn OR met.form = 'tried' OR met.case_id <> NEW.case_id OR NEW.approved_minutes > met.counted_minutes THEN
      PERFORM snerydder_refuse('line_at_most_delivered');
    END IF;
    IF EXISTS (SELECT FROM people_mentor m WHERE m.id = met.mentor_id AND m.staff_id = of_invoice.registered_by_id) THEN
      PERFORM snerydder_refuse('invoice_own_hours');
    END IF;
  END IF;
  RETURN NEW;
END $$;
"""
MINUTES = "met.minutes * interval '1 minute'"
JUST_NOW = f"""CASE WHEN date_trunc('minute', met.written_at) - date_trunc('minute', met.at) BETWEEN interval '-10 minutes' AND interval '10 minutes'
    THEN interval '0' ELSE {MINUTES} END"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_what_waits"), ("contacts", "0004_written")]
    operations = [migrations.RunSQL(GUARD.replace("LASTS", JUST_NOW), GUARD.replace("LASTS", MINUTES))]
