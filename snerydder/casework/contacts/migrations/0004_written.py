"""When a contact was written is the time of writing unless somebody says otherwise: the demo's contacts were written in March."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_own")]
    operations = [migrations.AlterField("contact", "written_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="skrevet"))]
