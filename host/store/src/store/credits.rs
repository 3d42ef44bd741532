//! Credits. The balance stands in the account's row and changes together with the ledger.
//!
//! An account that is `unlimited` (a service that stands alone) has all the credits that its column can count; what it
//! used is recorded all the same, and its balance goes below zero, to -99999999.99: beyond, one more use would be lost,
//! and it is refused until credits are granted. Nobody's balance goes over 99999999.99.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order as Sorting, Query};
use sea_orm::{ConnectionTrait, Statement, Value};

use super::{Page, Paging, Price, Store, fields, list};
use crate::entity::campaign;
use crate::platform::Shared;
use crate::schema::ddl::quoted;
use crate::scope::Scope;
use crate::{Error, Moment, Money, Result};

/// One movement.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct LedgerEntry {
    /// In order.
    pub id: i64,
    /// Credits; negative for what was used.
    pub amount: Money,
    /// Credits left after it.
    pub balance_after: Money,
    /// `grant`, or what was paid for.
    pub operation: String,
    /// For people.
    pub note: String,
    /// The campaign that was paid for.
    pub campaign_id: Option<i64>,
    /// When.
    pub created_at: Moment,
}

/// A movement to be recorded.
struct Movement<'a> {
    amount: Money,
    operation: &'a str,
    note: &'a str,
    campaign: Option<i64>,
}

impl Store {
    /// Adds credits; the new balance.
    ///
    /// # Errors
    /// `NotFound` (account), `Invalid`, also where the account would have more than 99999999.99.
    pub async fn grant_credits(&self, scope: &Scope, amount: Money, note: &str) -> Result<Money> {
        fields::money("amount", amount)?;
        fields::text("note", note, 255)?;
        let work = self.begin().await?;
        let movement = Movement { amount, operation: "grant", note, campaign: None };
        let balance = self.move_credits(&work, scope, &movement).await?;
        work.commit().await?;
        Ok(balance)
    }

    /// Takes the price of an operation; what is left.
    ///
    /// # Errors
    /// `NotEnoughCredits`, and nothing changed; `NotFound` (account).
    pub async fn debit_credits(&self, scope: &Scope, price: Price, campaign: Option<i64>) -> Result<Money> {
        let work = self.begin().await?;
        let balance = self.charge(&work, scope, price, campaign).await?;
        work.commit().await?;
        Ok(balance)
    }

    /// The same within a transaction.
    pub(super) async fn charge(
        &self,
        work: &impl ConnectionTrait,
        scope: &Scope,
        price: Price,
        campaign: Option<i64>,
    ) -> Result<Money> {
        fields::money("credits", price.credits)?;
        let movement = Movement { amount: -price.credits, operation: price.operation, note: "", campaign };
        self.move_credits(work, scope, &movement).await
    }

    /// Credits left.
    ///
    /// # Errors
    /// `NotFound` (account).
    pub async fn credit_balance(&self, scope: &Scope) -> Result<Money> {
        self.credit_balance_in(&self.db.read, scope).await
    }

    /// Whether the account is never refused for want of credits, which are only recorded then.
    ///
    /// # Errors
    /// `NotFound` (account).
    pub async fn has_unlimited_credits(&self, scope: &Scope) -> Result<bool> {
        let mut query = self.shared_select(Shared::Accounts, &["unlimited"]);
        query.cond_where(scope.shared(Shared::Accounts, &self.platform));
        let row = self.db.read.query_one(&query).await?.ok_or(Error::NotFound("account"))?;
        // The platform may have no such column, which then is null without a type.
        Ok(self.platform.column(Shared::Accounts, "unlimited").is_some()
            && row.try_get::<Option<bool>>("", "unlimited")? == Some(true))
    }

