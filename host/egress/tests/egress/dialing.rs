//! Which of a host's addresses is taken. Nobody is dialled.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http::Request;
use linker_egress::address::Policy;
use linker_egress::{Config, Dialer, Error, LookupError, Met, Resolver, Sender};
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

struct Answer(Vec<IpAddr>);

impl Resolver for Answer {
    async fn lookup(&self, _: &str) -> Result<Vec<IpAddr>, LookupError> {
        Ok(self.0.clone())
    }
}

/// Plays hosts: 1.0.0.x refuses, 2.0.0.x is silent, all others answer.
#[derive(Clone, Default)]
struct Hosts(Arc<Mutex<Vec<IpAddr>>>);

impl Dialer for Hosts {
    type Io = DuplexStream;

    async fn dial(&self, address: SocketAddr) -> io::Result<DuplexStream> {
        self.0.lock().unwrap().push(address.ip());
        match address.ip() {
            IpAddr::V4(ip) if ip.octets()[0] == 1 => Err(io::ErrorKind::ConnectionRefused.into()),
            IpAddr::V4(ip) if ip.octets()[0] == 2 => std::future::pending().await,
            _ => {
                let (ours, mut theirs) = tokio::io::duplex(4096);
                tokio::spawn(async move {
                    while theirs.read_u8().await.is_ok_and(|byte| byte != b'\n') {}
                    drop(theirs.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await);
                });
                Ok(ours)
            }
        }
    }
}

async fn met(addresses: &[&str]) -> (Result<Met, Error>, Vec<String>, Duration) {
    let hosts = Hosts::default();
    let answer = Answer(addresses.iter().map(|text| text.parse().unwrap()).collect());
    let sender = Sender::new(Config::default(), answer, hosts.clone()).unwrap();
    let start = Instant::now();
    let answer = sender.send(Request::get("http://example.com/").body(()).unwrap()).await;
    let met = answer.map(|answer| *answer.extensions().get::<Met>().unwrap());
    let dialled = hosts.0.lock().unwrap().iter().map(ToString::to_string).collect();
    (met, dialled, start.elapsed())
}

#[tokio::test]
async fn families_in_turn_and_no_more_than_needed() {
    let (first, dialled, _) = met(&["2606:4700::1", "2606:4700::2", "8.8.8.8", "9.9.9.9"]).await;
    assert_eq!(first.unwrap().peer.to_string(), "8.8.8.8:80");
    assert_eq!(dialled, ["8.8.8.8"]);
    let (next, dialled, _) = met(&["2606:4700::1", "2606:4700::2", "1.0.0.1", "1.0.0.2"]).await;
    assert_eq!(next.unwrap().peer.to_string(), "[2606:4700::1]:80");
    assert_eq!(dialled, ["1.0.0.1", "2606:4700::1"]);
}

#[tokio::test]
async fn a_silent_address_is_overtaken() {
    let (met, dialled, took) = met(&["2.0.0.1", "8.8.8.8"]).await;
    assert_eq!(met.unwrap().peer.to_string(), "8.8.8.8:80");
    assert_eq!(dialled, ["2.0.0.1", "8.8.8.8"]);
    assert!((200..1500).contains(&took.as_millis()), "{took:?}");
}

#[tokio::test]
async fn all_refuse_and_few_are_asked() {
    let many: Vec<_> = (1..100).map(|last| format!("1.0.0.{last}")).collect();
    let (met, dialled, _) = met(&many.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(met.unwrap_err().to_string(), "`example.com` can't be reached: the connection was refused");
    assert_eq!(dialled.len(), 4);
}

proptest! {
    /// However an IPv4 address is wrapped, it is no more public than by itself; and what is dialled is the plain one.
    #[test]
    fn wrapping_opens_nothing(bits: u32, prefix: u64) {
        let policy = Policy::default();
        let plain = std::net::Ipv4Addr::from_bits(bits);
        let vet = |address: IpAddr| policy.vet("example.com", &[address]);
        prop_assert_eq!(vet(plain.to_ipv6_mapped().into()).ok(), vet(plain.into()).ok());
        let low = u128::from(bits);
        for wrapped in [
            low,
            0xffff_0000_0000 << 16 | low,
            0x64_ff9b_u128 << 96 | low,
            0x2002_u128 << 112 | low << 80,
            0x2001_0000_u128 << 96 | low,
            u128::from(prefix) << 64 | 0x5efe << 32 | low,
            u128::from(prefix) << 64 | 0x0200_5efe << 32 | low,
        ] {
            prop_assert!(vet(std::net::Ipv6Addr::from_bits(wrapped).into()).is_err());
        }
    }
}
