"""From a sign-in to a place, in one question. Asked at every request, so it is one function whose plans the connection keeps.

The order matters and is the function's: first the person (so that own memberships may be read), then the place, then its
municipality, which from there on is the only one this transaction sees.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION snerydder_enter(who uuid, wanted uuid, today date, OUT staff access_staff, OUT town access_municipality, OUT stands_in boolean) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.mun', '', true), set_config('app.user', who::text, true);
  SELECT s.* INTO staff FROM access_staff s WHERE s.account_id = who AND s.active ORDER BY s.id = wanted DESC NULLS LAST, s.municipality_id LIMIT 1;
  IF staff.id IS NOT NULL THEN
    PERFORM set_config('app.mun', staff.municipality_id::text, true);
    SELECT m.* INTO town FROM access_municipality m WHERE m.id = staff.municipality_id;
    stands_in := EXISTS (SELECT FROM access_standin i WHERE i.stand_in_id = staff.id AND today BETWEEN i.start AND i."end");
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION snerydder_enter(uuid, uuid, date)")]
