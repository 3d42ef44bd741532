//! Placed links: what should be there, what came back, what to make of it.

vocabulary! {
    #[derive(Default)]
    pub enum DeathPolicy {
        #[default]
        Confirmed "confirmed" "confirmed",
        Literal "literal" "literal",
    }
}

record! {
    #[derive(Default)]
    pub struct CheckPolicy {
        death "death" [optional]: DeathPolicy,
        follow_redirecting_links "follow-redirecting-links" [optional]: bool,
        daily_when_young "daily-when-young" [optional]: bool,
        in_flight "in-flight" [optional]: Option<u32>,
    }
}

vocabulary! {
    pub enum BacklinkStatus {
        Planned "planned" "planned",
        Ordered "ordered" "ordered",
        Live "live" "live",
        Dead "dead" "dead",
        Replaced "replaced" "replaced",
        Rejected "rejected" "rejected",
    }
}

vocabulary! {
    pub enum Verdict {
        Live "live" "live",
        Degraded "degraded" "degraded",
        Dead "dead" "dead",
        Unverified "unverified" "unverified",
        Blocked "blocked" "blocked",
    }
}

vocabulary! {
    pub enum CheckReason {
        LinkRemoved "link-removed" "link_removed",
        Http404 "http404" "http_404",
        Http410 "http410" "http_410",
        Http403 "http403" "http_403",
        Http4xx "http4xx" "http_4xx",
        Http5xx "http5xx" "http_5xx",
        HttpOther "http-other" "http_other",
        AuthRequired "auth-required" "auth_required",
        RateLimited "rate-limited" "rate_limited",
        Dns "dns" "dns",
        Connect "connect" "connect",
        Tls "tls" "tls",
        Timeout "timeout" "timeout",
        BrokenResponse "broken-response" "broken_response",
        RedirectLoop "redirect-loop" "redirect_loop",
        TooManyRedirects "too-many-redirects" "too_many_redirects",
        BadRedirect "bad-redirect" "bad_redirect",
        AddressRefused "address-refused" "address_refused",
        RobotsDisallowed "robots-disallowed" "robots_disallowed",
        RobotsUnreachable "robots-unreachable" "robots_unreachable",
        BotWall "bot-wall" "bot_wall",
        NofollowLink "nofollow-link" "nofollow_link",
        Sponsored "sponsored" "sponsored",
        Ugc "ugc" "ugc",
        NofollowPage "nofollow-page" "nofollow_page",
        Noindex "noindex" "noindex",
        CanonicalElsewhere "canonical-elsewhere" "canonical_elsewhere",
        RedirectedSource "redirected-source" "redirected_source",
        SchemeDowngrade "scheme-downgrade" "scheme_downgrade",
        AnchorChanged "anchor-changed" "anchor_changed",
        WrongTarget "wrong-target" "wrong_target",
        Wrapped "wrapped" "wrapped",
        MentionOnly "mention-only" "mention_only",
        MetaRefresh "meta-refresh" "meta_refresh",
        NeedsScript "needs-script" "needs_script",
        Soft404 "soft404" "soft_404",
        Parked "parked" "parked",
        Hidden "hidden" "hidden",
        TooLarge "too-large" "too_large",
        Truncated "truncated" "truncated",
        Undecodable "undecodable" "undecodable",
        NotHtml "not-html" "not_html",
    }
}

record! {
    pub struct Look {
        at "at": String,
        verdict "verdict": Verdict,
        reasons "reasons" [optional]: Vec<CheckReason>,
        status "status" [optional]: Option<u16>,
    }
}

record! {
    pub struct Placement {
        backlink_id "backlink-id": u64,
        source_url "source-url": String,
        target_url "target-url": String,
        anchor_text "anchor-text" [optional]: String,
        rel "rel" [optional]: String,
        status "status" [optional]: Option<BacklinkStatus>,
        date_live "date-live" [optional]: Option<String>,
        history "history" [optional]: Vec<Look>,
    }
}

record! {
    pub struct Hop {
        url "url": String,
        status "status": u16,
    }
}

record! {
    pub struct Header {
        name "name": String,
        value "value": String,
    }
}

