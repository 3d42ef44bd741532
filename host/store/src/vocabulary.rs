//! The choices of R-9's columns, and of ours.

pub use linker_types::{AnchorType, Country, LinkType, Tier};

use utoipa::openapi::{RefOr, Schema};

use crate::word::Vocabulary;

/// A list that this crate owns.
macro_rules! choices {
    ($(#[$meta:meta])* $name:ident $called:literal { $($(#[$case_meta:meta])* $case:ident $word:literal $label:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$case_meta])* $case,)* }

        impl Vocabulary for $name {
            const ALL: &'static [Self] = &[$(Self::$case),*];
            const NAME: &'static str = $called;

            fn word(self) -> &'static str {
                match self { $(Self::$case => $word,)* }
            }

            fn label(self) -> &'static str {
                match self { $(Self::$case => $label,)* }
            }
        }

        impl utoipa::__dev::ComposeSchema for $name {
            fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
                crate::word::schema::<Self>()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}

choices! {
    /// Where a campaign stands; [`CampaignStatus::may_become`] is the state machine.
    CampaignStatus "campaign status" {
        /// Generated, adjustable, costs nothing yet.
        Draft "draft" "Draft",
        /// Links are being built.
        Active "active" "Active",
        /// Stopped for now.
        Paused "paused" "Paused",
        /// Over; nothing leads on from here.
        Completed "completed" "Completed",
    }
}

choices! {
    /// Where a backlink stands; [`BacklinkStatus::may_become`] is the state machine.
    BacklinkStatus "backlink status" {
        /// In the plan.
        Planned "planned" "Planned",
        /// Ordered from somebody.
        Ordered "ordered" "Ordered",
        /// Seen on its page.
        Live "live" "Live",
        /// Gone.
        Dead "dead" "Dead",
        /// Gone, and another stands in for it.
        Replaced "replaced" "Replaced",
        /// Turned down before it was live.
        Rejected "rejected" "Rejected",
    }
}

choices! {
    /// Where a link was bought; none is the empty text.
    Marketplace "marketplace" {
        /// Not said.
        None "" "",
        /// FatGrid.
        FatGrid "fatgrid" "FatGrid",
        /// PRNews.io.
        PrNews "prnews" "PRNews.io",
        /// EIN Presswire.
        Ein "ein" "EIN Presswire",
        /// Linking News.
        LinkingNews "linking_news" "Linking News",
        /// By hand.
        Manual "manual" "Manual",
    }
}

choices! {
    /// What a token may do.
    Role "role" {
        /// Look.
        Read "read" "Read",
        /// Look and change.
        Write "write" "Write",
        /// Also sites, tokens and settings.
        Admin "admin" "Admin",
    }
}

choices! {
    /// How far a background check is.
    CheckStatus "check status" {
        /// Waiting for a worker.
        Queued "queued" "Queued",
        /// A worker has it.
        Running "running" "Running",
        /// Finished.
        Done "done" "Done",
        /// Given up; `error` says why.
        Failed "failed" "Failed",
    }
}

impl CampaignStatus {
    /// draft -> active; active <-> paused; active, paused -> completed. Everything else is a conflict, also
    /// what leads nowhere (active -> active): the second of two people is told that it was done before.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Draft | Self::Paused, Self::Active)
                | (Self::Active, Self::Paused)
                | (Self::Active | Self::Paused, Self::Completed)
        )
    }
}

impl BacklinkStatus {
    /// planned -> ordered, live, rejected; ordered -> live, rejected, planned; live -> dead; dead -> live (it came
    /// back), replaced; rejected -> planned. Staying is always allowed.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Planned, Self::Planned | Self::Ordered | Self::Live | Self::Rejected)
                | (Self::Ordered, Self::Ordered | Self::Live | Self::Rejected | Self::Planned)
                | (Self::Live, Self::Live | Self::Dead)
                | (Self::Dead, Self::Dead | Self::Live | Self::Replaced)
                | (Self::Replaced, Self::Replaced)
                | (Self::Rejected, Self::Rejected | Self::Planned)
        )
    }
}

/// The lists of the engine's contract.
macro_rules! contract {
    ($($name:ident $called:literal $label:expr,)*) => {
        $(impl Vocabulary for $name {
            const ALL: &'static [Self] = $name::ALL;
            const NAME: &'static str = $called;

            fn word(self) -> &'static str {
                self.as_str()
            }

            fn label(self) -> &'static str {
                $label(self)
            }
        })*
    };
}

contract! {
    Country "country code" Country::as_str,
    Tier "tier" Tier::label,
    AnchorType "anchor type" AnchorType::label,
    LinkType "link type" LinkType::label,
}
