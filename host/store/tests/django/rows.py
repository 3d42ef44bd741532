"""Rows through the platform's ORM: `tables` makes the platform's tables, `describe` prints how the three tables of R-9
are laid out, `write` adds rows and `read` prints every row, both as Django sees them."""

import json
import sys
from datetime import date, datetime, timezone
from decimal import Decimal

import configure  # noqa: F401
from django.db import connection
from platform_app import models

RECORDS = (models.Campaign, models.Backlink, models.KpiSnapshot)
PLATFORM = (models.Account, models.Site, models.Sector, models.Blueprint, models.Content)


def tables():
    with connection.schema_editor() as editor:
        for model in PLATFORM + RECORDS:
            editor.create_model(model)


def describe():
    sqlite = connection.vendor == "sqlite"
    columns = (
        "SELECT name, lower(type), \"notnull\" FROM pragma_table_info(%s) ORDER BY name"
        if sqlite
        else "SELECT attname, format_type(atttypid, atttypmod) || attidentity::text, attnotnull FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attname"
    )
    found = {}
    with connection.cursor() as cursor:
        for model in RECORDS:
            table = model._meta.db_table
            cursor.execute(columns, [table])
            layout = {"columns": [list(row) for row in cursor.fetchall()]}
            constraints = connection.introspection.get_constraints(cursor, table)
            layout["indexes"] = sorted(
                (name, entry["columns"]) for name, entry in constraints.items() if entry["index"] and not entry["unique"]
            )
            layout["keys"] = sorted(
                (entry["columns"], entry["foreign_key"]) for entry in constraints.values() if entry["foreign_key"]
            )
            layout["checks"] = sorted(
                entry["columns"] for entry in constraints.values() if entry["check"] and entry["columns"]
            )
            found[table] = layout
    print(json.dumps(found))


def write(site, content):
    site = models.Site.objects.get(pk=site)
    scope = {"account": site.account, "site": site, "sector": models.Sector.objects.filter(site=site).first()}
    campaign = models.Campaign.objects.create(
        **scope,
        country_code="PK",
        status="active",
        tier_assignments={str(content): "T2"},
        total_links_target=3,
        budget_estimate_min=Decimal("448.00"),
        budget_estimate_max=Decimal("99999999.99"),
        monthly_plan=[{"month": 1, "links_target": 3, "pages": [], "budget": "448.00"}],
        anchor_text_plan={"ключ": ["„“", None, True, 1.5]},
        started_at=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=timezone.utc),
    )
    link = dict(
        **scope, campaign=campaign, target_content_id=content, target_url="https://example.com/",
        target_tier="T2", anchor_text="é" * 200, anchor_type="lsi", link_type="haro",
    )
    models.Backlink.objects.create(**link)
    models.Backlink.objects.create(
        **link | {"anchor_text": "plain"}, cost=Decimal("0.10"), quality_score=7.5, country_relevant=False, status="live",
        date_live=date(2026, 2, 28), marketplace="fatgrid", source_dr=44, source_url="https://a.example/" + "x" * 182,
    )
    models.Backlink.objects.create(**link | {"anchor_text": "cheap"}, cost=Decimal("448.00"), quality_score=7)
    models.KpiSnapshot.objects.create(
        **scope, campaign=campaign, snapshot_date=date(2026, 3, 1), dr=31, da=28.5, cost_this_month=Decimal("1234.56"),
        links_by_tier={"T1": 1}, tipping_point_indicators={"dr": True}, tipping_point_triggered=True,
    )
    print(json.dumps({"campaign": campaign.pk}))


def plain(value):
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def read():
    rows = {}
    for model in RECORDS:
        fields = [field.attname for field in model._meta.concrete_fields]
        rows[model._meta.db_table] = [
            {field: plain(value) for field, value in row.items()} for row in model.objects.order_by("pk").values(*fields)
        ]
    print(json.dumps(rows))


def change():
    """Saves every row again, and deletes through the ORM."""
    for model in RECORDS:
        for row in model.objects.all():
            row.full_clean(validate_unique=False)
            row.save()
    models.Backlink.objects.filter(anchor_text="plain").delete()


if __name__ == "__main__":
    globals()[sys.argv[1]](*map(int, sys.argv[2:]))
