import django.db.models.deletion
import snerydder.access.scope
import uuid
from django.db import migrations, models

from snerydder.access.tenancy import Isolate


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_address'),
        ('trials', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='protocolchange',
            name='taken_on',
            field=models.DateField(null=True, verbose_name='taget ind her den'),
        ),
        migrations.CreateModel(
            name='Joining',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('lead', models.PositiveIntegerField(verbose_name='kommunen, der leder')),
                ('lead_name', models.CharField(max_length=80, verbose_name='dens navn')),
                ('lead_trial', models.PositiveIntegerField(verbose_name='forsøgets nummer der')),
                ('key', models.CharField(max_length=64, verbose_name='dens nøgle')),
                ('legal_basis', models.TextField(max_length=2000, verbose_name='egen hjemmel')),
                ('contact', models.CharField(max_length=200, verbose_name='hvem man kan spørge')),
                ('joined_on', models.DateField(verbose_name='med fra')),
                ('joined_by', snerydder.access.scope.TenantKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.staff', verbose_name='taget ind af')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.municipality', verbose_name='kommune')),
                ('trial', snerydder.access.scope.TenantKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='joinings', to='trials.trial', unique=True, verbose_name='forsøg')),
            ],
            options={
                'verbose_name': 'deltagelse i fælles forsøg',
                'verbose_name_plural': 'deltagelser i fælles forsøg',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('legal_basis', ''), _negated=True), models.Q(('contact', ''), _negated=True)), name='joining_says_why_it_may'), models.CheckConstraint(condition=models.Q(('lead', models.F('municipality_id')), _negated=True), name='joining_another_municipality')],
            },
        ),
        Isolate("Joining", append_only=True),
    ]
