//! What the command line takes.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use linker_types::Decimal;

use super::help;
use super::service;

/// Plans backlink campaigns: which pages get links, from where, with which anchors, when, and for how much.
#[derive(Parser)]
#[command(name = "igny8-linker", version, max_term_width = 100, arg_required_else_help = true, after_help = help::TOP)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Plan a campaign from a site's blueprint
    #[command(after_help = help::GENERATE)]
    Generate(Generate),
    /// Change a campaign, by the prices and rules it was planned with
    #[command(after_help = help::ADJUST)]
    Adjust(Adjust),
    /// Score placements on offer, best first
    #[command(after_help = help::SCORE)]
    Score(Score),
    /// Can link building stop?
    #[command(after_help = help::TIPPING_POINT)]
    TippingPoint(Figures),
    /// What to do about links that died
    #[command(after_help = help::REPLACEMENTS)]
    Replacements(Replacements),
    /// Are placed links still there?
    #[command(after_help = help::CHECK)]
    Check(Check),
    /// The rules and prices of each country
    #[command(after_help = help::PROFILES)]
    Profiles(Profiles),
    /// Write the engine's WebAssembly component, for other hosts
    #[command(after_help = help::COMPONENT)]
    Component(Component),
    /// Answer the REST API, and check backlinks behind it
    #[command(after_help = help::SERVE)]
    Serve(Box<service::Serve>),
    /// Make an account with a site and a token
    #[command(after_help = help::INIT)]
    Init(service::Init),
    /// Make the tables that are absent
    #[command(after_help = help::MIGRATE)]
    Migrate(service::Migrate),
    /// Make, list and revoke API tokens
    Token(service::Token),
    /// Grant credits, and see where they went
    Credits(service::Credits),
    /// Bring in blueprints, Search Console's figures, backlinks
    #[command(after_help = help::IMPORT)]
    Import(service::Import),
    /// Take backlinks away
    Export(service::Export),
}

#[derive(Args)]
pub(super) struct Generate {
    /// The site's blueprint, a JSON file; `-` reads standard input
    pub(super) blueprint: PathBuf,
    /// PK, CA, UK or USA
    #[arg(short, long)]
    pub(super) country: String,
    #[command(flatten)]
    pub(super) edits: Edits,
    #[command(flatten)]
    pub(super) output: PlanOutput,
}

#[derive(Args)]
pub(super) struct Adjust {
    /// The campaign, as `generate --format json` wrote it; `-` reads standard input
    pub(super) campaign: PathBuf,
    /// The blueprint that it was planned from
    #[arg(short, long, value_name = "FILE")]
    pub(super) blueprint: PathBuf,
    #[command(flatten)]
    pub(super) edits: Edits,
    #[command(flatten)]
    pub(super) output: PlanOutput,
}

#[derive(Args)]
pub(super) struct Edits {
    /// Set a figure yourself; several after one --set, and --set several times (keys: see below)
    #[arg(long, value_name = "KEY=VALUE", num_args = 1.., value_parser = super::set::pair)]
    pub(super) set: Vec<(String, String)>,
    /// Anchor texts that you propose, a JSON list of {"content_id", "type", "text"}
    #[arg(long, value_name = "FILE")]
    pub(super) anchors: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct PlanOutput {
    /// What to print: a plan to read, the whole document, or one row a link
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// The month whose links the text lists: a number, or `all`
    #[arg(short, long, default_value = "1", value_parser = months)]
    pub(super) month: Months,
    #[command(flatten)]
    pub(super) to: To,
}

#[derive(Args)]
pub(super) struct Score {
    /// The score request, a JSON file; `-` reads standard input
    pub(super) file: PathBuf,
    /// PK, CA, UK or USA, in place of the file's country_code
    #[arg(short, long)]
    pub(super) country: Option<String>,
    /// Spam domains, one a line, in place of the file's; where there are none, a built-in list is used
    #[arg(short, long, value_name = "FILE")]
    pub(super) blocklist: Option<PathBuf>,
    /// What to print
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) to: To,
}

#[derive(Args)]
pub(super) struct Figures {
    /// The tipping-point request, a JSON file; `-` reads standard input
    pub(super) file: PathBuf,
    /// PK, CA, UK or USA, in place of the file's country_code
    #[arg(short, long)]
    pub(super) country: Option<String>,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Args)]
