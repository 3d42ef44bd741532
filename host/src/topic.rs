//! What a page or a site is about, for factor 6 of a score (engine.md §9).

use linker_types::{Blueprint, Cluster, Keyword, Topic};

/// Keywords that say enough.
const MOST: usize = 40;

/// A page's topic: its title (its URL where it has none), its keyword and those of its cluster by volume, the site's
/// niches. None where the blueprint has no such page.
pub(crate) fn of_page(blueprint: &Blueprint, content: i64) -> Option<Topic> {
    let page = blueprint.pages.iter().find(|page| i64::try_from(page.id) == Ok(content))?;
    let mine = |cluster: &&Cluster| Some(cluster.id) == page.cluster_id || cluster.hub_content_id == Some(page.id);
    let keywords = blueprint.clusters.iter().filter(mine).flat_map(|cluster| &cluster.keywords);
    Some(Topic {
        title: if page.title.trim().is_empty() { page.url.clone() } else { page.title.clone() },
        niches: blueprint.site.niches.clone(),
        keywords: page.primary_keyword.iter().cloned().chain(loudest(keywords)).take(MOST).collect(),
    })
}

/// The whole site's: its name, its niches and its keywords by volume.
pub(crate) fn of_site(blueprint: &Blueprint) -> Topic {
    let keywords = loudest(blueprint.clusters.iter().flat_map(|cluster| &cluster.keywords)).take(MOST).collect();
    Topic { title: blueprint.site.name.clone(), niches: blueprint.site.niches.clone(), keywords }
}

fn loudest<'a>(keywords: impl Iterator<Item = &'a Keyword>) -> impl Iterator<Item = String> {
    let mut keywords: Vec<_> = keywords.collect();
    keywords.sort_by_key(|keyword| std::cmp::Reverse(keyword.volume));
    keywords.into_iter().map(|keyword| keyword.keyword.clone())
}
