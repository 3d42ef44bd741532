use tokio::sync::oneshot;

use super::*;

const LONG: Duration = Duration::from_secs(60);

/// Waits without end for a place; the line has it when this returns.
async fn waiting(turns: &Turns, account: i64) -> tokio::task::JoinHandle<Result<Place>> {
    let before = lined_up(turns, account);
    let mine = turns.clone();
    let waiter = tokio::spawn(async move { mine.take(account).await });
    while lined_up(turns, account) == before {
        tokio::task::yield_now().await;
    }
    waiter
}

fn lined_up(turns: &Turns, account: i64) -> usize {
    turns.places.waiting(account)
}

fn free(turns: &Turns) -> usize {
    turns.places.free()
}

async fn take(turns: &Turns, account: i64) -> Place {
    let taken = tokio::time::timeout(LONG, turns.take(account)).await;
    taken.expect("at once").expect("a place")
}

async fn given(waiter: tokio::task::JoinHandle<Result<Place>>) -> Place {
    let given = tokio::time::timeout(LONG, waiter).await;
    given.expect("soon").expect("a task").expect("a place")
}

#[tokio::test]
async fn one_account_never_has_every_place() {
    for cores in [1, 2, 8] {
        let turns = Turns::new(cores);
        let mut hog = Vec::new();
        for _ in 0..cores {
            hog.push(take(&turns, 1).await);
        }
        let more = waiting(&turns, 1).await;
        let other = take(&turns, 2).await;
        assert_eq!(free(&turns), 0);
        drop(other);
        assert_eq!((free(&turns), lined_up(&turns, 1)), (1, 1), "{cores} cores");
        hog.pop();
        drop(given(more).await);
    }
}

#[tokio::test]
async fn places_go_round_and_to_who_has_the_fewest() {
    let turns = Turns::with(2, 2, LONG);
    let first = (take(&turns, 1).await, take(&turns, 1).await);
    let mut hog = Vec::new();
    for _ in 0..3 {
        hog.push(waiting(&turns, 1).await);
    }
    let (two, three, two_again) = (waiting(&turns, 2).await, waiting(&turns, 3).await, waiting(&turns, 2).await);
    // Account 1 came first, but it has a place still.
    drop(first.0);
    let two = given(two).await;
    // Now it has none, but account 3 waits since before that.
    drop(first.1);
    let three = given(three).await;
    drop(three);
    let one = given(hog.remove(0)).await;
    drop(two);
    let two_again = given(two_again).await;
    drop(one);
    let one = given(hog.remove(0)).await;
    drop((two_again, one));
    drop(given(hog.remove(0)).await);
    assert_eq!(free(&turns), 2);
    drop(take(&turns, 9).await);
}

#[tokio::test]
async fn newcomers_do_not_starve_who_waits() {
    let turns = Turns::with(1, 1, LONG);
    let place = take(&turns, 1).await;
    let (patient, second) = (waiting(&turns, 1).await, waiting(&turns, 2).await);
    drop(place);
    let place = given(second).await;
    let third = waiting(&turns, 3).await;
    drop(place);
    let place = given(patient).await;
    drop(place);
    drop(given(third).await);
}

#[tokio::test]
async fn a_line_has_an_end_and_it_is_the_accounts_own() {
    let turns = Turns::with(2, 1, LONG);
    let place = take(&turns, 1).await;
    let mut line = Vec::new();
    for _ in 0..LINE {
        line.push(waiting(&turns, 1).await);
    }
    let refused = turns.take(1).await.err().expect("no room");
    let said = format!("{refused:?}");
    assert!(
        said.contains("503") && said.contains("retry-after") && said.contains("64 requests of this account"),
        "{said}"
    );
    drop(take(&turns, 2).await);
    // Who goes away makes room.
    line.pop().expect("a waiter").abort();
    while lined_up(&turns, 1) == LINE {
        tokio::task::yield_now().await;
    }
    line.push(waiting(&turns, 1).await);
    drop(place);
    for waiter in line {
        drop(given(waiter).await);
    }
    assert_eq!(free(&turns), 2);
}

#[tokio::test]
async fn who_waits_too_long_is_told_so_and_leaves() {
    let turns = Turns::with(1, 1, Duration::from_millis(20));
    let place = take(&turns, 1).await;
    let said = format!("{:?}", turns.take(1).await.err().expect("nothing is free"));
    assert!(said.contains("503") && said.contains("its turn did not come"), "{said}");
    assert_eq!(lined_up(&turns, 1), 0);
    drop(place);
    assert_eq!(free(&turns), 1);
}

#[tokio::test]
async fn who_goes_away_keeps_no_place() {
    let turns = Turns::with(1, 1, LONG);
    for _ in 0..100 {
        let place = take(&turns, 1).await;
        let (gone, next) = (waiting(&turns, 1).await, waiting(&turns, 2).await);
        // Given away and cancelled in the same breath.
        drop(place);
        gone.abort();
        drop(gone.await);
        drop(given(next).await);
        assert_eq!(free(&turns), 1);
    }
}

#[tokio::test]
async fn a_place_is_held_until_the_work_is_done_and_outlives_a_panic() {
    let turns = Turns::with(1, 1, LONG);
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let place = take(&turns, 1).await;
    let (began, begun) = oneshot::channel();
    let working = tokio::spawn(place.run(move || {
        began.send(()).ok();
        wait.recv().is_ok()
    }));
    begun.await.expect("it began");
    let next = waiting(&turns, 2).await;
    // Nobody waits for the answer any more: the thread works all the same.
    working.abort();
    assert!(working.await.is_err());
    assert_eq!((free(&turns), lined_up(&turns, 2)), (0, 1));
    go.send(()).expect("it works");
    drop(given(next).await);
    let failed = take(&turns, 1).await.run(|| panic!("for a test")).await;
    assert!(failed.is_err());
    assert_eq!(free(&turns), 1);
}