pub(super) struct Replacements {
    /// The replacement request, a JSON file; `-` reads standard input
    pub(super) file: PathBuf,
    /// PK, CA, UK or USA, in place of the file's country_code
    #[arg(short, long)]
    pub(super) country: Option<String>,
    /// Spam domains, one a line, in place of the file's; where there are none, a built-in list is used
    #[arg(short, long, value_name = "FILE")]
    pub(super) blocklist: Option<PathBuf>,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Args)]
#[command(group(clap::ArgGroup::new("links").required(true).args(["file", "source"])))]
pub(super) struct Check {
    /// The links, JSON or CSV with `source_url` and `target_url`; `-` reads standard input
    pub(super) file: Option<PathBuf>,
    /// One link in place of a file: the page that it should be on
    #[arg(long, value_name = "URL", requires = "target")]
    pub(super) source: Option<String>,
    /// Where it should lead
    #[arg(long, value_name = "URL", requires = "source")]
    pub(super) target: Option<String>,
    /// The anchor text that was agreed
    #[arg(long, value_name = "TEXT", requires = "source")]
    pub(super) anchor: Option<String>,
    /// When a link is dead: on a second look, or at the first error or removed link
    #[arg(long, value_enum, default_value_t = Death::Confirmed)]
    pub(super) policy: Death,
    /// Keeps what was seen, so that the next run knows how often a link has failed
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// Do not wait a minute to look again at links that seem dead
    #[arg(long)]
    pub(super) no_confirm: bool,
    /// Follow links to other addresses to see whether they lead to the target
    #[arg(long)]
    pub(super) follow: bool,
    /// Offer links younger than 90 days a look every day in place of every week
    #[arg(long)]
    pub(super) daily: bool,
    /// PK, CA, UK or USA: whose prices and minimum DR say what to order in place of a dead link
    #[arg(short, long)]
    pub(super) country: Option<String>,
    /// Dollars that are left for replacements; without it, the country's prices are the only limit
    #[arg(long, value_name = "DOLLARS", value_parser = dollars)]
    pub(super) reserve: Option<Decimal>,
    /// Requests at once, to different hosts
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(super) concurrency: u32,
    /// Seconds between two requests to a host; a longer Crawl-delay of its robots.txt is obeyed
    #[arg(long, default_value_t = 5.0, value_name = "SECONDS")]
    pub(super) spacing: f64,
    /// Who we say we are; without the word "link", which many firewalls block
    #[arg(long, value_name = "TEXT")]
    pub(super) user_agent: Option<String>,
    /// Believe the certificates that this machine believes, for networks that open TLS
    #[arg(long)]
    pub(super) system_roots: bool,
    /// For tests: this machine's own ports may be fetched
    #[arg(long, hide = true)]
    pub(super) unsafe_allow_loopback: bool,
    /// What to print
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) to: To,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Death {
    Confirmed,
    Literal,
}

#[derive(Args)]
pub(super) struct Profiles {
    /// PK, CA, UK or USA; all four where it is left out
    #[arg(short, long)]
    pub(super) country: Option<String>,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Args)]
pub(super) struct Component {
    /// Where to write it
    #[arg(short, long, value_name = "FILE")]
    pub(super) out: PathBuf,
    /// Keep function names, to read traps by
    #[arg(long)]
    pub(super) with_names: bool,
}

#[derive(Args)]
pub(super) struct Output {
    /// What to print
    #[arg(short, long, value_enum, default_value_t = Form::Text)]
    pub(super) format: Form,
    #[command(flatten)]
    pub(super) to: To,
}

#[derive(Args)]
pub(super) struct To {
    /// Write to a file, whole or not at all, in place of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Columns of the text, 72 to 200
    #[arg(long, hide = true, value_parser = clap::value_parser!(u16).range(72..=200))]
    pub(super) width: Option<u16>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
    Csv,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Form {
    Text,
    Json,
}

/// The months whose links are listed.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Months {
    All,
    One(u32),
}

fn dollars(text: &str) -> Result<Decimal, String> {
    Decimal::parse(text)
        .filter(|sum| sum.units >= 0)
        .ok_or_else(|| "give a sum of dollars, such as 240 or 239.50".to_owned())
}

fn months(text: &str) -> Result<Months, String> {
    match text.parse() {
        _ if text == "all" => Ok(Months::All),
        Ok(month @ 1..) => Ok(Months::One(month)),
        _ => Err("give the number of a month, from 1, or `all`".to_owned()),
    }
}
