//! One look at some links by one guest, which a hostile page may take down: then the others are looked at without it.

use std::collections::BTreeMap;
use std::sync::Arc;

use linker_types::{CheckPolicy, CheckReport, Error, Placement};

use super::{Courier, NoReport};
use crate::engine::{Engine, EngineError, Failure};

/// A link of a run, by its position there.
pub(super) type Link = (usize, Placement);
/// What became of it.
pub(super) type Outcome = (usize, Result<CheckReport, NoReport>);

/// Outcomes of all links, in no order. Blocks. Errors: the sandbox's, where no link is to blame.
pub(super) fn check(
    engine: &Engine,
    courier: &Arc<Courier>,
    mut links: Vec<Link>,
    policy: &CheckPolicy,
    at: &str,
) -> Result<Vec<Outcome>, Failure> {
    let mut outcomes = Vec::with_capacity(links.len());
    while !links.is_empty() {
        let placements: Vec<Placement> = links.iter().map(|(_, placement)| placement.clone()).collect();
        let reports = engine.check(Arc::clone(courier), &placements, policy, at).and_then(|reports| {
            if reports.len() == links.len() {
                return Ok(reports);
            }
            Err(EngineError::Trap { message: format!("{} reports of {}", reports.len(), links.len()) }.into())
        });
        match reports {
            Ok(reports) => {
                outcomes.extend(links.iter().zip(reports).map(|(&(position, _), report)| (position, Ok(report))));
                break;
            }
            Err(Failure::Input(errors)) => {
                let mut faults = by_placement(errors)?;
                let mut index = 0;
                links.retain(|&(position, _)| {
                    let fault = faults.remove(&index);
                    index += 1;
                    let kept = fault.is_none();
                    outcomes.extend(fault.map(|fault| (position, Err(NoReport::Faults(fault)))));
                    kept
                });
                // Of no link that it was given: it would say so for ever.
                if !faults.is_empty() {
                    return Err(Failure::Input(faults.into_values().flatten().collect()));
                }
            }
            Err(Failure::Engine(error @ EngineError::Load { .. })) => return Err(error.into()),
            Err(Failure::Engine(error)) if links.len() == 1 => {
                outcomes
                    .extend(links.iter().map(|&(position, _)| (position, Err(NoReport::Failed(error.to_string())))));
                break;
            }
            // Some page of these; the halves tell which.
            Err(Failure::Engine(_)) => {
                let half = links.split_off(links.len() / 2);
                outcomes.extend(check(engine, courier, half, policy, at)?);
            }
        }
    }
    Ok(outcomes)
}

/// Faults by the placement that has them, their fields without the list. Errors: one that no placement has.
fn by_placement(errors: Vec<Error>) -> Result<BTreeMap<usize, Vec<Error>>, Failure> {
    let mut faults: BTreeMap<usize, Vec<Error>> = BTreeMap::new();
    for error in errors {
        let index = error.field.strip_prefix("placements[").and_then(|rest| rest.split_once("]."));
        match index.and_then(|(index, field)| Some((index.parse().ok()?, field.to_owned()))) {
            Some((index, field)) => faults.entry(index).or_default().push(Error { field, ..error }),
            None => return Err(Failure::Input(vec![error])),
        }
    }
    Ok(faults)
}
