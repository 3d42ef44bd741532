//! `export`: files out of the database.

use std::io::{IsTerminal, Read, stdout};
use std::path::Path;

use linker_types::Campaign;

use super::args::{Export, ExportCommand, OfCampaign};
use super::{block_on, open, scope};
use crate::audit;
use crate::cli::failure::Failure;
use crate::cli::{input, output};
use crate::engine::Engine;
use crate::sheet::{Form, SheetError, backlinks, links};
use crate::walk::Walk;

impl From<SheetError> for Failure {
    fn from(error: SheetError) -> Self {
        Self::Usage(error.to_string())
    }
}

pub(in crate::cli) fn export(args: &Export) -> Result<(), Failure> {
    block_on(async {
        match &args.what {
            ExportCommand::Backlinks { of, format } => {
                must_be_readable(of, *format)?;
                let store = open(&of.owner.database).await?;
                let mut walk = Walk::new(&store, &scope(&store, of.owner.account).await?, of.campaign).await?;
                let file = match format {
                    Form::Xlsx => {
                        let (mut book, mut file) = (backlinks::xlsx(walk, ()).await?, Vec::new());
                        book.read_to_end(&mut file).map_err(SheetError::File)?;
                        file
                    }
                    Form::Csv => {
                        let mut file = backlinks::header();
                        while let Some(lines) = backlinks::lines(&mut walk).await? {
                            file.push_str(&lines);
                        }
                        file.into_bytes()
                    }
                };
                write(of.output.as_deref(), &file)?;
                Ok(store.close().await?)
            }
            ExportCommand::Plan { of, format } => {
                must_be_readable(of, *format)?;
                let store = open(&of.owner.database).await?;
                let found = store.campaign(&scope(&store, of.owner.account).await?, of.campaign).await?;
                let plan = found.plan.ok_or_else(|| {
                    Failure::Usage("this campaign was made elsewhere and has no plan of ours".to_owned())
                })?;
                let plan: Campaign = serde_json::from_str(&plan.document)?;
                write(of.output.as_deref(), &links::file(&plan, *format)?)?;
                Ok(store.close().await?)
            }
            ExportCommand::Disavow { of, blocklist } => {
                let list = blocklist.as_deref().map_or_else(|| Ok(crate::BLOCKLIST.to_owned()), input::read)?;
                let blocklist: Vec<String> = crate::domains(&list).map(str::to_owned).collect();
                let store = open(&of.owner.database).await?;
                let scope = scope(&store, of.owner.account).await?;
                let campaign = store.campaign_row(&scope, of.campaign).await?;
                let domains = store.source_domains(&scope, of.campaign).await?;
                let made = audit::disavow(&Engine::new()?, &campaign, &domains, &blocklist);
                let file = made.map_err(|failure| Failure::Usage(failure.to_string()))??;
                write(of.output.as_deref(), file.as_bytes())?;
                Ok(store.close().await?)
            }
        }
    })
}

fn must_be_readable(of: &OfCampaign, format: Form) -> Result<(), Failure> {
    if format == Form::Xlsx && of.output.is_none() && stdout().is_terminal() {
        return Err(Failure::Usage("a workbook is nothing to read in a terminal: name a file with -o".to_owned()));
    }
    Ok(())
}

fn write(output: Option<&Path>, file: &[u8]) -> Result<(), Failure> {
    match output {
        Some(path) => output::write_file(path, file),
        None => output::write_stdout(file),
    }
}
