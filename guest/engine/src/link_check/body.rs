//! A body as it comes in, chunk by chunk, up to the limit (engine spec section 8, "Fetch").

use linker_types::{FetchFailure, Observation};

use super::BODY_LIMIT;

/// The part of a body that is judged.
#[derive(Debug, Default)]
pub struct Body {
    bytes: Vec<u8>,
    over: bool,
}

impl Body {
    /// Takes a decompressed chunk in. False: the limit is reached, there is no use in reading on.
    pub fn push(&mut self, mut chunk: Vec<u8>) -> bool {
        let room = BODY_LIMIT.saturating_sub(self.bytes.len());
        self.over |= chunk.len() > room;
        chunk.truncate(room);
        // Mostly the whole page in one.
        if self.bytes.is_empty() {
            self.bytes = chunk;
        } else {
            self.bytes.append(&mut chunk);
        }
        !self.over
    }

    /// Hands the body to an observation; `ended`: its end was reached. A failure that is there already stays.
    pub fn finish(self, ended: bool, observation: &mut Observation) {
        observation.body = self.bytes;
        observation.whole = ended && !self.over;
        if self.over {
            observation.failure.get_or_insert(FetchFailure::TooLarge);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(chunks: &[usize], ended: bool) -> (usize, bool, Option<FetchFailure>) {
        let mut body = Body::default();
        for (index, &length) in chunks.iter().enumerate() {
            let more = body.push(vec![b'x'; length]);
            assert_eq!(more, chunks[..=index].iter().sum::<usize>() <= BODY_LIMIT);
        }
        let request = r#"{"at": "2026-11-23T08:30:00Z", "status": 200}"#;
        let mut observation: Observation = serde_json::from_str(request).unwrap();
        body.finish(ended, &mut observation);
        (observation.body.len(), observation.whole, observation.failure)
    }

    #[test]
    fn up_to_the_limit() {
        assert_eq!(observed(&[], true), (0, true, None));
        assert_eq!(observed(&[5, 6], true), (11, true, None));
        assert_eq!(observed(&[5], false), (5, false, None));
        assert_eq!(observed(&[BODY_LIMIT - 1, 1], true), (BODY_LIMIT, true, None));
        assert_eq!(observed(&[BODY_LIMIT - 1, 2], true), (BODY_LIMIT, false, Some(FetchFailure::TooLarge)));
    }
}
