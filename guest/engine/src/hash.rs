//! FNV-1a, for finding texts by number: numbers compare several times as fast as texts that begin alike, most of all
//! in the sandbox. It orders nothing that leaves the engine.

pub(crate) const START: u64 = 0xcbf2_9ce4_8422_2325;

pub(crate) fn add(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
}