    /// Every movement, newest first; for whoever may see some sites only, those of their campaigns.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn ledger(&self, scope: &Scope, paging: Paging) -> Result<Page<LedgerEntry>> {
        let shared = Shared::Ledger;
        let mut rows = scope.shared(shared, &self.platform);
        if scope.sites.is_some() {
            use sea_orm::{QuerySelect, QueryTrait};
            let mut campaigns = scope.find::<campaign::Entity>().select_only().column(campaign::Column::Id);
            let campaigns = QueryTrait::query(&mut campaigns).to_owned();
            rows = rows.add(self.shared_column(shared, "campaign_id").in_subquery(campaigns));
        }
        let mut query = Query::select();
        query.from(self.platform.iden(shared)).cond_where(rows);
        let mut counting = query.clone();
        let count =
            list::count_of(&self.db.read, counting.expr_as(Expr::col(sea_orm::sea_query::Asterisk).count(), "rows"))
                .await?;
        for column in ["id", "amount", "balance_after", "operation", "note", "campaign_id", "created_at"] {
            query.expr_as(self.shared_column(shared, column), Alias::new(column));
        }
        query.order_by("id", Sorting::Desc).limit(paging.limit()).offset(paging.offset());
        let rows = self.db.read.query_all(&query).await?;
        let entry = |row: &sea_orm::QueryResult| {
            Ok(LedgerEntry {
                id: row.try_get("", "id")?,
                amount: row.try_get("", "amount")?,
                balance_after: row.try_get("", "balance_after")?,
                operation: row.try_get("", "operation")?,
                note: row.try_get("", "note")?,
                campaign_id: row.try_get("", "campaign_id")?,
                created_at: row.try_get("", "created_at")?,
            })
        };
        Ok(Page { count, rows: rows.iter().map(entry).collect::<Result<_>>()? })
    }

    /// Changes the balance in one statement that holds the account's row until the transaction ends, and records it.
    async fn move_credits(&self, work: &impl ConnectionTrait, scope: &Scope, movement: &Movement<'_>) -> Result<Money> {
        let name = |column: &str| self.platform.column(Shared::Accounts, column);
        let credits = name("credits").ok_or_else(|| Error::Conflict("the platform keeps no credits".to_owned()))?;
        let (credits, id) = (quoted(&credits), quoted(&name("id").unwrap_or_else(|| "id".to_owned())));
        let table = quoted(&self.platform.table(Shared::Accounts));
        let unlimited = name("unlimited").map_or_else(|| "FALSE".to_owned(), |name| quoted(&name));
        // SQLite adds decimals as REAL: rounded, the result is again the one nearest to the cents that are meant.
        let sum = match self.is_sqlite() {
            true => format!("ROUND({credits} + CAST($1 AS decimal), 2)"),
            false => format!("{credits} + CAST($1 AS decimal)"),
        };
        // Each end bounds what moves towards it: a balance that somebody else put beyond can come back.
        let end = Money::LARGEST;
        let sql = format!(
            "UPDATE {table} SET {credits} = {sum} WHERE {id} = $2 \
             AND (CAST($1 AS decimal) >= 0 OR {sum} >= CASE WHEN {unlimited} THEN -{end} ELSE 0 END) \
             AND (CAST($1 AS decimal) <= 0 OR {sum} <= {end}) \
             RETURNING {credits} AS credits"
        );
        let values: [Value; 2] = [movement.amount.into(), scope.account.into()];
        let statement = Statement::from_sql_and_values(work.get_database_backend(), sql, values);
        let Some(row) = work.query_one_raw(statement).await? else {
            let balance = self.credit_balance_in(work, scope).await?;
            if movement.amount > Money::ZERO {
                return Err(Error::invalid("amount", format!("the account has {balance}, and can have at most {end}")));
            }
            return Err(Error::NotEnoughCredits { needed: -movement.amount, balance });
        };
        let balance: Money = row.try_get("", "credits")?;
        self.record(work, scope, movement, balance).await?;
        Ok(balance)
    }

    async fn record(
        &self,
        work: &impl ConnectionTrait,
        scope: &Scope,
        movement: &Movement<'_>,
        balance: Money,
    ) -> Result<()> {
        let decimal = |money: Money| Expr::val(money).cast_as("decimal");
        let insert = self.shared_insert(
            Shared::Ledger,
            [
                ("account_id", scope.account.into()),
                ("amount", decimal(movement.amount)),
                ("balance_after", decimal(balance)),
                ("operation", movement.operation.into()),
                ("note", movement.note.into()),
                ("campaign_id", movement.campaign.into()),
                ("created_at", Moment::now().into()),
            ],
        );
        work.execute(&insert).await?;
        Ok(())
    }

    pub(super) async fn credit_balance_in(&self, db: &impl ConnectionTrait, scope: &Scope) -> Result<Money> {
        let mut query = Query::select();
        query
            .expr_as(self.shared_column(Shared::Accounts, "credits"), "credits")
            .from(self.platform.iden(Shared::Accounts))
            .cond_where(scope.shared(Shared::Accounts, &self.platform));
        let row = db.query_one(&query).await?.ok_or(Error::NotFound("account"))?;
        Ok(row.try_get::<Option<Money>>("", "credits")?.unwrap_or_default())
    }
}
