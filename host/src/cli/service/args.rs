//! What those commands take.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use linker_store::vocabulary::LinkType;
use linker_store::word::Vocabulary;

use crate::serve::config::{DatabaseOptions, ServeOptions};
use crate::sheet::Form;

#[derive(Args)]
pub(in crate::cli) struct Serve {
    #[command(flatten)]
    pub(super) database: DatabaseOptions,
    #[command(flatten)]
    pub(super) options: ServeOptions,
}

#[derive(Args)]
pub(in crate::cli) struct Init {
    #[command(flatten)]
    pub(super) database: DatabaseOptions,
    /// Who pays
    #[arg(long, default_value = "Own account")]
    pub(super) account: String,
    /// What campaigns are for: the site's name
    #[arg(long)]
    pub(super) site: String,
    /// The site's host, such as example.com
    #[arg(long, default_value = "")]
    pub(super) domain: String,
    /// Refuse what the account has no credits for; otherwise it is only recorded
    #[arg(long)]
    pub(super) limited: bool,
    /// Make another account beside those that there are: its rows and theirs never meet
    #[arg(long)]
    pub(super) another: bool,
}

#[derive(Args)]
pub(in crate::cli) struct Migrate {
    #[command(flatten)]
    pub(super) database: DatabaseOptions,
    /// Only tell how each table stands
    #[arg(long)]
    pub(super) status: bool,
}

#[derive(Args)]
pub(in crate::cli) struct Token {
    #[command(subcommand)]
    pub(super) does: TokenCommand,
}

#[derive(Subcommand)]
pub(super) enum TokenCommand {
    /// Make one; its secret is printed this once
    Create {
        #[command(flatten)]
        owner: Owner,
        /// What it is for
        #[arg(long)]
        name: String,
        /// read, write or admin
        #[arg(long, value_enum)]
        role: RoleArg,
        /// This site only; can be given several times
        #[arg(long = "site", value_name = "ID")]
        sites: Vec<i64>,
        /// Days until it stops working
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
        expires_in: Option<u32>,
    },
    /// All of an account
    List {
        #[command(flatten)]
        owner: Owner,
    },
    /// End one for good
    Revoke {
        #[command(flatten)]
        owner: Owner,
        /// The token's id
        id: i64,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum RoleArg {
    Read,
    Write,
    Admin,
}

#[derive(Args)]
pub(super) struct Owner {
    #[command(flatten)]
    pub(super) database: DatabaseOptions,
    /// The account; needed where there are several
    #[arg(long, value_name = "ID")]
    pub(super) account: Option<i64>,
}

#[derive(Args)]
pub(in crate::cli) struct Credits {
    #[command(subcommand)]
    pub(super) does: CreditsCommand,
}

#[derive(Subcommand)]
pub(super) enum CreditsCommand {
    /// Add credits
    Grant {
        #[command(flatten)]
        owner: Owner,
        /// How many, such as 20 or 2.5
        amount: String,
        /// Why
        #[arg(long, default_value = "")]
        note: String,
    },
    /// What is left, and the latest movements
    Show {
        #[command(flatten)]
        owner: Owner,
    },
}

#[derive(Args)]
pub(in crate::cli) struct Import {
    #[command(subcommand)]
    pub(super) what: ImportCommand,
}

#[derive(Subcommand)]
pub(super) enum ImportCommand {
    /// A site's blueprint, JSON
    Blueprint {
        #[command(flatten)]
        owner: Owner,
        /// The site
        #[arg(long, value_name = "ID")]
        site: i64,
        file: PathBuf,
    },
    /// Search Console's export Pages.csv
    Pages {
        #[command(flatten)]
        owner: Owner,
        /// The site
        #[arg(long, value_name = "ID")]
        site: i64,
        /// First day of what was exported
        #[arg(long, value_name = "DATE")]
        from: NaiveDate,
        /// Last day
        #[arg(long, value_name = "DATE")]
        to: NaiveDate,
        file: PathBuf,
    },
    /// Backlinks: an export of Ahrefs or Semrush, or CSV with the columns of `export backlinks`
    Backlinks {
        #[command(flatten)]
        owner: Owner,
        /// The campaign
        #[arg(long, value_name = "ID")]
        campaign: i64,
        /// How links were got that the file doesn't say it of
        #[arg(long, default_value = "guest_post", value_parser = link_type)]
        link_type: LinkType,
        file: PathBuf,
    },
}

#[derive(Args)]
pub(in crate::cli) struct Export {
    #[command(subcommand)]
    pub(super) what: ExportCommand,
}

#[derive(Subcommand)]
pub(super) enum ExportCommand {
    /// A campaign's backlinks, one a row
    Backlinks {
        #[command(flatten)]
        of: OfCampaign,
        /// CSV, or a workbook
        #[arg(short, long, value_enum, default_value_t)]
        format: Form,
    },
    /// A plan's links, one a row
    Plan {
        #[command(flatten)]
        of: OfCampaign,
        /// CSV, or a workbook
        #[arg(short, long, value_enum, default_value_t)]
        format: Form,
    },
    /// Domains of rejected and blocklisted backlinks, for search engines to ignore
    Disavow {
        #[command(flatten)]
        of: OfCampaign,
        /// Spam domains, one a line; a built-in list where it is left out
        #[arg(long, value_name = "FILE")]
        blocklist: Option<PathBuf>,
    },
}

#[derive(Args)]
pub(super) struct OfCampaign {
    #[command(flatten)]
    pub(super) owner: Owner,
    /// The campaign
    #[arg(long, value_name = "ID")]
    pub(super) campaign: i64,
    /// Where to write it; standard output where it is left out
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

fn link_type(text: &str) -> Result<LinkType, String> {
    LinkType::find(text).ok_or_else(|| {
        let known: Vec<_> = <LinkType as Vocabulary>::ALL.iter().map(|kind| kind.word()).collect();
        format!("use one of {}", known.join(", "))
    })
}
