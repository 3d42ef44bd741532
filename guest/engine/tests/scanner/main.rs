//! The scanner against html5ever's tree: on the real pages every `a[href]` and `area[href]` with equal URL, rel and
//! text, and the HTML standard's traps one by one.

mod oracle;
mod pages;
mod soup;
mod tags;
mod traps;
