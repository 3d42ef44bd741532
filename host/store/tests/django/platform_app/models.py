"""The models of R-9 as the platform declares them, and what they hang on."""

from django.db import models


class Account(models.Model):
    name = models.CharField(max_length=255)

    class Meta:
        db_table = "igny8_tenants"
        managed = False


class Site(models.Model):
    account = models.ForeignKey(Account, models.CASCADE)
    name = models.CharField(max_length=255)

    class Meta:
        db_table = "igny8_sites"
        managed = False


class Sector(models.Model):
    site = models.ForeignKey(Site, models.CASCADE)
    name = models.CharField(max_length=255)

    class Meta:
        db_table = "igny8_sectors"
        managed = False


class Blueprint(models.Model):
    class Meta:
        db_table = "igny8_sag_blueprints"
        managed = False


class Content(models.Model):
    class Meta:
        db_table = "igny8_content"
        managed = False


class Scoped(models.Model):
    """The columns that every table of the platform has."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, models.CASCADE, related_name="+")
    sector = models.ForeignKey(Sector, models.CASCADE, related_name="+", null=True)

    class Meta:
        abstract = True


def choices(*words):
    return [(word, word) for word in words]


TIERS = choices("T1", "T2", "T3", "T4", "T5")


class Campaign(Scoped):
    blueprint = models.ForeignKey(Blueprint, models.SET_NULL, null=True, blank=True)
    country_code = models.CharField(max_length=3, choices=choices("PK", "CA", "UK", "USA"))
    status = models.CharField(
        max_length=15, choices=choices("draft", "active", "paused", "completed"), default="draft"
    )
    tier_assignments = models.JSONField(default=dict)
    total_links_target = models.IntegerField(default=0)
    budget_estimate_min = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    budget_estimate_max = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    timeline_months = models.IntegerField(default=12)
    monthly_plan = models.JSONField(default=list)
    anchor_text_plan = models.JSONField(default=dict)
    country_profile = models.JSONField(default=dict)
    kpi_data = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "igny8_sag_campaigns"
        indexes = [models.Index(fields=["country_code"]), models.Index(fields=["status"])]


class Backlink(Scoped):
    campaign = models.ForeignKey(Campaign, models.CASCADE, db_index=False)
    blueprint = models.ForeignKey(Blueprint, models.SET_NULL, null=True, blank=True)
    target_content = models.ForeignKey(Content, models.CASCADE, db_index=False)
    target_url = models.URLField(max_length=200)
    target_tier = models.CharField(max_length=3, choices=TIERS)
    source_url = models.URLField(max_length=200, blank=True, default="")
    source_domain = models.CharField(max_length=255, blank=True, default="")
    source_dr = models.IntegerField(null=True, blank=True)
    source_traffic = models.IntegerField(null=True, blank=True)
    anchor_text = models.CharField(max_length=200)
    anchor_type = models.CharField(
        max_length=20,
        choices=choices(
            "branded", "naked_url", "generic", "partial_match", "exact_match", "lsi", "brand_keyword"
        ),
    )
    link_type = models.CharField(
        max_length=20,
        choices=choices(
            "guest_post", "niche_edit", "pr_distribution", "directory", "resource_page", "broken_link", "haro"
        ),
    )
    marketplace = models.CharField(
        max_length=20,
        choices=choices("fatgrid", "prnews", "ein", "linking_news", "manual"),
        blank=True,
        default="",
    )
    cost = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    quality_score = models.FloatField(null=True, blank=True)
    country_relevant = models.BooleanField(default=True)
    date_ordered = models.DateField(null=True, blank=True)
    date_live = models.DateField(null=True, blank=True)
    date_last_checked = models.DateField(null=True, blank=True)
    status = models.CharField(
        max_length=15,
        choices=choices("planned", "ordered", "live", "dead", "replaced", "rejected"),
        default="planned",
    )
    notes = models.TextField(blank=True, default="")

    class Meta:
        db_table = "igny8_sag_backlinks"
        indexes = [
            models.Index(fields=["campaign"]),
            models.Index(fields=["status"]),
            models.Index(fields=["target_content"]),
        ]


class KpiSnapshot(Scoped):
    campaign = models.ForeignKey(Campaign, models.CASCADE, db_index=False)
    snapshot_date = models.DateField()
    dr = models.FloatField(null=True, blank=True)
    da = models.FloatField(null=True, blank=True)
    referring_domains = models.IntegerField(default=0)
    new_links_this_month = models.IntegerField(default=0)
    links_by_tier = models.JSONField(default=dict)
    cost_this_month = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    cost_per_link_avg = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    keywords_top_10 = models.IntegerField(default=0)
    keywords_top_20 = models.IntegerField(default=0)
    keywords_top_50 = models.IntegerField(default=0)
    organic_traffic = models.IntegerField(null=True, blank=True)
    impressions = models.IntegerField(null=True, blank=True)
    pages_ranking_without_backlinks = models.IntegerField(default=0)
    tipping_point_indicators = models.JSONField(default=dict)
    tipping_point_triggered = models.BooleanField(default=False)

    class Meta:
        db_table = "igny8_campaign_kpi_snapshots"
        indexes = [models.Index(fields=["campaign", "snapshot_date"])]
