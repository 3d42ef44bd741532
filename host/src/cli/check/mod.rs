//! `check`: links in, what became of them out.

mod given;
mod memory;
mod settings;

use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use linker_types::{CheckReport, Verdict};
use serde::Serialize;

use super::args::{Check, Format};
use super::failure::{Failure, Faults};
use super::output::{self, Answer};
use super::text;
use crate::check::{Checked, Courier, Progress};
use crate::engine::{Engine, Failure as Refused};

/// True: every link is live.
pub(super) fn run(args: &Check) -> Result<bool, Failure> {
    let mut placements = given::placements(args)?;
    let mut memory = memory::Memory::read(args.state.as_deref())?;
    memory.recall(&mut placements);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|source| Failure::Stream { doing: "start the network", source })?;
    let checked = runtime.block_on(async {
        let courier = settings::courier(args)?;
        let engine = Arc::new(Engine::new()?);
        let bar = Bar::new(placements.len(), &courier);
        let interrupts = tokio::spawn(interrupted(Arc::clone(&courier)));
        let checked = settings::run(args).check(&engine, &courier, placements, |progress| bar.tell(progress)).await;
        bar.finish();
        interrupts.abort();
        checked.map_err(|refused| explain(refused, args))
    });
    // Bodies that nobody reads any more need not be waited for.
    runtime.shutdown_timeout(Duration::from_secs(1));
    let checked = checked?;
    memory.keep(&checked)?;
    let live = checked.iter().all(|link| link.report.as_ref().is_some_and(|report| report.verdict == Verdict::Live));
    let answer = match args.format {
        Format::Text => Answer::Text(text::check::show(&checked, output::width(&args.to))),
        Format::Json => json(&checked)?,
        Format::Csv => Answer::Data(super::csv::checks(&checked)),
    };
    output::write(&args.to, answer)?;
    Ok(live)
}

/// Each report with the URLs that it is about.
fn json(checked: &[Checked]) -> Result<Answer, Failure> {
    #[derive(Serialize)]
    struct Line<'a> {
        source_url: &'a str,
        target_url: &'a str,
        #[serde(flatten)]
        report: &'a CheckReport,
    }
    let mut lines = Vec::with_capacity(checked.len());
    for Checked { placement, report } in checked {
        if let Some(report) = report {
            lines.push(Line { source_url: &placement.source_url, target_url: &placement.target_url, report });
        }
    }
    super::commands::pretty(&lines)
}

/// The engine's faults, in the words of the file.
fn explain(refused: Refused, args: &Check) -> Failure {
    match refused {
        Refused::Engine(error) => error.into(),
        Refused::Input(errors) => Failure::Input(vec![Faults { of: given::name(args), errors }]),
    }
}

/// The first Ctrl-C ends the run with what is known, the second at once.
async fn interrupted(courier: Arc<Courier>) {
    if tokio::signal::ctrl_c().await.is_ok() {
        courier.stop();
        anstream::eprintln!("stopping; what is known is reported");
    }
    if tokio::signal::ctrl_c().await.is_ok() {
        std::process::exit(130);
    }
}

/// Progress on a terminal; elsewhere nothing.
struct Bar {
    bar: ProgressBar,
    ticks: tokio::task::JoinHandle<()>,
    counts: std::cell::RefCell<[u64; Verdict::ALL.len()]>,
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
        Self { bar, ticks, counts: Default::default() }
    }

    fn tell(&self, progress: Progress) {
        match progress {
            Progress::Reports(reports) => self.count(&reports),
            Progress::Waiting(links, wait) => {
                let links = text::words::count(links as u64, "link");
                let seconds = wait.as_secs();
                let line =
                    format!("{links} did not answer as they should; looking again in {seconds} s (Ctrl-C: report now)");
                self.bar.suspend(|| anstream::eprintln!("{line}"));
                self.bar.set_position(self.bar.length().unwrap_or(0));
            }
        }
    }

    fn count(&self, reports: &[CheckReport]) {
        let mut counts = self.counts.borrow_mut();
        for report in reports {
            counts[report.verdict as usize] += 1;
        }
        let told = Verdict::ALL.iter().zip(counts.iter()).filter(|&(_, &count)| count > 0);
        let told: Vec<String> = told.map(|(verdict, count)| format!("{count} {verdict}")).collect();
        self.bar.set_message(told.join(", "));
        self.bar.inc(reports.len() as u64);
    }

    fn finish(&self) {
        self.ticks.abort();
        self.bar.finish_and_clear();
    }
}
