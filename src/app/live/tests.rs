use super::{Behind, Live};
use crate::base::clock::At;

fn live() -> Live {
    Live::new(At::from_millis(1000))
}

#[tokio::test]
async fn a_listener_hears_its_own_workspace_only() {
    let live = live();
    let mut seen = live.listen(1_u128, None);
    live.tell(2_u128, "post", 7_u128);
    live.tell(1_u128, "post", 8_u128);
    let change = seen.next().await.unwrap().unwrap();
    assert_eq!((change.workspace, change.what, change.id, change.number), (1, "post", 8, 1002));
}

#[tokio::test]
async fn a_browser_that_was_away_gets_what_it_missed() {
    let live = live();
    for id in 0..5_u128 {
        live.tell(1_u128, "post", id);
    }
    let mut seen = live.listen(1_u128, Some(1003));
    assert_eq!(seen.next().await.unwrap().unwrap().number, 1004);
    assert_eq!(seen.next().await.unwrap().unwrap().number, 1005);
    live.tell(1_u128, "post", 9_u128);
    assert_eq!(seen.next().await.unwrap().unwrap().number, 1006);
}

#[tokio::test]
async fn a_browser_from_before_the_start_or_too_long_away_is_told_to_look_again() {
    let live = live();
    assert_eq!(live.listen(1_u128, Some(12)).next().await, Some(Err(Behind)), "another start");
    assert_eq!(live.listen(1_u128, Some(9999)).next().await, Some(Err(Behind)), "a number not given yet");
    for id in 0..600_u128 {
        live.tell(1_u128, "post", id);
    }
    assert_eq!(live.listen(1_u128, Some(1001)).next().await, Some(Err(Behind)), "no longer kept");
}

#[tokio::test]
async fn nothing_missed_means_nothing_is_said() {
    let live = live();
    live.tell(1_u128, "post", 1_u128);
    let mut seen = live.listen(1_u128, Some(live.newest()));
    live.tell(1_u128, "post", 2_u128);
    assert_eq!(seen.next().await.unwrap().unwrap().id, 2);
}
