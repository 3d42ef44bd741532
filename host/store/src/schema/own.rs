//! What R-9's tables can't hold: nobody but this service knows these.

use super::campaign::{BACKLINKS, CAMPAIGNS};
use super::{Column, Index, Kind, Owner, Table, Target, account, column, index, site, unique};

/// Which tables this service made.
pub(crate) const MIGRATIONS: &str = "igny8_linker_migrations";
/// Blueprints as they were when a campaign was planned of them, each once.
pub(crate) const BLUEPRINT_SNAPSHOTS: &str = "igny8_blueprint_snapshots";
/// Full plans (engine.md §11).
pub(crate) const PLANS: &str = "igny8_campaign_plans";
/// Background check runs.
pub(crate) const CHECKS: &str = "igny8_backlink_checks";
/// What each look at a backlink saw.
pub(crate) const LOOKS: &str = "igny8_backlink_looks";
/// Which backlink stands in for which dead one.
pub(crate) const REPLACEMENTS: &str = "igny8_backlink_replacements";
/// What came of requests that may be repeated.
pub(crate) const IDEMPOTENCY: &str = "igny8_idempotency_keys";
/// What marketplaces answered and was paid for.
pub(crate) const MARKETPLACE_ROWS: &str = "igny8_marketplace_rows";

pub(super) fn tables() -> Vec<Table> {
    vec![
        table(
            MIGRATIONS,
            vec![column("name", Kind::Text(100)), column("version", Kind::Int), column("applied_at", Kind::Moment)],
            vec![unique("igny8_linker_migrations_name_idx", &["name"])],
        ),
        table(
            BLUEPRINT_SNAPSHOTS,
            vec![
                account(),
                column("digest", Kind::Text(64)),
                column("document", Kind::LongText),
                column("created_at", Kind::Moment),
            ],
            vec![unique("igny8_blueprint_snapshots_digest_idx", &["account_id", "digest"])],
        ),
        table(PLANS, plans(), vec![unique("igny8_campaign_plans_campaign_idx", &["campaign_id"])]),
        table(
            CHECKS,
            checks(),
            vec![
                index("igny8_backlink_checks_campaign_idx", &["campaign_id"]),
                index("igny8_backlink_checks_status_idx", &["status", "account_id"]),
            ],
        ),
        table(
            LOOKS,
            looks(),
            vec![
                index("igny8_backlink_looks_backlink_idx", &["backlink_id", "id"]),
                index("igny8_backlink_looks_check_idx", &["check_id"]),
            ],
        ),
        table(
            REPLACEMENTS,
            vec![
                account(),
                site(),
                column("dead_id", Kind::Big).cascade(Target::Ours(BACKLINKS)),
                column("replacement_id", Kind::Big).cascade(Target::Ours(BACKLINKS)),
                column("created_at", Kind::Moment),
            ],
            vec![
                unique("igny8_backlink_replacements_dead_idx", &["dead_id"]),
                unique("igny8_backlink_replacements_replacement_idx", &["replacement_id"]),
            ],
        ),
        table(
            IDEMPOTENCY,
            vec![
                account(),
                column("key", Kind::Text(255)),
                column("operation", Kind::Text(50)),
                column("request_digest", Kind::Text(64)),
                column("resource_id", Kind::Big),
                // Of requests that make no single row.
                column("answer", Kind::LongText).null(),
                column("created_at", Kind::Moment),
            ],
            vec![
                unique("igny8_idempotency_keys_key_idx", &["account_id", "key"]),
                index("igny8_idempotency_keys_age_idx", &["created_at"]),
            ],
        ),
        table(
            MARKETPLACE_ROWS,
            vec![
                account(),
                column("key", Kind::Text(255)),
                column("document", Kind::LongText),
                column("expires_at", Kind::Moment),
            ],
            vec![unique("igny8_marketplace_rows_key_idx", &["account_id", "key"])],
        ),
    ]
}

fn table(name: &str, fields: Vec<Column>, indexes: Vec<Index>) -> Table {
    let mut columns = vec![column("id", Kind::Id)];
    columns.extend(fields);
    Table { name: name.to_owned(), owner: Owner::Ours, columns, indexes }
}

fn plans() -> Vec<Column> {
    vec![
        account(),
        site(),
        column("campaign_id", Kind::Big).cascade(Target::Ours(CAMPAIGNS)),
        column("snapshot_id", Kind::Big).set_null(Target::Ours(BLUEPRINT_SNAPSHOTS)),
        column("engine_version", Kind::Text(50)),
        column("profile_version", Kind::Text(50)),
        // Text and not JSON: it goes back to the engine as it came, key order and all.
        column("document", Kind::LongText),
        column("links_created_at", Kind::Moment).null(),
        column("completed_at", Kind::Moment).null(),
        column("created_at", Kind::Moment),
    ]
}

fn checks() -> Vec<Column> {
    vec![
        account(),
        site(),
        column("campaign_id", Kind::Big).cascade(Target::Ours(CAMPAIGNS)),
        column("status", Kind::Text(15)),
        column("total", Kind::Int),
        column("done", Kind::Int),
        column("live", Kind::Int),
        column("dead", Kind::Int),
        column("unverified", Kind::Int),
        column("error", Kind::LongText),
        column("created_at", Kind::Moment),
        column("started_at", Kind::Moment).null(),
        column("seen_at", Kind::Moment).null(),
        column("finished_at", Kind::Moment).null(),
    ]
}

fn looks() -> Vec<Column> {
    vec![
        account(),
        site(),
        column("backlink_id", Kind::Big).cascade(Target::Ours(BACKLINKS)),
        column("check_id", Kind::Big).set_null(Target::Ours(CHECKS)),
        column("looked_at", Kind::Moment),
        column("verdict", Kind::Text(15)),
        column("reasons", Kind::Json),
        column("report", Kind::LongText),
    ]
}
