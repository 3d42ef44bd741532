//! What a robots.txt says to us.

use std::fmt;
use std::time::Duration;

use texting_robots::Robot;

use crate::Error;
use crate::address::Target;

/// The rules that an origin has for us.
pub struct Rules(Kind);

enum Kind {
    /// There are none.
    None,
    Some(Box<Robot>),
    Unreachable(Error),
}

/// Whether a page may be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Allowed,
    /// The site asks us not to: `robots_disallowed`, never dead.
    Disallowed,
    /// The rules can't be read, and until then the answer is no (RFC 9309 §2.3.1.4). [`Error::Robots`] where that is all
    /// that is known; anything else is wrong with the host, which isn't there, or with the way to it.
    Unreachable(Error),
}

/// Rules with `$` are regular expressions to the parser, each of some 10 KB and 30 us. Honest files have dozens; beyond
/// these they are left out, so that no file costs megabytes or seconds.
const MOST_ANCHORED: usize = 500;

impl Rules {
    pub(super) const fn none() -> Self {
        Self(Kind::None)
    }

    pub(super) const fn unreachable_for(error: Error) -> Self {
        Self(Kind::Unreachable(error))
    }

    /// Reads a file. What can't be read of it is skipped, as RFC 9309 §2.2 wants.
    pub(super) fn parse(agent: &str, text: &[u8]) -> Self {
        let robot =
            Robot::new(agent, &anchored(text, MOST_ANCHORED)).or_else(|_| Robot::new(agent, &anchored(text, 0)));
        robot.map_or(Self::none(), |mut robot| {
            robot.sitemaps = Vec::new();
            Self(Kind::Some(Box::new(robot)))
        })
    }

    /// Whether a page of this origin may be looked at.
    #[must_use]
    pub fn verdict(&self, target: &Target) -> Verdict {
        match &self.0 {
            Kind::None => Verdict::Allowed,
            Kind::Some(robot) if robot.allowed(target.path_and_query()) => Verdict::Allowed,
            Kind::Some(_) => Verdict::Disallowed,
            Kind::Unreachable(error) => Verdict::Unreachable(error.clone()),
        }
    }

    /// The pause that the site asks for, as it says it: the scheduler bounds it.
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        match &self.0 {
            Kind::Some(robot) => Duration::try_from_secs_f32(robot.delay?).ok(),
            Kind::None | Kind::Unreachable(_) => None,
        }
    }

    /// Why the rules can't be read.
    #[must_use]
    pub const fn unreachable(&self) -> Option<&Error> {
        match &self.0 {
            Kind::Unreachable(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Kind::None => "Rules(none)",
            Kind::Some(_) => "Rules(some)",
            Kind::Unreachable(_) => "Rules(unreachable)",
        })
    }
}

/// The file without a byte order mark and without the lines with `$` beyond the first so many.
fn anchored(text: &[u8], most: usize) -> Vec<u8> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut seen = 0;
    let kept = text.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| {
        seen += usize::from(line.contains(&b'$'));
        seen <= most || !line.contains(&b'$')
    });
    kept.flatten().copied().collect()
}
