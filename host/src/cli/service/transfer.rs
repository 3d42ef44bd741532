//! `import` and `export`: files into the database and out of it.

use std::path::Path;

use linker_store::import::{Imported, read_backlinks, read_pages};
use linker_store::{BacklinkFilter, export as csv};

use super::args::{Export, ExportCommand, Import, ImportCommand};
use super::{block_on, open, scope};
use crate::cli::failure::Failure;
use crate::cli::output;

pub(in crate::cli) fn import(args: &Import) -> Result<(), Failure> {
    block_on(async {
        match &args.what {
            ImportCommand::Blueprint { owner, site, file } => {
                let bytes = read(file)?;
                let store = open(&owner.database).await?;
                let saved = store.import_blueprint(&scope(&store, owner.account).await?, *site, &bytes).await?;
                anstream::println!("blueprint {}, {} pages", saved.id, saved.blueprint.pages.len());
                Ok(store.close().await?)
            }
            ImportCommand::Pages { owner, site, from, to, file } => {
                let pages = read_pages(&read(file)?, (*from, *to))?;
                let store = open(&owner.database).await?;
                tell(&store.import_pages(&scope(&store, owner.account).await?, *site, pages).await?, "pages");
                Ok(store.close().await?)
            }
            ImportCommand::Backlinks { owner, campaign, link_type, file } => {
                let links = read_backlinks(&read(file)?)?;
                let store = open(&owner.database).await?;
                let scope = scope(&store, owner.account).await?;
                tell(&store.import_backlinks(&scope, *campaign, *link_type, links).await?, "backlinks");
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
    anstream::println!("{} {what} imported, {} lines refused", done.imported, done.refused.len());
}

pub(in crate::cli) fn export(args: &Export) -> Result<(), Failure> {
    let ExportCommand::Backlinks { owner, campaign, output } = &args.what;
    block_on(async {
        let store = open(&owner.database).await?;
        let scope = scope(&store, owner.account).await?;
        store.campaign_row(&scope, *campaign).await?;
        let filter = BacklinkFilter { campaign: Some(*campaign), ..BacklinkFilter::default() };
        let (mut file, mut after) = (csv::backlinks_header()?, 0);
        loop {
            let rows = store.backlinks_after(&scope, filter, after, 5000).await?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            file.extend(csv::backlinks_csv(&rows)?);
        }
        match output {
            Some(path) => output::write_file(path, &file)?,
            None => output::write_stdout(&file)?,
        }
        Ok(store.close().await?)
    })
}
