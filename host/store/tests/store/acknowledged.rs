//! What was acknowledged is there, and what is there afterwards is kept: whoever hung up before, and whatever filled up.

use std::path::Path;
use std::time::Duration;

use linker_store::testing::Postgres;
use linker_store::vocabulary::Role;
use linker_store::{Config, Error, Moment, NewToken, Store, token_hash};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

use crate::support::{Home, On, Tenant, fill, on_both, tenant};

on_both! { keeps_its_word_when_callers_hang_up, }

/// Of the way to the database, so that every step of a transaction takes long enough to hang up in.
const DELAY: Duration = Duration::from_millis(2);
const CALLS: u32 = 300;
const AT_ONCE: u32 = 12;

async fn keeps_its_word_when_callers_hang_up(mut home: Home) {
    let far = tempfile::tempdir().unwrap();
    let tenant = tenant(&home.store().await, "one").await;
    if home.on == On::Postgres {
        delayed(far.path(), &Postgres::shared().socket().join(".s.PGSQL.5432"));
        let host = far.path().display().to_string().replace('/', "%2F");
        home.config = Config::of_url(&format!("postgres://postgres@{host}:5432/{}", home.name())).unwrap();
        home.config.connections = 4;
    }
    let store = home.store().await;
    // As long as a call takes here, of which a caller waits for a part.
    let begun = std::time::Instant::now();
    store.create_site(&tenant.scope, "before", "").await.unwrap();
    let usual = u64::try_from(begun.elapsed().as_micros()).unwrap();
    let mut waits = (1..).map(|n: u64| Duration::from_micros(n.wrapping_mul(0x9E37_79B9_7F4A_7C15) % (usual * 3 / 2)));
    let mut acknowledged = Vec::new();
    for call in (0..CALLS).step_by(AT_ONCE as usize) {
        let together = (call..call + AT_ONCE).map(|call| {
            let work = change(&store, &tenant, call);
            // Every third waits for its answer, between others that don't.
            let wait = if call % 3 == 0 { Duration::from_secs(60) } else { waits.next().unwrap() };
            async move { tokio::time::timeout(wait, work).await.ok().and_then(Result::ok) }
        });
        acknowledged.extend(futures_util::future::join_all(together).await.into_iter().flatten());
    }
    assert!(acknowledged.len() < CALLS as usize, "nobody hung up");
    // Nobody hangs up on these: a connection that was left in a transaction would take them with it.
    for call in CALLS..CALLS + 2 * AT_ONCE {
        acknowledged.push(change(&store, &tenant, call).await.unwrap());
    }
    if home.on == On::Postgres {
        let open = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = '{}' AND state LIKE 'idle in transaction%'",
            home.name()
        );
        assert_eq!(home.elsewhere(&open).trim(), "0");
    }
    let found = home.elsewhere(&acknowledged.join(" UNION ALL "));
    for (row, found) in acknowledged.iter().zip(found.lines()) {
        assert_eq!(found, "1", "acknowledged, and not there: {row}");
    }
    assert_eq!(found.lines().count(), acknowledged.len());
}

/// Makes one change of several kinds, and gives what counts its row.
async fn change(store: &Store, tenant: &Tenant, call: u32) -> Result<String, Error> {
    let scope = &tenant.scope;
    match call % 4 {
        0 => {
            let site = store.create_site(scope, &format!("site {call}"), "").await?;
            Ok(format!("SELECT count(*) FROM igny8_sites WHERE id = {}", site.id))
        }
        1 => {
            let token = new_token(store, tenant, call).await?;
            Ok(format!("SELECT count(*) FROM igny8_api_tokens WHERE id = {token}"))
        }
        2 => {
            let token = new_token(store, tenant, call).await?;
            store.revoke_token(scope, token).await?;
            Ok(format!("SELECT count(*) FROM igny8_api_tokens WHERE id = {token} AND revoked_at IS NOT NULL"))
        }
        _ => {
            let id = store.create_campaign(scope, tenant.new_campaign()).await?.id();
            Ok(format!("SELECT count(*) FROM igny8_sag_campaigns WHERE id = {id}"))
        }
    }
}

async fn new_token(store: &Store, tenant: &Tenant, call: u32) -> Result<i64, Error> {
    let hash = token_hash(&format!("{} {call}", tenant.site));
    let new = NewToken { name: "token", role: Role::Read, sites: None, hash: &hash, expires_at: None };
    Ok(store.create_token(&tenant.scope, &new).await?.id)
}

/// Passes on what comes to a socket of `folder`, and what is answered, each a little later.
fn delayed(folder: &Path, to: &Path) {
    let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).unwrap();
    let to = to.to_owned();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let far = UnixStream::connect(&to).await.unwrap();
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            tokio::spawn(pass(near_in, far_out));
            tokio::spawn(pass(far_in, near_out));
        }
    });
}

async fn pass(mut from: impl AsyncReadExt + Unpin, mut to: impl AsyncWriteExt + Unpin) {
    let mut bytes = vec![0; 64 << 10];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        tokio::time::sleep(DELAY).await;
        if to.write_all(&bytes[..count]).await.is_err() {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn goes_on_once_there_is_room_again() {
    let mut home = Home::new(On::Sqlite);
    home.config.max_pages = Some(400);
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let (_, full) = fill(&store, &tenant).await;
    let no_room = |error: &Error| assert!(matches!(error, Error::Full(_)), "{error:?}");
    no_room(&full);
    no_room(&store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap_err());
    no_room(&store.ready().await.unwrap_err());
    // Pages that are free are used again.
    home.elsewhere("DELETE FROM igny8_sag_campaigns");
    let site = store.create_site(&tenant.scope, "after", "").await.unwrap().id;
    let hash = token_hash("after");
    let new = NewToken { name: "after", role: Role::Admin, sites: None, hash: &hash, expires_at: None };
    store.create_token(&tenant.scope, &new).await.unwrap();
    let campaign = store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id();
    store.ready().await.unwrap();
    // By another connection, which sees what is committed and nothing else.
    assert_eq!(home.elsewhere(&format!("SELECT name FROM igny8_sites WHERE id = {site}")).trim(), "after");
    assert_eq!(home.elsewhere(&format!("SELECT count(*) FROM igny8_sag_campaigns WHERE id = {campaign}")).trim(), "1");
    store.find_token(&hash, Moment::now()).await.unwrap();
    // And nobody else is locked out.
    home.elsewhere("BEGIN IMMEDIATE;\nCOMMIT");
}
