//! Answers for a person. Everything can be told without colour; colour only helps the eye.

pub(super) mod bars;
pub(super) mod check;
pub(super) mod ink;
pub(super) mod page;
pub(super) mod plan;
pub(super) mod profiles;
pub(super) mod reasons;
pub(super) mod replacements;
pub(super) mod score;
pub(super) mod table;
pub(super) mod tipping_point;
pub(super) mod words;
