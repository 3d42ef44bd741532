//! What a campaign is planned from.

use crate::Decimal;

record! {
    pub struct Site {
        id "id": u64,
        name "name": String,
        brand "brand": String,
        homepage_url "homepage-url": String,
        current_dr "current-dr" [optional]: Option<Decimal>,
        referring_domains "referring-domains" [optional]: Option<u32>,
        niches "niches" [optional]: Vec<String>,
    }
}

record! {
    pub struct Keyword {
        keyword "keyword": String,
        volume "volume": u64,
        difficulty "difficulty": u32,
        cpc "cpc" [optional]: Option<Decimal>,
    }
}

record! {
    pub struct Cluster {
        id "id": u64,
        name "name": String,
        hub_content_id "hub-content-id" [optional]: Option<u64>,
        keywords "keywords": Vec<Keyword>,
    }
}

record! {
    pub struct Page {
        id "id": u64,
        url "url": String,
        title "title": String,
        content_type "content-type": String,
        content_structure "content-structure": String,
        status "status": String,
        cluster_id "cluster-id" [optional]: Option<u64>,
        word_count "word-count": u32,
        primary_keyword "primary-keyword" [optional]: Option<String>,
        published_on "published-on" [optional]: Option<String>,
    }
}

record! {
    pub struct Blueprint {
        id "id": u64,
        about "about" [optional]: Option<String>,
        site "site": Site,
        clusters "clusters": Vec<Cluster>,
        pages "pages": Vec<Page>,
    }
}