vocabulary! {
    pub enum FetchFailure {
        Dns "dns" "dns",
        Connect "connect" "connect",
        Tls "tls" "tls",
        Timeout "timeout" "timeout",
        BrokenResponse "broken-response" "broken_response",
        Undecodable "undecodable" "undecodable",
        TooLarge "too-large" "too_large",
        RedirectLoop "redirect-loop" "redirect_loop",
        TooManyRedirects "too-many-redirects" "too_many_redirects",
        BadRedirect "bad-redirect" "bad_redirect",
        AddressRefused "address-refused" "address_refused",
        RobotsDisallowed "robots-disallowed" "robots_disallowed",
        RobotsUnreachable "robots-unreachable" "robots_unreachable",
    }
}

record! {
    pub struct FollowedLink {
        url "url": String,
        final_url "final-url": String,
    }
}

record! {
    pub struct Observation {
        at "at": String,
        final_url "final-url" [optional]: String,
        chain "chain" [optional]: Vec<Hop>,
        status "status" [optional]: Option<u16>,
        headers "headers" [optional]: Vec<Header>,
        #[serde(with = "crate::base64")]
        body "body" [bytes optional]: Vec<u8>,
        whole "whole" [optional]: bool,
        failure "failure" [optional]: Option<FetchFailure>,
        elapsed_ms "elapsed-ms" [optional]: Option<u32>,
        followed "followed" [optional]: Vec<FollowedLink>,
    }
}

record! {
    pub struct JudgeRequest {
        placement "placement": Placement,
        observation "observation": Observation,
        policy "policy" [optional]: CheckPolicy,
    }
}

record! {
    pub struct CheckRequest {
        placements "placements": Vec<Placement>,
        policy "policy" [optional]: CheckPolicy,
        at "at": String,
    }
}

vocabulary! {
    pub enum Relaxation {
        Scheme "scheme" "scheme",
        Www "www" "www",
        TrailingSlash "trailing-slash" "trailing_slash",
        TrackingParameters "tracking-parameters" "tracking_parameters",
        Redirect "redirect" "redirect",
        Wrapped "wrapped" "wrapped",
    }
}

vocabulary! {
    pub enum PageRegion {
        Main "main" "main",
        Nav "nav" "nav",
        Header "header" "header",
        Footer "footer" "footer",
        Aside "aside" "aside",
        Comment "comment" "comment",
    }
}

record! {
    pub struct MatchedLink {
        href "href": String,
        url "url": String,
        anchor "anchor": String,
        rel "rel": Vec<String>,
        placement "placement": PageRegion,
        hidden "hidden" [optional]: bool,
        relaxations "relaxations" [optional]: Vec<Relaxation>,
    }
}

vocabulary! {
    pub enum AgainWhy {
        Confirm "confirm" "confirm",
        RetryAfter "retry-after" "retry_after",
        NextCheck "next-check" "next_check",
        FollowLinks "follow-links" "follow_links",
    }
}

record! {
    #[derive(Copy)]
    pub struct Again {
        not_before_seconds "not-before-seconds": u64,
        why "why": AgainWhy,
    }
}

record! {
    pub struct BacklinkChange {
        status "status" [optional]: Option<BacklinkStatus>,
        date_live "date-live" [optional]: Option<String>,
        date_last_checked "date-last-checked": String,
        lost_on "lost-on" [optional]: Option<String>,
    }
}

record! {
    pub struct CheckReport {
        backlink_id "backlink-id": u64,
        verdict "verdict": Verdict,
        reasons "reasons" [optional]: Vec<CheckReason>,
        link "link" [optional]: Option<MatchedLink>,
        final_url "final-url" [optional]: String,
        chain "chain" [optional]: Vec<Hop>,
        status "status" [optional]: Option<u16>,
        outbound_links "outbound-links" [optional]: Option<u32>,
        elapsed_ms "elapsed-ms" [optional]: Option<u32>,
        next_check "next-check" [optional]: Option<String>,
        again "again" [optional]: Option<Again>,
        follow "follow" [optional]: Vec<String>,
        change "change": BacklinkChange,
    }
}
