//! `check`: links in, what became of them out.

mod given;
mod memory;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use linker_types::{CheckReport, Verdict};
use serde::Serialize;

use super::args::{Check, Format};
use super::failure::{Failure, Faults};
use super::output::{self, Answer};
use super::text;
use crate::check::{Checked, Courier, Loss, Progress, losses};
use crate::engine::{Engine, Failure as Refused};
use crate::stop::Signals;

/// True: every link is live.
pub(super) fn run(args: &Check) -> Result<bool, Failure> {
    let (mut placements, worth) = given::links(args)?;
    let terms = given::terms(args);
    let mut memory = memory::Memory::read(args.state.as_deref())?;
    memory.recall(&mut placements);
    args.to.output.as_deref().map_or(Ok(()), output::can_replace)?;
    let engine = Arc::new(Engine::new()?);
    let refused = |failure| explain(failure, args);
    // Before the first request, not after an hour of them.
    engine.validate(&placements, &crate::check::now()).map_err(refused)?;
    if let Some(country) = &terms.country {
        engine.profile(country).map_err(refused)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|source| Failure::Stream { doing: "start the network", source })?;
    let checked = runtime.block_on(async {
        let courier = settings::courier(args)?;
        let mut bar = Bar::new(placements.len(), &courier);
        let interrupts = tokio::spawn(interrupted(Arc::clone(&courier)));
        let checked = settings::run(args).check(&engine, &courier, placements, |progress| bar.tell(progress)).await;
        bar.finish();
        interrupts.abort();
        checked.map_err(refused)
    });
    // Bodies that nobody reads any more need not be waited for.
    runtime.shutdown_timeout(Duration::from_secs(1));
    let checked = checked?;
    // A state that can't be written is no reason to throw away what was seen.
    let kept = memory.keep(&checked);
    let losses = losses(&engine, &checked, &worth, &terms).map_err(refused)?;
    let live = checked.iter().all(|link| link.report.as_ref().is_ok_and(|report| report.verdict == Verdict::Live));
    let answer = match args.format {
        Format::Text => Answer::Text(text::check::show(&checked, &losses, output::width(&args.to))),
        Format::Json => json(&checked, &losses)?,
        Format::Csv => Answer::Data(super::csv::checks(&checked, &losses)),
    };
    output::write(&args.to, answer)?;
    kept.map(|()| live)
}

/// Each report with the URLs that it is about, and what is lost with a dead one; of a link without one, why.
fn json(checked: &[Checked], losses: &BTreeMap<usize, Loss>) -> Result<Answer, Failure> {
    #[derive(Serialize)]
    struct Line<'a> {
        source_url: &'a str,
        target_url: &'a str,
        #[serde(flatten)]
        report: Option<&'a CheckReport>,
        #[serde(flatten)]
        unseen: Option<Unseen>,
        #[serde(skip_serializing_if = "Option::is_none")]
        loss: Option<&'a Loss>,
    }
    #[derive(Serialize)]
    struct Unseen {
        backlink_id: u64,
        not_checked: String,
    }
    let mut lines = Vec::with_capacity(checked.len());
    for (at, Checked { placement, report }) in checked.iter().enumerate() {
        let why = report.as_ref().err().map(ToString::to_string);
        let unseen = why.map(|not_checked| Unseen { backlink_id: placement.backlink_id, not_checked });
        let (source_url, target_url) = (placement.source_url.as_str(), placement.target_url.as_str());
        lines.push(Line { source_url, target_url, report: report.as_ref().ok(), unseen, loss: losses.get(&at) });
    }
    super::commands::pretty(&lines)
}

/// The engine's faults, in the words of the file.
fn explain(refused: Refused, args: &Check) -> Failure {
    match refused {
        Refused::Engine(error) => error.into(),
        Refused::Input(errors) if errors.iter().all(|error| error.field.starts_with("placements[")) => {
            Failure::Input(vec![Faults { of: given::name(args), errors }])
        }
        Refused::Input(errors) => Failure::Input(errors.into_iter().map(option).collect()),
    }
}

/// A fault of the terms, in the words of the command line.
fn option(error: linker_types::Error) -> Faults {
    let of = match error.field.as_str() {
        "country_code" => "--country",
        "reserve_left" => "--reserve",
        _ => "the command line",
    };
    Faults { of: of.to_owned(), errors: vec![linker_types::Error { field: String::new(), ..error }] }
}

/// The first Ctrl-C ends the run with what is known, the second at once.
async fn interrupted(courier: Arc<Courier>) {
    // Without a listener the system ends the program at the first.
    let Ok(mut signals) = Signals::new() else { return };
    signals.next().await;
    courier.stop();
    anstream::eprintln!("stopping; what is known is reported");
    signals.next().await;
    std::process::exit(130);
}

/// Progress on a terminal; elsewhere nothing.
struct Bar {
    bar: ProgressBar,
    ticks: tokio::task::JoinHandle<()>,
    /// What each link was found to be: a second look takes the first one's place.
    found: Vec<Option<Verdict>>,
    counts: [usize; Verdict::ALL.len()],
}

impl Bar {
    fn new(links: usize, courier: &Arc<Courier>) -> Self {
        let bar = ProgressBar::new(links as u64);
        let style = "{bar:30} {pos}/{len} links, {elapsed}, {prefix} {wide_msg}";
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        let (shown, courier) = (bar.clone(), Arc::clone(courier));
        let ticks = tokio::spawn(async move {
            let (mut before, pause) = (0, Duration::from_millis(500));
            loop {
                tokio::time::sleep(pause).await;
                let ended = courier.ended();
                shown.set_prefix(format!("{} requests/s", (ended - before) * 2));
                before = ended;
                shown.tick();
            }
        });
        Self { bar, ticks, found: vec![None; links], counts: Default::default() }
    }

    fn tell(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Report(position, report) => self.count(position, report.verdict),
            Progress::Waiting(links, wait) => {
                let links = text::words::count(links as u64, "link");
                let seconds = wait.as_secs();
                let line =
                    format!("{links} did not answer as they should; looking again in {seconds} s (Ctrl-C: report now)");
                self.bar.suspend(|| anstream::eprintln!("{line}"));
            }
        }
    }

    fn count(&mut self, position: usize, verdict: Verdict) {
        match self.found[position].replace(verdict) {
            Some(before) => self.counts[before as usize] -= 1,
            None => self.bar.inc(1),
        }
        self.counts[verdict as usize] += 1;
        let told = Verdict::ALL.iter().zip(self.counts).filter(|&(_, count)| count > 0);
        let told: Vec<String> = told.map(|(verdict, count)| format!("{count} {verdict}")).collect();
        self.bar.set_message(told.join(", "));
    }

    fn finish(&self) {
        self.ticks.abort();
        self.bar.finish_and_clear();
    }
}
