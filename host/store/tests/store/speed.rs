//! Figures, not a test: `cargo test --release -p linker-store --test store speed -- --ignored --nocapture`.

use std::time::Instant;

use crate::support::{Home, tenant};

/// 64 clients that save campaigns, each with its plan and its price.
async fn saves(home: Home) {
    let store = home.store().await;
    let tenant = tenant(&store, "one").await;
    let (clients, each) = (64, 20);
    let start = Instant::now();
    let client = || async {
        for _ in 0..each {
            store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap();
        }
    };
    let work: Vec<_> = (0..clients).map(|_| Box::pin(client())).collect();
    for_all(work).await;
    let all = f64::from(clients * each);
    println!("{:?}: {:.0} campaigns a second saved", home.on, all / start.elapsed().as_secs_f64());
    let id = store.create_campaign(&tenant.scope, tenant.new_campaign()).await.unwrap().id();
    let start = Instant::now();
    for _ in 0..500 {
        store.campaign(&tenant.scope, id).await.unwrap();
    }
    println!("{:?}: campaign with plan in {:?}", home.on, start.elapsed() / 500);
    let start = Instant::now();
    store.activate_campaign(&tenant.scope, id).await.unwrap();
    println!("{:?}: started with {} backlinks in {:?}", home.on, tenant.plan.links.len(), start.elapsed());
}

/// Polls all of them until all are done.
async fn for_all<F: Future<Output = ()> + Unpin>(mut work: Vec<F>) {
    std::future::poll_fn(|context| {
        work.retain_mut(|one| std::pin::Pin::new(one).poll(context).is_pending());
        if work.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

mod figures {
    use crate::support::{Home, On};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "figures"]
    async fn sqlite() {
        super::saves(Home::new(On::Sqlite)).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "figures"]
    async fn postgres() {
        super::saves(Home::new(On::Postgres)).await;
    }
}
