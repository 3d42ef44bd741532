//! What a page or a site is about, for factor 6 of a score (engine spec, section 9).

use linker_types::{Blueprint, Cluster, Keyword, Topic};

use crate::Planner;

/// Keywords that say enough.
const MOST: usize = 40;

impl Planner {
    /// A page's topic: its title (its URL where it has none), its keyword and those of its clusters by volume, the
    /// site's niches; none where the blueprint has no such page. Without a page the whole site's: its name, its niches
    /// and its keywords by volume.
    pub fn topic(&self, content_id: Option<u64>) -> Option<Topic> {
        match content_id {
            Some(id) => of_page(&self.blueprint, id),
            None => Some(of_site(&self.blueprint)),
        }
    }
}

fn of_page(blueprint: &Blueprint, id: u64) -> Option<Topic> {
    let page = blueprint.pages.iter().find(|page| page.id == id)?;
    let mine = |cluster: &&Cluster| Some(cluster.id) == page.cluster_id || cluster.hub_content_id == Some(page.id);
    let keywords = loudest(blueprint.clusters.iter().filter(mine).flat_map(|cluster| &cluster.keywords));
    Some(Topic {
        title: if page.title.trim().is_empty() { page.url.clone() } else { page.title.clone() },
        niches: blueprint.site.niches.clone(),
        keywords: page.primary_keyword.iter().chain(keywords).take(MOST).cloned().collect(),
    })
}

fn of_site(blueprint: &Blueprint) -> Topic {
    let keywords = loudest(blueprint.clusters.iter().flat_map(|cluster| &cluster.keywords));
    Topic {
        title: blueprint.site.name.clone(),
        niches: blueprint.site.niches.clone(),
        keywords: keywords.take(MOST).cloned().collect(),
    }
}

/// Equals keep the blueprint's order.
fn loudest<'a>(keywords: impl Iterator<Item = &'a Keyword>) -> impl Iterator<Item = &'a String> {
    let mut keywords: Vec<_> = keywords.collect();
    crate::order::sort(&mut keywords, |a, b| b.volume.cmp(&a.volume));
    keywords.into_iter().map(|keyword| &keyword.keyword)
}
