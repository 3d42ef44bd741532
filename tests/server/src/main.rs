//! Prints the ports and serves until it is stopped: `http PORT`, `https PORT`.

use linker_test_server::Server;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let (plain, secure) = (Server::start().await?, Server::start_tls().await?);
    println!("http {}\nhttps {}", plain.port(), secure.port());
    tokio::signal::ctrl_c().await
}
