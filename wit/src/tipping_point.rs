//! When a campaign may stop.

use crate::{Decimal, MonthPlan};

record! {
    pub struct PageMetrics {
        content_id "content-id": u64,
        published_on "published-on" [optional]: Option<String>,
        had_live_backlink "had-live-backlink": bool,
        impressions "impressions" [optional]: Option<u64>,
        clicks "clicks" [optional]: Option<u64>,
        clicks_before "clicks-before" [optional]: Option<u64>,
        position "position" [optional]: Option<Decimal>,
    }
}

record! {
    pub struct CampaignProgress {
        current_month "current-month": u32,
        monthly_plan "monthly-plan": Vec<MonthPlan>,
    }
}

record! {
    pub struct TippingPointRequest {
        country_code "country-code": String,
        as_of "as-of": String,
        dr "dr" [optional]: Option<Decimal>,
        keywords_top_10 "keywords-top-10" [optional]: Option<u32>,
        pages "pages" [optional]: Option<Vec<PageMetrics>>,
        campaign "campaign" [optional]: Option<CampaignProgress>,
    }
}

vocabulary! {
    pub enum IndicatorName {
        DrTargetReached "dr-target-reached" "dr_target_reached",
        UnlinkedPagesGetClicks "unlinked-pages-get-clicks" "unlinked_pages_get_clicks",
        UnlinkedPagesRank "unlinked-pages-rank" "unlinked_pages_rank",
        NewContentRanks "new-content-ranks" "new_content_ranks",
        KeywordsInTop10 "keywords-in-top-10" "keywords_in_top_10",
    }
}

record! {
    pub struct Indicator {
        name "name": IndicatorName,
        met "met": bool,
        unknown "unknown": bool,
        value "value" [optional]: Option<Decimal>,
        threshold "threshold": Decimal,
        evidence "evidence": Vec<u64>,
    }
}

vocabulary! {
    pub enum Action {
        EnterMaintenance "enter-maintenance" "enter_maintenance",
        ContinueBuilding "continue-building" "continue_building",
    }
}

record! {
    pub struct Recommendation {
        action "action": Action,
        message "message": String,
        from_month "from-month" [optional]: Option<u32>,
        velocity_weight "velocity-weight" [optional]: Option<Decimal>,
        freed_per_month "freed-per-month" [optional]: Option<Decimal>,
        nearest "nearest": Vec<IndicatorName>,
    }
}

record! {
    pub struct TippingPoint {
        triggered "triggered": bool,
        met "met": u32,
        indicators "indicators": Vec<Indicator>,
        recommendation "recommendation": Recommendation,
    }
}
