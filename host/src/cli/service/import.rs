//! `import`: files into the database.

use std::path::Path;

use linker_store::import::{Imported, read_backlinks, read_blueprint, read_pages};

use super::args::{Import, ImportCommand};
use super::{block_on, open, scope};
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::engine::Engine;

pub(in crate::cli) fn import(args: &Import) -> Result<(), Failure> {
    block_on(async {
        match &args.what {
            ImportCommand::Blueprint { owner, site, file } => {
                let text = input::read(file)?;
                // What the engine can't plan from is refused now, and not when somebody plans.
                let fit = Engine::new()?.document_planner(&text)?.map(drop);
                fit.map_err(|faults| input::faults(&faults, |error| (input::name(file), error.field.clone())))?;
                let store = open(&owner.database).await?;
                let (scope, blueprint) = (scope(&store, owner.account).await?, read_blueprint(text.as_bytes())?);
                let saved = store.import_blueprint(&scope, *site, blueprint, None).await?;
                anstream::println!("blueprint {}, {} pages", saved.id, saved.blueprint.pages.len());
                Ok(store.close().await?)
            }
            ImportCommand::Pages { owner, site, from, to, file } => {
                let pages = read_pages(read(file)?, (*from, *to))?;
                let store = open(&owner.database).await?;
                let scope = scope(&store, owner.account).await?;
                tell(&store.import_pages(&scope, *site, &pages, None).await?, "pages");
                Ok(store.close().await?)
            }
            ImportCommand::Backlinks { owner, campaign, link_type, file } => {
                let links = read_backlinks(read(file)?)?;
                let store = open(&owner.database).await?;
                let scope = scope(&store, owner.account).await?;
                tell(&store.import_backlinks(&scope, *campaign, *link_type, &links, None).await?, "backlinks");
                Ok(store.close().await?)
            }
        }
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|source| Failure::File { doing: "read", path: path.to_owned(), source })
}

fn tell(done: &Imported, what: &str) {
    for refused in &done.refused {
        anstream::eprintln!("line {}: {}", refused.line, refused.why);
    }
    if done.refused_more > 0 {
        anstream::eprintln!("and {} more lines", done.refused_more);
    }
    anstream::println!("{} {what} imported, {} lines refused", done.imported, done.all_refused());
}
