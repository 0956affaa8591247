"""What may not be approved or paid although each line is right by itself: a contact with a question that payment waits for, a contact
after the case was closed, a contact the citizen says did not take place, and a second mentor with the same citizen at the same time."""

import django.contrib.postgres.constraints
import snerydder.casework.payments.models
from django.db import migrations, models


SQL = """
CREATE FUNCTION snerydder_may_be_paid(the_contact uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM questions_askedcontact a JOIN questions_question q ON q.id = a.question_id
             WHERE a.contact_id = the_contact AND NOT a.only_shown AND q.holds AND q.outcome IN ('', 'procedure')) THEN
    PERFORM snerydder_refuse('line_waits_for_an_answer');
  END IF;
  IF EXISTS (SELECT FROM contacts_contact c JOIN cases_case k ON k.id = c.case_id WHERE c.id = the_contact AND c.day > k.closed_on) THEN
    PERFORM snerydder_refuse('line_after_closing');
  END IF;
  IF EXISTS (SELECT FROM payments_confirmation s JOIN contacts_contact c ON c.id = s.contact_id
             WHERE s.contact_id = the_contact AND s.source = 'citizen' AND s.answer = 'no' AND s.day = c.day AND s.minutes = c.minutes) THEN
    PERFORM snerydder_refuse('line_citizen_says_no');
  END IF;
END $$;
CREATE FUNCTION snerydder_invoice_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM snerydder_may_be_paid(l.contact_id) FROM payments_invoiceline l WHERE l.invoice_id = NEW.id AND l.approved_minutes > 0;
  RETURN NEW;
END $$;
CREATE TRIGGER invoice_waits BEFORE UPDATE OF state ON payments_invoice FOR EACH ROW
  WHEN (NEW.state IN ('approved', 'paid') AND NEW.state <> OLD.state) EXECUTE FUNCTION snerydder_invoice_waits();
CREATE FUNCTION snerydder_correction_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM snerydder_may_be_paid(l.contact_id) FROM payments_invoiceline l WHERE l.id = NEW.line_id;
  RETURN NEW;
END $$;
CREATE TRIGGER correction_waits BEFORE INSERT OR UPDATE ON payments_correction FOR EACH ROW
  WHEN (NEW.minutes > 0 OR NEW.amount > 0) EXECUTE FUNCTION snerydder_correction_waits();
"""

BACK = """
DROP TRIGGER invoice_waits ON payments_invoice; DROP TRIGGER correction_waits ON payments_correction;
DROP FUNCTION snerydder_invoice_waits(), snerydder_correction_waits(), snerydder_may_be_paid(uuid);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0003_wrong_sign_in'),
        ('cases', '0002_checks_on_the_case'),
        ('contacts', '0003_own'),
        ('payments', '0003_budget'),
        ('questions', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='invoiceline',
            name='reason',
            field=models.CharField(blank=True, choices=[('cost', 'udgiften må ikke betales som mentorstøtte'), ('unknown_case', 'sagen findes ikke'), ('no_contact', 'der er ingen kontakt i loggen den dag'), ('other_supplier', 'kontakten er en anden leverandørs'), ('double', 'kontakten er faktureret før'), ('overlap', 'mentoren var et andet sted på samme tid'), ('two_mentors', 'en anden mentor var hos borgeren på samme tid'), ('outside_grant', 'dagen ligger uden for bevillingen'), ('over_grant', 'flere timer end bevilget'), ('more_than_logged', 'flere timer end leveret'), ('price', 'timeprisen er højere end aftalt'), ('after_closing', 'sagen var afsluttet den dag'), ('question', 'der er stillet et spørgsmål om kontakten, som ikke er afsluttet'), ('citizen_says_no', 'borgeren siger, at mødet ikke fandt sted'), ('returned', 'fakturaen er sendt retur')], max_length=16, verbose_name='hvorfor ikke det hele'),
        ),
        migrations.AddConstraint(
            model_name='invoiceline',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('approved_minutes__gt', 0)), expressions=[('case', '='), (snerydder.casework.payments.models.Span('starts', 'ends'), '&&'), ('mentor', '<>')], name='line_citizen_with_one_mentor'),
        ),
        migrations.RunSQL(SQL, BACK),
    ]
