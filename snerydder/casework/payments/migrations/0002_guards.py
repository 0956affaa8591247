"""The rules of money that reach across tables, held by triggers so that no code can go round them.

An approval falls when a contact it speaks of is written or changed afterwards. A line pays at most what its contact counts, within
the grant, and not to somebody who has a hand in the payment. An invoice is booked whole or not at all, and what is paid stands still.
"""

from django.db import migrations

SQL = """
-- A contact written late, or changed, opens the month's approval again, and the invoices that are not paid yet.
-- A month is approved when it has ended, so a contact of today costs nothing here. On a month's last day it is asked all the same,
-- since the server's day ends an hour or two after the municipality's.
CREATE FUNCTION snerydder_contact_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE payments_timesheet SET state = 'reopened', reopened_at = now()
  WHERE municipality_id = NEW.municipality_id AND mentor_id = NEW.mentor_id AND month = date_trunc('month', NEW.day::timestamp)::date AND state = 'approved';
  RETURN NULL;
END $$;
CREATE TRIGGER contact_late AFTER INSERT ON contacts_contact FOR EACH ROW
  WHEN (NEW.day < current_date OR date_trunc('month', NEW.day::timestamp) < date_trunc('month', current_date::timestamp + interval '1 day'))
  EXECUTE FUNCTION snerydder_contact_late();

CREATE FUNCTION snerydder_contact_reopens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE payments_timesheet s SET state = 'reopened', reopened_at = now()
  FROM (SELECT mentor_id, day FROM stale UNION SELECT mentor_id, day FROM fresh) t
  WHERE s.mentor_id = t.mentor_id AND s.month = date_trunc('month', t.day::timestamp)::date AND s.state = 'approved';
  UPDATE payments_invoice i SET state = 'registered', approved_by_id = NULL, approved_on = NULL, reopened_at = now(), version = i.version + 1
  WHERE i.state = 'approved' AND i.id IN (
    SELECT l.invoice_id FROM payments_invoiceline l JOIN fresh t ON t.id = l.contact_id WHERE l.approved_minutes > 0
  );
  RETURN NULL;
END $$;
CREATE TRIGGER contact_reopens AFTER UPDATE ON contacts_contact REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION snerydder_contact_reopens();

CREATE FUNCTION snerydder_refuse(rule text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', rule USING ERRCODE = 'check_violation', CONSTRAINT = rule;
END $$;

-- Nobody confirms their own contact.
CREATE FUNCTION snerydder_confirmation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM contacts_contact c JOIN people_mentor m ON m.id = c.mentor_id
    WHERE c.id = NEW.contact_id AND (c.case_id <> NEW.case_id OR NEW.made_by_id IN (m.staff_id, c.made_by_id))
  ) THEN
    PERFORM snerydder_refuse('confirmation_by_another');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER confirmation_guard BEFORE INSERT OR UPDATE ON payments_confirmation FOR EACH ROW EXECUTE FUNCTION snerydder_confirmation_guard();

-- A line: what is paid of it, at most what its contact counts. The mentor's time is copied from the contact.
CREATE FUNCTION snerydder_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
  NEW.mentor_id := met.mentor_id; NEW.entry := met.entry; NEW.starts := met.at; NEW.ends := met.at + met.minutes * interval '1 minute';
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
CREATE TRIGGER line_guard BEFORE INSERT OR UPDATE OR DELETE ON payments_invoiceline FOR EACH ROW EXECUTE FUNCTION snerydder_line_guard();

-- What is approved in all on the days of the grant, corrections and all, is at most what is granted. The case's row is the lock.
CREATE FUNCTION snerydder_within_grant(on_case uuid, on_contact uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  met_on date := (SELECT day FROM contacts_contact WHERE id = on_contact);
  g grants_grant;
  granted numeric;
BEGIN
  PERFORM FROM cases_case WHERE id = on_case FOR NO KEY UPDATE;
  SELECT * INTO g FROM grants_grant WHERE case_id = on_case AND state IN ('decided', 'stopped') AND met_on BETWEEN start AND "end";
  IF NOT FOUND THEN
    PERFORM snerydder_refuse('line_outside_grant');
  END IF;
  granted := CASE
    WHEN g.minutes_per = 'week' THEN round(g.minutes * (g."end" - g.start + 1) / 7.0)
    WHEN g.decided_end IS NULL THEN g.minutes
    ELSE round(g.minutes::numeric * (g."end" - g.start + 1) / (g.decided_end - g.start + 1))
  END;
  IF (SELECT sum(l.approved_minutes + coalesce((SELECT sum(k.minutes) FROM payments_correction k WHERE k.line_id = l.id AND k.decided_by_id IS NOT NULL), 0))
      FROM payments_invoiceline l JOIN contacts_contact c ON c.id = l.contact_id
      WHERE l.case_id = on_case AND l.approved_minutes > 0 AND c.day BETWEEN g.start AND g."end") > granted THEN
    PERFORM snerydder_refuse('line_over_grant');
  END IF;
END $$;
CREATE FUNCTION snerydder_line_within_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM snerydder_within_grant(NEW.case_id, NEW.contact_id);
  RETURN NULL;
END $$;
CREATE TRIGGER line_within_grant AFTER INSERT OR UPDATE OF approved_minutes, contact_id, case_id ON payments_invoiceline
  FOR EACH ROW WHEN (NEW.approved_minutes > 0) EXECUTE FUNCTION snerydder_line_within_grant();

-- An invoice moves by its states, and is approved or paid only while everything still holds.
CREATE FUNCTION snerydder_invoice_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.municipality_id <> OLD.municipality_id THEN RETURN NEW; END IF;  -- the policy refuses it
  IF OLD.state IN ('paid', 'returned') OR (OLD.state, NEW.state) IN (('registered', 'paid'), ('approved', 'returned')) THEN
    PERFORM snerydder_refuse('invoice_settled');
  END IF;
  IF NEW.total <> OLD.total OR NEW.registered_by_id <> OLD.registered_by_id THEN
    PERFORM snerydder_refuse('invoice_settled');
  END IF;
  IF NEW.state NOT IN ('approved', 'paid') OR NEW.state = OLD.state THEN RETURN NEW; END IF;
  IF EXISTS (SELECT FROM payments_invoiceline l JOIN contacts_contact c ON c.id = l.contact_id WHERE l.invoice_id = NEW.id AND l.approved_minutes > 0
             AND (c.withdrawn OR c.form = 'tried' OR c.case_id <> l.case_id OR l.approved_minutes > c.counted_minutes)) THEN
    PERFORM snerydder_refuse('line_at_most_delivered');
  END IF;
  IF EXISTS (SELECT FROM payments_invoiceline l JOIN people_mentor m ON m.id = l.mentor_id
             WHERE l.invoice_id = NEW.id AND m.staff_id IN (NEW.registered_by_id, NEW.approved_by_id, NEW.paid_by_id)) THEN
    PERFORM snerydder_refuse('invoice_own_hours');
  END IF;
  IF EXISTS (SELECT FROM payments_invoiceline l JOIN contacts_contact c ON c.id = l.contact_id WHERE l.invoice_id = NEW.id AND l.approved_minutes > 0
             AND NOT EXISTS (SELECT FROM payments_timesheet s WHERE s.mentor_id = c.mentor_id AND s.state = 'approved'
                             AND s.month = date_trunc('month', c.day::timestamp)::date)) THEN
    PERFORM snerydder_refuse('invoice_sheet_approved');
  END IF;
  IF EXISTS (SELECT FROM payments_invoiceline WHERE invoice_id = NEW.id AND approved_amount < amount AND handled_by_id IS NULL) THEN
    PERFORM snerydder_refuse('invoice_every_line_handled');
  END IF;
  PERFORM snerydder_within_grant(l.case_id, l.contact_id) FROM payments_invoiceline l WHERE l.invoice_id = NEW.id AND l.approved_minutes > 0;
  RETURN NEW;
END $$;
CREATE TRIGGER invoice_guard BEFORE UPDATE ON payments_invoice FOR EACH ROW EXECUTE FUNCTION snerydder_invoice_guard();

-- Booked whole or not at all: asked when the transaction ends, or before by whoever asks.
CREATE FUNCTION snerydder_invoice_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted uuid;
BEGIN
  IF TG_TABLE_NAME = 'payments_invoice' THEN wanted := NEW.id;
  ELSIF TG_OP = 'DELETE' THEN wanted := OLD.invoice_id;
  ELSE wanted := NEW.invoice_id;
  END IF;
  IF EXISTS (SELECT FROM payments_invoice i WHERE i.id = wanted
             AND i.total IS DISTINCT FROM (SELECT sum(l.amount) FROM payments_invoiceline l WHERE l.invoice_id = i.id)) THEN
    PERFORM snerydder_refuse('invoice_whole');
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER invoice_whole AFTER INSERT ON payments_invoice DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION snerydder_invoice_whole();
CREATE CONSTRAINT TRIGGER invoice_lines_whole AFTER INSERT OR UPDATE OF amount, invoice_id OR DELETE ON payments_invoiceline DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION snerydder_invoice_whole();

-- A correction: of a paid line, never below nothing nor above what was asked for; more only for what was delivered and granted.
CREATE FUNCTION snerydder_correction_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  l payments_invoiceline;
  m int; a numeric;
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.decided_by_id IS NOT NULL THEN
    PERFORM snerydder_refuse('correction_settled');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  SELECT * INTO l FROM payments_invoiceline WHERE id = NEW.line_id FOR NO KEY UPDATE;
  IF NOT EXISTS (SELECT FROM payments_invoice WHERE id = l.invoice_id AND state = 'paid') THEN
    PERFORM snerydder_refuse('correction_of_a_payment');
  END IF;
  SELECT coalesce(sum(minutes), 0) + l.approved_minutes + NEW.minutes, coalesce(sum(amount), 0) + l.approved_amount + NEW.amount INTO m, a
  FROM payments_correction WHERE line_id = l.id AND decided_by_id IS NOT NULL AND id <> NEW.id;
  IF m < 0 OR a < 0 OR m > l.minutes OR a > l.amount OR (m = 0 AND a > 0) THEN
    PERFORM snerydder_refuse('correction_within_the_line');
  END IF;
  IF NEW.minutes > 0 AND (l.approved_minutes = 0 OR EXISTS (
       SELECT FROM contacts_contact c WHERE c.id = l.contact_id AND (c.withdrawn OR m > c.counted_minutes))) THEN
    PERFORM snerydder_refuse('line_at_most_delivered');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER correction_guard BEFORE INSERT OR UPDATE OR DELETE ON payments_correction FOR EACH ROW EXECUTE FUNCTION snerydder_correction_guard();
CREATE FUNCTION snerydder_correction_within_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM snerydder_within_grant(l.case_id, l.contact_id) FROM payments_invoiceline l WHERE l.id = NEW.line_id;
  RETURN NULL;
END $$;
CREATE TRIGGER correction_within_grant AFTER INSERT OR UPDATE ON payments_correction
  FOR EACH ROW WHEN (NEW.minutes > 0) EXECUTE FUNCTION snerydder_correction_within_grant();
"""

BACK = """
DROP TRIGGER contact_late ON contacts_contact; DROP TRIGGER contact_reopens ON contacts_contact;
DROP FUNCTION snerydder_contact_late(), snerydder_contact_reopens();
DROP TRIGGER confirmation_guard ON payments_confirmation; DROP TRIGGER line_guard ON payments_invoiceline;
DROP TRIGGER line_within_grant ON payments_invoiceline; DROP TRIGGER invoice_guard ON payments_invoice; DROP TRIGGER invoice_whole ON payments_invoice;
DROP TRIGGER invoice_lines_whole ON payments_invoiceline; DROP TRIGGER correction_guard ON payments_correction;
DROP TRIGGER correction_within_grant ON payments_correction;
DROP FUNCTION snerydder_confirmation_guard(), snerydder_line_guard(), snerydder_line_within_grant(), snerydder_invoice_guard(),
  snerydder_invoice_whole(), snerydder_correction_guard(), snerydder_correction_within_grant(), snerydder_within_grant(uuid, uuid), snerydder_refuse(text);
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("contacts", "0003_own"), ("grants", "0001_initial")]
    operations = [migrations.RunSQL(SQL, BACK)]
