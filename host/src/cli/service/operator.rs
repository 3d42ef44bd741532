//! `init`, `migrate`, `token`, `credits`.

use linker_store::vocabulary::Role;
use linker_store::word::Vocabulary;
use linker_store::{Founded, Founding, Moment, Money, NewToken, Paging, Scope, Store, token_hash};

use super::args::{Credits, CreditsCommand, Init, Migrate, RoleArg, Token, TokenCommand};
use super::{block_on, open, scope};
use crate::api::new_secret;
use crate::cli::failure::Failure;

/// The first account with its site and an admin's token.
pub(in crate::cli) fn init(args: &Init) -> Result<(), Failure> {
    block_on(async {
        let store = open(&args.database).await?;
        let secret = new_secret();
        let token =
            NewToken { name: "first", role: Role::Admin, sites: None, hash: &token_hash(&secret), expires_at: None };
        let founding = Founding {
            account: &args.account,
            unlimited: !args.limited,
            site: &args.site,
            domain: &args.domain,
            token,
            another: args.another,
        };
        let (account, site) = match store.found(&founding).await? {
            Founded::Now(account, site) => (account, site),
            Founded::Before(account) => {
                return Err(Failure::Usage(format!(
                    "there is an account already ({}, `{}`): `token create` makes tokens for it, --another makes one more",
                    account.id, account.name
                )));
            }
        };
        anstream::eprintln!("account {} ({}), site {} ({})", account.id, account.name, site.id, site.name);
        anstream::eprintln!("next: `igny8-linker import blueprint --site {} FILE`, then `igny8-linker serve`", site.id);
        anstream::eprintln!("its admin's token, shown this once:");
        anstream::println!("{secret}");
        Ok(store.close().await?)
    })
}

pub(in crate::cli) fn migrate(args: &Migrate) -> Result<(), Failure> {
    block_on(async {
        let (database, _) = args.database.clone().complete(None)?;
        let (config, platform) = database.store()?;
        let report = match args.status {
            true => Store::status(&config, &platform).await?,
            false => Store::migrate(&config, &platform).await?,
        };
        anstream::print!("{report}");
        match report.is_complete() {
            true => Ok(()),
            false => Err(Failure::Usage("the tables are not as they should be: see above".to_owned())),
        }
    })
}

pub(in crate::cli) fn token(args: &Token) -> Result<(), Failure> {
    block_on(async {
        match &args.does {
            TokenCommand::Create { owner, name, role, sites, expires_in } => {
                let store = open(&owner.database).await?;
                let scope = scope(&store, owner.account).await?;
                let role = match role {
                    RoleArg::Read => Role::Read,
                    RoleArg::Write => Role::Write,
                    RoleArg::Admin => Role::Admin,
                };
                let expires = expires_in.map(|days| Moment::now().after(days.saturating_mul(86_400)));
                let sites = (!sites.is_empty()).then_some(sites.as_slice());
                let (id, secret) = make_token(&store, &scope, name, role, sites, expires).await?;
                anstream::eprintln!("token {id}, shown this once:");
                anstream::println!("{secret}");
                Ok(store.close().await?)
            }
            TokenCommand::List { owner } => {
                let store = open(&owner.database).await?;
                for token in store.tokens(&scope(&store, owner.account).await?).await? {
                    let sites = match &token.sites {
                        Some(sites) => format!("sites {sites:?}"),
                        None => "all sites".to_owned(),
                    };
                    let state = match (token.revoked_at, token.expires_at) {
                        (Some(at), _) => format!("revoked {at}"),
                        (None, Some(at)) => format!("until {at}"),
                        (None, None) => "for ever".to_owned(),
                    };
                    anstream::println!("{:>4}  {:6}  {sites}, {state}  {}", token.id, token.role.0.word(), token.name);
                }
                Ok(store.close().await?)
            }
            TokenCommand::Revoke { owner, id } => {
                let store = open(&owner.database).await?;
                store.revoke_token(&scope(&store, owner.account).await?, *id).await?;
                anstream::eprintln!("token {id} opens nothing any more");
                Ok(store.close().await?)
            }
        }
    })
}

async fn make_token(
    store: &Store,
    scope: &Scope,
    name: &str,
    role: Role,
    sites: Option<&[i64]>,
    expires_at: Option<Moment>,
) -> Result<(i64, String), Failure> {
    let secret = new_secret();
    let new = NewToken { name, role, sites, hash: &token_hash(&secret), expires_at };
    Ok((store.create_token(scope, &new).await?.id, secret))
}

pub(in crate::cli) fn credits(args: &Credits) -> Result<(), Failure> {
    block_on(async {
        match &args.does {
            CreditsCommand::Grant { owner, amount, note } => {
                let credits = Money::parse(amount)
                    .ok_or_else(|| Failure::Usage(format!("`{amount}` is no number of credits, such as 20 or 2.5")))?;
                let store = open(&owner.database).await?;
                let balance = store.grant_credits(&scope(&store, owner.account).await?, credits, note).await?;
                anstream::println!("{balance} credits");
                Ok(store.close().await?)
            }
            CreditsCommand::Show { owner } => {
                let store = open(&owner.database).await?;
                let scope = scope(&store, owner.account).await?;
                anstream::println!("{} credits", store.credit_balance(&scope).await?);
                for entry in store.ledger(&scope, Paging { page: 1, size: 20 }).await?.rows {
                    let campaign = entry.campaign_id.map(|id| format!(", campaign {id}")).unwrap_or_default();
                    let (at, amount) = (entry.created_at, entry.amount.to_string());
                    anstream::println!("{at}  {amount:>9}  {}{campaign}  {}", entry.operation, entry.note);
                }
                Ok(store.close().await?)
            }
        }
    })
}
