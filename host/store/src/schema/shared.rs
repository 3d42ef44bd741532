//! Stand-ins for what the platform keeps, under the mapping's names; where the platform is present they say which
//! columns this service needs of it.

use super::{Column, Index, Kind, Owner, Table, Target, account, column, index, sector, site, unique};
use crate::platform::{Platform, Shared};

pub(super) fn tables(platform: &Platform) -> Vec<Table> {
    Shared::ALL.into_iter().map(|shared| table(shared, platform)).collect()
}

fn table(shared: Shared, platform: &Platform) -> Table {
    let name = platform.table(shared);
    let physical = |column: &str| platform.column(shared, column);
    let columns = std::iter::once(column("id", Kind::Id))
        .chain(fields(shared))
        .filter_map(|column| Some(Column { name: physical(&column.name)?, ..column }))
        .collect();
    let indexes = indexes(shared, &name)
        .into_iter()
        .filter_map(|index| {
            let columns =
                index.columns.iter().map(|name| if name.contains('(') { Some(name.clone()) } else { physical(name) });
            Some(Index { columns: columns.collect::<Option<_>>()?, ..index })
        })
        .collect();
    Table { name, owner: Owner::Shared(shared), columns, indexes }
}

fn name() -> Column {
    column("name", Kind::Text(255))
}

fn fields(shared: Shared) -> Vec<Column> {
    let made = column("created_at", Kind::Moment);
    match shared {
        Shared::Accounts => {
            vec![name(), column("credits", Kind::Money).default("0"), column("unlimited", Kind::Bool).default("FALSE")]
        }
        Shared::Sites => vec![account(), name(), column("domain", Kind::Text(255))],
        Shared::Sectors => vec![account(), site(), name()],
        Shared::Blueprints => {
            vec![account(), site(), sector(), name(), column("document", Kind::LongText)]
        }
        Shared::Contents => {
            vec![account(), site(), sector(), column("title", Kind::LongText), column("url", Kind::Text(200))]
        }
        Shared::PageMetrics => vec![
            account(),
            site(),
            column("content_id", Kind::Big).set_null(Target::Shared(Shared::Contents)),
            column("url", Kind::LongText),
            column("period_start", Kind::Date),
            column("period_end", Kind::Date),
            column("clicks", Kind::Big),
            column("impressions", Kind::Big),
            column("position", Kind::Float).null(),
        ],
        Shared::Settings => vec![
            account(),
            column("site_id", Kind::Big).null().cascade(Target::Shared(Shared::Sites)),
            column("kind", Kind::Text(50)),
            column("secret", Kind::Bytes),
            column("updated_at", Kind::Moment),
        ],
        Shared::Ledger => vec![
            account(),
            column("amount", Kind::Money),
            column("balance_after", Kind::Money),
            column("operation", Kind::Text(50)),
            column("note", Kind::Text(255)),
            column("campaign_id", Kind::Big).null(),
            made,
        ],
        Shared::Tokens => vec![
            account(),
            name(),
            column("role", Kind::Text(15)),
            column("token_hash", Kind::Text(64)),
            column("site_ids", Kind::Json).null(),
            made,
            column("expires_at", Kind::Moment).null(),
            column("revoked_at", Kind::Moment).null(),
        ],
    }
}

fn indexes(shared: Shared, table: &str) -> Vec<Index> {
    let named = |what: &str| format!("{table}_{what}_idx");
    match shared {
        Shared::Accounts => Vec::new(),
        Shared::Sites => vec![index(&named("account"), &["account_id"])],
        Shared::Sectors => vec![index(&named("site"), &["site_id"])],
        Shared::Blueprints => vec![index(&named("site"), &["account_id", "site_id"])],
        Shared::Contents => vec![unique(&named("url"), &["site_id", "url"]), index(&named("account"), &["account_id"])],
        Shared::PageMetrics => {
            vec![unique(&named("page"), &["site_id", "period_end", "url"]), index(&named("content"), &["content_id"])]
        }
        Shared::Settings => vec![unique(&named("kind"), &["account_id", "COALESCE(site_id, 0)", "kind"])],
        Shared::Ledger => vec![index(&named("account"), &["account_id", "id"])],
        Shared::Tokens => {
            vec![unique(&named("hash"), &["token_hash"]), index(&named("account"), &["account_id"])]
        }
    }
}
