//! What the command line takes.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::help;

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
    /// The rules and prices of each country
    #[command(after_help = help::PROFILES)]
    Profiles(Profiles),
    /// Write the engine's WebAssembly component, for other hosts
    #[command(after_help = help::COMPONENT)]
    Component(Component),
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

fn months(text: &str) -> Result<Months, String> {
    match text.parse() {
        _ if text == "all" => Ok(Months::All),
        Ok(month @ 1..) => Ok(Months::One(month)),
        _ => Err("give the number of a month, from 1, or `all`".to_owned()),
    }
}
