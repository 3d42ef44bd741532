//! Brotli (RFC 7932).

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::coding::Step;

/// The crate's streaming call with its bookkeeping: its reader and writer would each copy once more.
pub(super) struct Brotli {
    state: BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>,
    total: usize,
}

impl Default for Brotli {
    fn default() -> Self {
        let alloc = StandardAlloc::default();
        // Strict: windows up to 16 MiB, and not the 1 GiB of the later "large window" format. The decoder lets its window
        // grow with what it decodes, so that the cap on the page caps the window as well.
        Self { state: BrotliState::new_strict(alloc, alloc, alloc), total: 0 }
    }
}

impl Brotli {
    pub(super) fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, String> {
        let (mut from, mut to) = (input.len(), output.len());
        let (mut read, mut wrote) = (0, 0);
        let result = BrotliDecompressStream(
            &mut from,
            &mut read,
            input,
            &mut to,
            &mut wrote,
            output,
            &mut self.total,
            &mut self.state,
        );
        match result {
            BrotliResult::ResultFailure => Err("invalid brotli data".to_owned()),
            result => Ok(Step { read, wrote, ended: matches!(result, BrotliResult::ResultSuccess) }),
        }
    }
}
