//! What a page or a site is about, for factor 6 of a score (engine.md §9).

use linker_types::{Blueprint, Keyword, Topic};

/// Keywords that say enough.
const MOST: usize = 40;

/// A page's topic: its title and its cluster's keywords by volume; the site's where there is no such page.
pub(super) fn of_page(blueprint: &Blueprint, content: i64) -> Topic {
    let page = blueprint.pages.iter().find(|page| i64::try_from(page.id) == Ok(content));
    let Some(page) = page else { return of_site(blueprint) };
    let mine = |cluster: &&linker_types::Cluster| {
        Some(cluster.id) == page.cluster_id || cluster.hub_content_id == Some(page.id)
    };
    let keywords = blueprint.clusters.iter().filter(mine).flat_map(|cluster| &cluster.keywords);
    Topic {
        title: page.title.clone(),
        niches: blueprint.site.niches.clone(),
        keywords: page.primary_keyword.iter().cloned().chain(loudest(keywords)).take(MOST).collect(),
    }
}

/// The whole site's: its name, its niches and its keywords by volume.
pub(super) fn of_site(blueprint: &Blueprint) -> Topic {
    let keywords = loudest(blueprint.clusters.iter().flat_map(|cluster| &cluster.keywords)).take(MOST).collect();
    Topic { title: blueprint.site.name.clone(), niches: blueprint.site.niches.clone(), keywords }
}

fn loudest<'a>(keywords: impl Iterator<Item = &'a Keyword>) -> impl Iterator<Item = String> {
    let mut keywords: Vec<_> = keywords.collect();
    keywords.sort_by_key(|keyword| std::cmp::Reverse(keyword.volume));
    keywords.into_iter().map(|keyword| keyword.keyword.clone())
}
