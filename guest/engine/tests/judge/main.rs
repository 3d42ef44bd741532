//! The link judge: its vectors, and laws that hold for any page.

mod laws;
mod vectors;
