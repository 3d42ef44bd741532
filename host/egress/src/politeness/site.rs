//! Which hosts are one site.

/// Whether a redirect from one host to the other stays on the site, and so needn't wait: the same host, or one below the
/// other (`example.com`, `www.example.com`), or both `www.` and bare of it. Without a list of public suffixes siblings
/// (`a.example.com`, `b.example.com`) can't be told from strangers (`a.github.io`, `b.github.io`), and count as these.
#[must_use]
pub fn same_site(one: &str, other: &str) -> bool {
    let bare = |host: &str| host.strip_prefix("www.").filter(|rest| rest.contains('.')).map(str::to_owned);
    let one = bare(one).unwrap_or_else(|| one.to_owned());
    let other = bare(other).unwrap_or_else(|| other.to_owned());
    one == other || below(&one, &other) || below(&other, &one)
}

/// Whether `host` is a name under `parent`, which must itself have a dot: everything is under `com`.
fn below(host: &str, parent: &str) -> bool {
    parent.contains('.') && host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'))
}
