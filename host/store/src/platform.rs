//! Names of the platform's tables and columns: one file, `platform.toml`, or the operator's own in its form.

use std::collections::BTreeMap;

use sea_orm::sea_query::Alias;
use serde::Deserialize;

use crate::config_file::ConfigFile;
use crate::{Error, Result};

/// A table that the platform keeps where it is present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shared {
    /// Who pays.
    Accounts,
    /// What campaigns are for.
    Sites,
    /// Parts of a site.
    Sectors,
    /// SAG blueprints (01A).
    Blueprints,
    /// Pages.
    Contents,
    /// Search Console figures of pages (02C).
    PageMetrics,
    /// Encrypted secrets of integrations.
    Settings,
    /// Every movement of credits.
    Ledger,
    /// API tokens, hashed.
    Tokens,
}

impl Shared {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::Accounts,
        Self::Sites,
        Self::Sectors,
        Self::Blueprints,
        Self::Contents,
        Self::PageMetrics,
        Self::Settings,
        Self::Ledger,
        Self::Tokens,
    ];
}

/// One table's names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    table: String,
    #[serde(default)]
    columns: BTreeMap<String, String>,
}

/// The mapping.
#[derive(Clone, Debug)]
pub struct Platform(BTreeMap<Shared, Names>);

impl Default for Platform {
    fn default() -> Self {
        // A test reads the file; an empty mapping names every table by its place in `Shared`.
        Self::parse(include_str!("platform.toml")).unwrap_or(Self(BTreeMap::new()))
    }
}

impl Platform {
    /// Reads a mapping file. Tables that it doesn't name keep the names they have in ours.
    ///
    /// # Errors
    /// `Invalid` with what is wrong and where.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |why: String| Error::invalid("platform mapping", why);
        let file = ConfigFile::parse(text, &[]).and_then(ConfigFile::read);
        let names: BTreeMap<Shared, Names> = file.map_err(|fault| wrong(fault.to_string()))?;
        let plain =
            |name: &String| name.len() <= 63 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        for (shared, names) in &names {
            if !std::iter::once(&names.table).chain(names.columns.values()).all(plain) {
                let why = "names of tables and columns are at most 63 letters, digits and underscores";
                return Err(wrong(format!("{shared:?}: {why}").to_lowercase()));
            }
        }
        Ok(Self(names))
    }

    /// With the operator's names in place of ours.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn with(mut self, text: &str) -> Result<Self> {
        self.0.extend(Self::parse(text)?.0);
        Ok(self)
    }

    /// The table's name.
    #[must_use]
    pub fn table(&self, shared: Shared) -> String {
        match self.0.get(&shared) {
            Some(names) => names.table.clone(),
            None => format!("igny8_{shared:?}").to_lowercase(),
        }
    }

    /// The column's name; `None` where the platform has none.
    #[must_use]
    pub fn column(&self, shared: Shared, column: &str) -> Option<String> {
        let named = self.0.get(&shared).and_then(|names| names.columns.get(column));
        match named {
            Some(name) => (!name.is_empty()).then(|| name.clone()),
            None => Some(column.to_owned()),
        }
    }

    pub(crate) fn iden(&self, shared: Shared) -> Alias {
        Alias::new(self.table(shared))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_file_names_every_table() {
        let ours = Platform::default();
        assert!(Shared::ALL.iter().all(|shared| ours.0.contains_key(shared)));
        assert_eq!(ours.table(Shared::Accounts), "igny8_tenants");
    }

    #[test]
    fn an_operator_renames() {
        let theirs = "[sites]\ntable = \"wp_sites\"\ncolumns = { account_id = \"tenant_id\", domain = \"\" }";
        let platform = Platform::default().with(theirs).unwrap();
        assert_eq!(platform.table(Shared::Sites), "wp_sites");
        assert_eq!(platform.column(Shared::Sites, "account_id").as_deref(), Some("tenant_id"));
        assert_eq!(platform.column(Shared::Sites, "domain"), None);
        assert_eq!(platform.column(Shared::Sites, "name").as_deref(), Some("name"));
        assert_eq!(platform.table(Shared::Contents), "igny8_content");
        let hostile = Platform::parse("[sites]\ntable = \"a; drop\"").unwrap_err().to_string();
        assert!(hostile.contains("sites: names of tables and columns"), "{hostile}");
    }
}
