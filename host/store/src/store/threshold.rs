//! The country's quality threshold, enforced before money is spent, whoever brings the score: a request, a
//! file, or a change of one that is there.

use crate::entity::{backlink, campaign};
use crate::vocabulary::BacklinkStatus;
use crate::word::Vocabulary;
use crate::{Error, Result};

/// Refuses to plan or order what is known to be too bad. What isn't scored yet may be.
pub(super) fn good_enough(campaign: &campaign::Model, row: &backlink::Model) -> Result<()> {
    let threshold = campaign.country_profile.get("quality_threshold").and_then(serde_json::Value::as_f64);
    let buying = matches!(row.status.0, BacklinkStatus::Planned | BacklinkStatus::Ordered);
    match (row.quality_score, threshold) {
        (Some(score), Some(threshold)) if buying && score < threshold => {
            let country = campaign.country_code.0.word();
            let why = format!("{score} of 11 is below {country}'s threshold of {threshold}: choose a better placement");
            Err(Error::invalid("quality_score", why))
        }
        _ => Ok(()),
    }
}
