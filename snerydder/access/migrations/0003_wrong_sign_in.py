"""Wrong passwords, counted for all processes together. A row is a keyed digest, a number and a time: no person, no municipality."""

from django.db import migrations

SQL = """
CREATE TABLE access_wrong_sign_in (key text PRIMARY KEY, tries integer NOT NULL, until timestamptz NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON access_wrong_sign_in TO snerydder_app;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_enter")]
    operations = [migrations.RunSQL(SQL, "DROP TABLE access_wrong_sign_in")]
