//! Requests that may come twice.

use std::collections::BTreeSet;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set, TryInsertResult};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::{Store, fields};
use crate::entity::idempotency::{ActiveModel, Column, Entity, Model};
use crate::scope::Scope;
use crate::{Error, Moment, Result};

/// An `Idempotency-Key` and what it was sent with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    key: String,
    operation: String,
    digest: String,
}

impl Idempotency {
    /// Of the client's key (1-255 characters), the operation's name and the request's body.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn new(key: &str, operation: &str, body: &[u8]) -> Result<Self> {
        Self::of_file(key, operation, "", body)
    }

    /// The same of a file, and of what it is for.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn of_file(key: &str, operation: &str, purpose: &str, file: &[u8]) -> Result<Self> {
        fields::some_text("idempotency-key", key, 255)?;
        fields::some_text("operation", operation, 50)?;
        let digest = hex(Sha256::new().chain_update(purpose).chain_update(file));
        Ok(Self { key: key.to_owned(), operation: operation.to_owned(), digest })
    }
}

impl Idempotency {
    /// The key as it is kept. Whoever may see some sites only has keys of their own, shared with those who may see just
    /// these: what others of the account send under the same key, and that they did, is not theirs to learn. Here and
    /// not in a column, so that keys that were kept before are found.
    fn kept(&self, scope: &Scope) -> String {
        let Some(sites) = &scope.sites else { return self.key.clone() };
        let sites: BTreeSet<i64> = sites.iter().copied().collect();
        format!("sites {}", digest(format!("{sites:?} {}", self.key).as_bytes()))
    }
}

/// SHA-256 in 64 hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    hex(Sha256::new().chain_update(bytes))
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        text.extend([byte >> 4, byte & 15].into_iter().filter_map(|half| char::from_digit(u32::from(half), 16)));
        text
    })
}

impl Store {
    /// The row that the same request made before.
    ///
    /// # Errors
    /// `Conflict` where the key came with another request.
    pub async fn resource_of(&self, scope: &Scope, key: Option<&Idempotency>) -> Result<Option<i64>> {
        Ok(self.kept(scope, key).await?.map(|kept| kept.resource_id))
    }

    /// What the same request answered before, of those that make no single row.
    pub(crate) async fn answer_of<T: DeserializeOwned>(
        &self,
        scope: &Scope,
        key: Option<&Idempotency>,
    ) -> Result<Option<T>> {
        let answer = self.kept(scope, key).await?.and_then(|kept| kept.answer);
        let read = |answer: String| serde_json::from_str(&answer).map_err(|error| Error::Broken(error.to_string()));
        answer.map(read).transpose()
    }

    /// Notes an answer; gives the one that somebody else noted who was faster.
    pub(crate) async fn keep_answer<T: Serialize + DeserializeOwned>(
        &self,
        scope: &Scope,
        key: Option<&Idempotency>,
        answer: T,
    ) -> Result<T> {
        let Some(key) = key else { return Ok(answer) };
        let text = serde_json::to_string(&answer).map_err(|error| Error::Broken(error.to_string()))?;
        let work = self.begin().await?;
        if self.keep(&work, scope, key, 0, Some(text)).await? {
            work.commit().await?;
            return Ok(answer);
        }
        drop(work);
        Ok(self.answer_of(scope, Some(key)).await?.unwrap_or(answer))
    }

    async fn kept(&self, scope: &Scope, key: Option<&Idempotency>) -> Result<Option<Model>> {
        let Some(key) = key else { return Ok(None) };
        let found = scope.find::<Entity>().filter(Column::Key.eq(key.kept(scope))).one(&self.db.read).await?;
        match found {
            None => Ok(None),
            Some(kept) if kept.operation == key.operation && kept.request_digest == key.digest => Ok(Some(kept)),
            Some(_) => Err(Error::Conflict("the idempotency key was used for another request".to_owned())),
        }
    }

    /// Notes what came of it; false where somebody else was faster.
    pub(super) async fn keep_key(
        &self,
        work: &impl ConnectionTrait,
        scope: &Scope,
        key: &Idempotency,
        id: i64,
    ) -> Result<bool> {
        self.keep(work, scope, key, id, None).await
    }

    async fn keep(
        &self,
        work: &impl ConnectionTrait,
        scope: &Scope,
        key: &Idempotency,
        id: i64,
        answer: Option<String>,
    ) -> Result<bool> {
        let row = ActiveModel {
            account_id: Set(scope.account),
            key: Set(key.kept(scope)),
            operation: Set(key.operation.clone()),
            request_digest: Set(key.digest.clone()),
            resource_id: Set(id),
            answer: Set(answer),
            created_at: Set(Moment::now()),
            ..Default::default()
        };
        let once = OnConflict::columns([Column::AccountId, Column::Key]).do_nothing().to_owned();
        let insert = Entity::insert_many([row]).on_conflict(once).try_insert();
        Ok(matches!(insert.exec_without_returning(work).await?, TryInsertResult::Inserted(1)))
    }

    /// Forgets keys older than `before`; how many.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn forget_keys(&self, before: Moment) -> Result<u64> {
        // Of every account: housekeeping, which no request can reach.
        let work = self.begin().await?;
        let forgotten = Entity::delete_many().filter(Column::CreatedAt.lt(before)).exec(&work).await?.rows_affected;
        work.commit().await?;
        Ok(forgotten)
    }
}
