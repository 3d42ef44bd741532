//! What `--help` teaches: examples first, then the words they use.

pub(super) const TOP: &str = "\
Examples:
  igny8-linker generate site.json --country PK              read the plan
  igny8-linker generate site.json --country PK -f csv -o links.csv
  igny8-linker score offers.json --country USA              which placements to buy
  igny8-linker COMMAND --help                               options and more examples";

pub(super) const GENERATE: &str = "\
Keys of --set (what-if; recorded in the plan):
  current_dr=30               the site's domain rating today, 0-100
  total_links=60              how many links to build, in place of the computed need
  budget_max=4000             dollars for the whole campaign
  timeline_months=10          1-60
  tier_allocation.T1=0.2      share of the links for a tier; those given must sum to 1
  unit_costs.guest_post=50-80 price range of a link type: guest_post, niche_edit, pr_distribution,
                              directory, resource_page, broken_link, haro
  allow_out_of_band=true      accept figures outside the country's rules, with a warning each
  add_pages=101,102           pages that must get links
  drop_pages=103              pages that must not
  page_links.192=8            exact number of links of a page, within its tier's limits
  month_links.3=9             exact number of links of a month
  moves=101:2-5               move page 101's links of month 2 to month 5; several: 101:2-5,102:1-3

Examples:
  igny8-linker generate site.json --country PK
  igny8-linker generate site.json --country PK --month 2
  igny8-linker generate site.json --country USA --set budget_max=8000 page_links.192=8
  igny8-linker generate site.json --country UK --set timeline_months=10 allow_out_of_band=true
  igny8-linker generate site.json --country CA --anchors anchors.json --format json -o campaign.json
  igny8-linker generate site.json --country PK --format csv -o links.csv
  cat site.json | igny8-linker generate - --country PK | less -R

A blueprint is {\"id\", \"site\", \"clusters\", \"pages\"}; wit/types.wit describes each field and
fixtures/blueprints/ has three whole ones. Exit code 0, or 2 where the input has a fault.";

pub(super) const ADJUST: &str = "\
The keys of --set are those of `generate` (see `igny8-linker generate --help`). They are merged over
what the campaign was planned with: the same key replaces, lists grow, drop_pages takes back add_pages
and page_links of that page, and the other way round. Anchor texts stay where they still fit.

Examples:
  igny8-linker generate site.json --country PK --format json -o campaign.json
  igny8-linker adjust campaign.json --blueprint site.json --set budget_max=4500
  igny8-linker adjust campaign.json --blueprint site.json --set moves=101:1-3 --month 3
  igny8-linker adjust campaign.json --blueprint site.json --set drop_pages=139 -f json -o campaign.json";

pub(super) const SCORE: &str = "\
A request is {\"country_code\"?, \"target\": {\"title\", \"niches\", \"keywords\"}, \"blocklist\"?,
\"opportunities\": [{\"domain\", \"dr\", \"organic_traffic\", ...}]}. What an opportunity leaves out counts
as unknown, never as failed. Eleven factors, a point each; a country asks for 5 (PK), 6 (CA, UK) or
7 (USA). Text and csv come best first, json in the request's order.

Examples:
  igny8-linker score fixtures/opportunities/questdb-usa.json
  igny8-linker score offers.json --country PK
  igny8-linker score offers.json --country PK --blocklist spam.txt --format csv -o scores.csv
  igny8-linker score offers.json -c UK -f json | jq '.[] | select(.meets_threshold) | .domain'";

pub(super) const TIPPING_POINT: &str = "\
A request is {\"country_code\"?, \"as_of\": \"2026-11-23\", \"dr\"?, \"keywords_top_10\"?, \"pages\"?,
\"campaign\"?}: five indicators, of which three say that the site gains authority on its own. What is
left out is unknown, and never counts as met.

Examples:
  igny8-linker tipping-point figures.json --country PK
  igny8-linker tipping-point figures.json --format json | jq .triggered
  echo '{\"as_of\": \"2026-11-23\", \"dr\": 27, \"keywords_top_10\": 12}' |
    igny8-linker tipping-point - --country PK";

pub(super) const REPLACEMENTS: &str = "\
A request is {\"as_of\", \"dead\": [...], \"country_code\"?, \"campaign\"?, \"reserve_left\"?: \"240.00\",
\"live_anchors\"?: {\"branded\": 12, ...}, \"planned_anchors\"?, \"linked_domains\"?, \"blocklist\"?,
\"target\"?, \"opportunities\"?}. A campaign (what `generate --format json` wrote) says prices, minimum DR and the
anchors wanted; without it, a country says the first two. Of a dead link its looks (`history`, as `check` keeps them)
say whether to ask for it back. The worst loss comes first; opportunities are compared with `target`.

Examples:
  igny8-linker replacements dead.json
  igny8-linker replacements dead.json --country UK --format json -o replacements.json";

pub(super) const CHECK: &str = "\
A file is CSV with a header row (source_url, target_url; anchor, rel, status, date_live, backlink_id where
you have them), or the same as a JSON list. A page is fetched once however many of its links you check.

