//! The client against real servers on this machine, which record what reaches them.

mod browse;
mod failures;
mod lookup;
mod secrets;
mod server;
mod tls;

use linker_marketplace::{Answer, ApiKey, Config, Domain, FatGrid, Lookup, Memory};

/// A key that no test's text has by chance.
const KEY: &str = "fg_live-8Xq2ZpL0vR.7tYw";

fn key() -> ApiKey {
    ApiKey::new(&KEY.into()).unwrap()
}

/// Small waits; everything else as it comes.
fn config(base_url: &str) -> Config {
    Config { base_url: base_url.to_owned(), backoff_ms: 5, backoff_max_ms: 20, ..Config::default() }
}

fn client(config: Config) -> FatGrid<Memory> {
    FatGrid::new(config, Memory::default()).unwrap()
}

fn domains(names: &[&str]) -> Vec<Domain> {
    Domain::read_all("domains", names).unwrap()
}

async fn lookup(client: &FatGrid<Memory>, names: &[&str]) -> Lookup {
    client.lookup(1, &key(), &domains(names)).await.unwrap()
}

/// Why the only domain asked for is unknown.
async fn unknown(client: &FatGrid<Memory>) -> linker_marketplace::Error {
    match lookup(client, &["a.com"]).await.answers.remove(0).answer {
        Answer::Unknown(error) => error,
        known => panic!("{known:?}"),
    }
}
