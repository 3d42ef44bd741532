//! Placements on offer.
