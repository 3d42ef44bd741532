//! Why a link is what it is, in a few words.

use linker_types::CheckReport;

/// All reasons of a report.
pub(in crate::cli) fn all(report: &CheckReport) -> String {
    report.reasons.iter().map(|reason| reason.label()).collect::<Vec<_>>().join(", ")
}
