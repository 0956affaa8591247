"""What a check said is kept as its sentences and what was put into them, no longer as one finished Danish text: another language can say it too."""

from django.db import migrations, models

SENTENCES = """
ALTER TABLE {table}
  ALTER COLUMN what TYPE jsonb USING CASE what WHEN '' THEN '[]'::jsonb ELSE jsonb_build_array(what) END,
  ALTER COLUMN mend TYPE jsonb USING CASE mend WHEN '' THEN '[]'::jsonb ELSE jsonb_build_array(mend) END
"""
FINISHED = """
ALTER TABLE {table}
  ALTER COLUMN what TYPE varchar(400) USING left(coalesce(what ->> 0, ''), 400), ALTER COLUMN mend TYPE varchar(400) USING left(coalesce(mend ->> 0, ''), 400)
"""


class Migration(migrations.Migration):
    dependencies = [("checks", "0001_initial")]
    operations = [
        migrations.RunSQL(
            SENTENCES.format(table="checks_checkstate"), FINISHED.format(table="checks_checkstate"),
            state_operations=[
                migrations.AlterField("checkstate", "what", models.JSONField(default=list, verbose_name="hvad")),
                migrations.AlterField("checkstate", "mend", models.JSONField(blank=True, default=list, verbose_name="hvad der skal til")),
            ],
        ),
    ]  # fmt: skip
