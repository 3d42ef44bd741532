//! R-9's three tables, exactly. Names of indexes are those that Django derives of the same models.

use super::{Column, Index, Kind, Owner, Table, Target, account, column, index, sector, site};
use crate::platform::Shared;

///
pub(crate) const CAMPAIGNS: &str = "igny8_sag_campaigns";
///
pub(crate) const BACKLINKS: &str = "igny8_sag_backlinks";
///
pub(crate) const SNAPSHOTS: &str = "igny8_campaign_kpi_snapshots";

pub(super) fn tables() -> Vec<Table> {
    vec![
        table(CAMPAIGNS, campaigns(), campaign_indexes()),
        table(BACKLINKS, backlinks(), backlink_indexes()),
        table(SNAPSHOTS, snapshots(), snapshot_indexes()),
    ]
}

fn table(name: &str, fields: Vec<Column>, indexes: Vec<Index>) -> Table {
    let mut columns =
        vec![column("id", Kind::Id), column("created_at", Kind::Moment), column("updated_at", Kind::Moment)];
    columns.extend([account(), site(), sector()]);
    columns.extend(fields);
    Table { name: name.to_owned(), owner: Owner::Campaign, columns, indexes }
}

fn blueprint() -> Column {
    column("blueprint_id", Kind::Big).set_null(Target::Shared(Shared::Blueprints))
}

fn campaign() -> Column {
    column("campaign_id", Kind::Big).cascade(Target::Ours(CAMPAIGNS))
}

fn count(name: &str) -> Column {
    column(name, Kind::Int).default("0")
}

fn money(name: &str) -> Column {
    column(name, Kind::Money).default("0")
}

fn object(name: &str) -> Column {
    column(name, Kind::Json).default("'{}'")
}

fn campaigns() -> Vec<Column> {
    vec![
        blueprint(),
        column("country_code", Kind::Text(3)),
        column("status", Kind::Text(15)).default("'draft'"),
        object("tier_assignments"),
        count("total_links_target"),
        money("budget_estimate_min"),
        money("budget_estimate_max"),
        column("timeline_months", Kind::Int).default("12"),
        column("monthly_plan", Kind::Json).default("'[]'"),
        object("anchor_text_plan"),
        object("country_profile"),
        object("kpi_data"),
        column("started_at", Kind::Moment).null(),
    ]
}

fn campaign_indexes() -> Vec<Index> {
    vec![
        index("igny8_sag_campaigns_account_id_11371a7c", &["account_id"]),
        index("igny8_sag_campaigns_site_id_68b2f098", &["site_id"]),
        index("igny8_sag_campaigns_sector_id_b5f871df", &["sector_id"]),
        index("igny8_sag_campaigns_blueprint_id_49dc1dc5", &["blueprint_id"]),
        index("igny8_sag_c_country_c7cccb_idx", &["country_code"]),
        index("igny8_sag_c_status_279612_idx", &["status"]),
    ]
}

fn backlinks() -> Vec<Column> {
    vec![
        campaign(),
        blueprint(),
        column("target_content_id", Kind::Big).cascade(Target::Shared(Shared::Contents)),
        column("target_url", Kind::Text(200)),
        column("target_tier", Kind::Text(3)),
        column("source_url", Kind::Text(200)).default("''"),
        column("source_domain", Kind::Text(255)).default("''"),
        column("source_dr", Kind::Int).null(),
        column("source_traffic", Kind::Int).null(),
        column("anchor_text", Kind::Text(200)),
        column("anchor_type", Kind::Text(20)),
        column("link_type", Kind::Text(20)),
        column("marketplace", Kind::Text(20)).default("''"),
        column("cost", Kind::Money).null(),
        column("quality_score", Kind::Float).null(),
        column("country_relevant", Kind::Bool).default("TRUE"),
        column("date_ordered", Kind::Date).null(),
        column("date_live", Kind::Date).null(),
        column("date_last_checked", Kind::Date).null(),
        column("status", Kind::Text(15)).default("'planned'"),
        column("notes", Kind::LongText).default("''"),
    ]
}

fn backlink_indexes() -> Vec<Index> {
    vec![
        index("igny8_sag_backlinks_account_id_434e63c5", &["account_id"]),
        index("igny8_sag_backlinks_site_id_d9e5edb5", &["site_id"]),
        index("igny8_sag_backlinks_sector_id_6fbfef9d", &["sector_id"]),
        index("igny8_sag_backlinks_blueprint_id_b9b46db6", &["blueprint_id"]),
        index("igny8_sag_b_campaig_23b053_idx", &["campaign_id"]),
        index("igny8_sag_b_status_ea4d02_idx", &["status"]),
        index("igny8_sag_b_target__1089c6_idx", &["target_content_id"]),
    ]
}

fn snapshots() -> Vec<Column> {
    vec![
        campaign(),
        column("snapshot_date", Kind::Date),
        column("dr", Kind::Float).null(),
        column("da", Kind::Float).null(),
        count("referring_domains"),
        count("new_links_this_month"),
        object("links_by_tier"),
        money("cost_this_month"),
        money("cost_per_link_avg"),
        count("keywords_top_10"),
        count("keywords_top_20"),
        count("keywords_top_50"),
        column("organic_traffic", Kind::Int).null(),
        column("impressions", Kind::Int).null(),
        count("pages_ranking_without_backlinks"),
        object("tipping_point_indicators"),
        column("tipping_point_triggered", Kind::Bool).default("FALSE"),
    ]
}

fn snapshot_indexes() -> Vec<Index> {
    vec![
        index("igny8_campaign_kpi_snapshots_account_id_3d23038a", &["account_id"]),
        index("igny8_campaign_kpi_snapshots_site_id_c038f482", &["site_id"]),
        index("igny8_campaign_kpi_snapshots_sector_id_870375e9", &["sector_id"]),
        index("igny8_campa_campaig_945d72_idx", &["campaign_id", "snapshot_date"]),
    ]
}
