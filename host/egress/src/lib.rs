//! The only way out of the host: fetches pages for the checker, safe to point at any URL.
//!
//! # The threat
//!
//! URLs come from customers and from the pages that other people's servers redirect to, and they are fetched by a machine
//! that stands inside a network. Whoever chooses a URL must not be able to make this machine talk to anything but the
//! public web: not to its own ports, the neighbours on its network, the cloud's metadata service (which hands out
//! credentials), nor to a public server's mail port. A name may be public at one look-up and private at the next
//! (rebinding), may have one public and one private address, or spell a private address in a dozen ways.
//!
//! So there is one gate, [`address::Policy`], and one door, [`Sender::send`], which can't be passed without it:
//!
//! 1. The URL is parsed by the WHATWG rules, once, and the same parse decides and connects.
//! 2. The name is resolved once; *every* address of the answer must be public, seen in its canonical form.
//! 3. The socket goes to one of those addresses, never to the name: nothing is resolved again.
//! 4. No redirect is followed here. The caller asks again, so that each hop passes the gate; so does robots.txt.
//!
//! What comes back may be hostile as well: heads, bodies, decoded bodies and time are bounded ([`Config`]).
//!
//! ```
//! use linker_egress::address::Policy;
//!
//! let policy = Policy::default();
//! assert!(policy.target("https://questdb.io/blog/").is_ok());
//! // The same private address, and a cloud's metadata service, however they are written.
//! for url in ["http://127.0.0.1/", "http://2130706433/", "http://[::ffff:7f00:1]/", "http://169.254.169.254/latest/meta-data/"] {
//!     assert!(policy.target(url).is_err(), "{url}");
//! }
//! ```

pub mod address;
pub mod body;
mod dial;
mod error;
pub mod politeness;
mod resolve;
pub mod robots;
pub mod sender;

pub use body::Body;
pub use dial::{Dialer, TcpDialer};
pub use error::{Error, Phase};
pub use resolve::{LookupError, Resolver, SystemResolver};
pub use sender::{Config, Met, Sender};