Columns source_dr, link_type, tier and anchor_type, and --country, say what a dead link was worth and what to
order in its place; without them the text says whether to ask for it back.

Verdicts: live; degraded (there, but nofollow, moved, hidden, ...); dead; unverified (failing, but not often
enough in a row to call it dead); blocked (the page can't be read: robots.txt, a wall against robots).
A link that seems dead is looked at again after a minute, and a failing site in later runs: keep --state.

Exit code 0 when every link is live, 1 when not, 2 where the input has a fault. Ctrl-C reports what is known;
links not looked at by then are `not_checked`.

Examples:
  igny8-linker check links.csv --state links.state.json
  igny8-linker check links.csv --format csv -o checked.csv
  igny8-linker check backlinks.csv --country PK --reserve 240 --state links.state.json
  igny8-linker check --source https://blog.example/post --target https://www.mysite.example/
  igny8-linker check links.json --policy literal --no-confirm -f json | jq '.[] | select(.verdict == \"dead\")'";

pub(super) const PROFILES: &str = "\
Examples:
  igny8-linker profiles
  igny8-linker profiles --country USA
  igny8-linker profiles --format json | jq '.profiles[].quality_threshold'";

pub(super) const COMPONENT: &str = "\
Examples:
  igny8-linker component --out engine.wasm
  igny8-linker component --out engine-named.wasm --with-names";

pub(super) const SERVE: &str = "\
Needs no configuration: a database file is made where it starts. A flag wins over the environment
(IGNY8_LINKER_ and the flag's name), that over --config FILE (TOML; names of flags with _ for -), that
over the default. Besides the API: /api/docs/ (its description), /healthz, /readyz, /metrics. SIGTERM or
Ctrl-C finish what runs; checks that are cut off are taken up by the next start. Put a proxy with TLS
before it where others than this machine shall reach it.

Backup of SQLite: sqlite3 igny8-linker.db \".backup copy.db\" while it runs (its log is write-ahead;
copying the file alone can miss the newest rows). PostgreSQL: pg_dump as usual.

Examples:
  igny8-linker init --site \"My site\" --domain example.com
  igny8-linker import blueprint --site 1 site.json
  igny8-linker serve
  igny8-linker serve --database-url postgres://linker@db/linker --listen 0.0.0.0:8080
  curl -H \"authorization: Bearer $TOKEN\" http://127.0.0.1:8080/api/v1/linker/campaigns/";

pub(super) const INIT: &str = "\
Prints the token alone to standard output:
  TOKEN=$(igny8-linker init --site \"My site\" --domain example.com)";

pub(super) const MIGRATE: &str = "\
Makes what is absent, adds what a newer version needs to tables that only this service knows and that
it made itself, and never changes any other; where one doesn't fit it lists what is wrong and makes
nothing. An empty database is migrated by whichever command comes first.";

pub(super) const IMPORT: &str = "\
Lines that can't be used are listed with their number; the others are imported in one transaction.

Examples:
  igny8-linker import blueprint --site 1 fixtures/blueprints/questdb-io.json
  igny8-linker import pages --site 1 --from 2026-10-01 --to 2026-10-31 Pages.csv
  igny8-linker import backlinks --campaign 1 ahrefs-backlinks.csv";
