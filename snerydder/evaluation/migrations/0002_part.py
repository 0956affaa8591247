import django.db.models.deletion
import snerydder.access.scope
import uuid
from django.db import migrations, models

from snerydder.access.tenancy import Isolate


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_address'),
        ('evaluation', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='nummer')),
                ('state', models.CharField(choices=[('used', 'med'), ('replaced', 'afløst af en nyere'), ('withdrawn', 'trukket tilbage')], default='used', max_length=10, verbose_name='tilstand')),
                ('code', models.PositiveIntegerField(verbose_name='kommunens nummer')),
                ('name', models.CharField(max_length=80, verbose_name='kommunens navn')),
                ('key', models.CharField(max_length=64, verbose_name='kommunens nøgle')),
                ('sha256', models.CharField(max_length=64, verbose_name='pakkens SHA-256')),
                ('persons', models.PositiveIntegerField(verbose_name='personer')),
                ('manifest', models.JSONField(verbose_name='følgeseddel')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='modtaget')),
                ('made_by', snerydder.access.scope.TenantKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.staff', verbose_name='modtaget af')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.municipality', verbose_name='kommune')),
                ('study', snerydder.access.scope.TenantKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='evaluation.study', verbose_name='undersøgelse')),
            ],
            options={
                'verbose_name': 'pakke fra en kommune',
                'verbose_name_plural': 'pakker fra kommuner',
                'ordering': ['name', '-number'],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'study', 'number'), name='part_number'), models.UniqueConstraint(condition=models.Q(('state', 'used')), fields=('municipality', 'study', 'code'), name='part_one_of_each_in_use')],
            },
        ),
        Isolate("Part"),
    ]
