use std::pin::Pin;

use futures_util::FutureExt;

use super::*;

const fn who(account: i64, run: i64) -> Who {
    Who { account, run }
}

type Waiting = Pin<Box<dyn Future<Output = Option<Place>>>>;

/// Somebody who asks: has a place, or waits for it.
fn ask(shares: &Shares, who: Who) -> Result<Place, Waiting> {
    let shares = shares.clone();
    let mut asking: Waiting = Box::pin(async move { shares.take(who).await });
    match asking.as_mut().now_or_never() {
        Some(place) => Ok(place.expect("it is given")),
        None => Err(asking),
    }
}

fn now(waiting: &mut Waiting) -> Option<Place> {
    waiting.as_mut().now_or_never().flatten()
}

/// As many as the account can have.
fn all(shares: &Shares, account: i64) -> (Vec<Place>, Waiting) {
    let mut places = Vec::new();
    loop {
        match ask(shares, who(account, 0)) {
            Ok(place) => places.push(place),
            Err(waiting) => return (places, waiting),
        }
    }
}

#[test]
fn whoever_comes_finds_a_place() {
    let shares = Shares::new(16, Most::FewerThanFree);
    let hogs: Vec<_> = (0..5).map(|account| all(&shares, account)).collect();
    let have: Vec<usize> = hogs.iter().map(|(places, _)| places.len()).collect();
    assert_eq!(have, [8, 4, 2, 1, 1]);
    let mut next = ask(&shares, who(9, 0)).err().expect("all are taken");
    let mut hogs = hogs;
    // The first that comes back is for who has none, whoever waits for longer.
    hogs[0].0.pop();
    assert!(now(&mut next).is_some());
    for (places, _) in &mut hogs {
        places.clear();
    }
    drop(hogs);
    assert_eq!(shares.state().free, 16);
    let mut state = shares.state();
    assert!(state.next().is_none() && state.accounts.is_empty(), "who has nothing and waits for nothing is forgotten");
}

#[test]
fn one_place_is_enough_for_all() {
    let shares = Shares::new(1, Most::FewerThanFree);
    let place = ask(&shares, who(1, 0)).ok().expect("it is free");
    let (mut one, mut two) =
        (ask(&shares, who(1, 0)).err().expect("taken"), ask(&shares, who(2, 0)).err().expect("taken"));
    drop(place);
    let place = now(&mut two).expect("the other had one");
    assert!(now(&mut one).is_none());
    drop(place);
    assert!(now(&mut one).is_some());
}

#[test]
fn an_account_s_runs_have_equal_parts() {
    let shares = Shares::new(8, Most::FewerThanFree);
    let mut places: Vec<_> = (0..4).map(|_| ask(&shares, who(1, 1)).ok().expect("free")).collect();
    let mut more: Vec<_> = (0..4).map(|_| ask(&shares, who(1, 1)).err().expect("its half is taken")).collect();
    let mut other = [ask(&shares, who(1, 2)).err().expect("taken"), ask(&shares, who(1, 2)).err().expect("taken")];
    places.pop();
    let first = now(&mut other[0]).expect("it has fewer than the first");
    places.pop();
    let second = now(&mut other[1]).expect("it still has");
    places.pop();
    assert!(now(&mut more[0]).is_some(), "now the first has fewer");
    drop((first, second));
}

#[test]
fn who_goes_away_keeps_no_place() {
    let shares = Shares::new(2, Most::FewerThanFree);
    let place = ask(&shares, who(1, 0)).ok().expect("free");
    for _ in 0..100 {
        let (gone, given) = (ask(&shares, who(1, 1)).err(), ask(&shares, who(1, 1)).err().expect("its half is taken"));
        drop((gone, given));
    }
    let mut stays = ask(&shares, who(1, 2)).err().expect("its half is taken");
    drop(place);
    drop(now(&mut stays).expect("nobody else waits"));
    assert_eq!(shares.state().free, 2);
}
