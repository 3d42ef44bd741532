//! What an operator is told, and needn't think of.

use linker_store::testing::Postgres;

use crate::home::{Home, On};
use crate::program::eventually;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_told_what_is_missing() {
    let home = Home::new(On::Sqlite);
    let program = home.serve();
    eventually("a hint", async || program.out().contains("`igny8-linker init --site NAME`").then_some(())).await;
    home.tenant("one").await;
    let program = home.serve();
    program.with("x").get("/me/").await.is(401);
    assert!(!program.out().contains("igny8-linker init"), "{}", program.out());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keeps_no_key_for_ever() {
    let home = Home::new(On::Postgres);
    let one = home.tenant("one").await;
    let mut program = home.serve();
    let client = program.with(&one.token);
    let first = client.post_once("/campaigns/generate/", "old", &one.generate()).await.is(201).id();
    client.post_once("/campaigns/generate/", "new", &one.generate()).await.is(201);
    program.stop();
    let database = home.url.rsplit('/').next().expect("a name");
    let ask = |sql: &str| Postgres::shared().query(database, sql);
    let old = "UPDATE igny8_idempotency_keys SET created_at = now() - interval '31 days' WHERE key = 'old'";
    ask(old);
    let program = home.serve();
    eventually("the old key is gone", async || {
        (ask("SELECT key FROM igny8_idempotency_keys").trim() == "new").then_some(())
    })
    .await;
    let client = program.with(&one.token);
    assert_ne!(client.post_once("/campaigns/generate/", "old", &one.generate()).await.is(201).id(), first);
    client.post_once("/campaigns/generate/", "new", &one.generate()).await.is(200);
}
