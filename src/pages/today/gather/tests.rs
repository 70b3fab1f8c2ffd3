use super::*;
use crate::pages::marks::Mark;
use crate::people::{PersonId, WorkspaceId};
use crate::publish::{Dispatch, DispatchRole, PublicationId};

fn mark(state: ChannelState) -> Mark {
    Mark { network: "mastodon".into(), title: "Mastodon".into(), handle: "@ada@example.social".into(), tone: 1, state }
}

fn publication(post: u128, channel: u128, state: DispatchState, held: Option<HeldBecause>) -> Publication {
    let mut dispatch = Dispatch::planned(DispatchRole::Part { index: 0 });
    (dispatch.state, dispatch.held) = (state, held);
    Publication {
        workspace: WorkspaceId::from_bits(1),
        id: PublicationId::from_bits(post * 10 + channel),
        channel: ChannelId::from_bits(channel),
        source: Source::Post { post: PostId::from_bits(post) },
        subject: format!("Post {post}"),
        due_at: At::from_millis(i64::try_from(post).unwrap()),
        next_at: None,
        by_hand: false,
        dispatches: vec![dispatch],
        published_at: None,
        planned_by: PersonId::from_bits(1),
    }
}

fn lines(publications: &[Publication], marks: &Marks) -> Vec<String> {
    needs(publications, marks)
        .into_iter()
        .map(|need| match need {
            Need::ByHand { subject, .. } => format!("{subject} by hand"),
            Need::Channel { reconnect, kept, .. } => format!("channel {reconnect} {kept}"),
            Need::Post { trouble, subject, channels, .. } => format!("{subject} {trouble:?} {}", channels.len()),
        })
        .collect()
}

#[test]
fn the_same_trouble_of_one_post_on_several_channels_is_one_line() {
    let failed = |channel| publication(7, channel, DispatchState::Failed, None);
    assert_eq!(lines(&[failed(1), failed(2)], &Marks::default()), ["Post 7 Failed 2"]);
}

#[test]
fn what_is_held_for_its_channel_is_counted_at_the_channel() {
    let reconnect = ChannelState::Reconnect { reason: "401".into(), since_at: At::default() };
    let marks =
        Marks::of([(ChannelId::from_bits(1), mark(reconnect)), (ChannelId::from_bits(2), mark(ChannelState::Paused))]);
    let held = |post, channel, why| publication(post, channel, DispatchState::Held, Some(why));
    let all = [
        held(3, 1, HeldBecause::Reconnect),
        held(4, 1, HeldBecause::Reconnect),
        held(5, 1, HeldBecause::Person),
        held(6, 2, HeldBecause::ChannelPaused),
    ];
    let expected = ["channel true 2", "channel false 1", "Post 5 Held(Why(\"held-by-person\")) 1"];
    assert_eq!(lines(&all, &marks), expected);
}

#[test]
fn a_paused_channel_without_waiting_posts_needs_nobody() {
    let marks = Marks::of([(ChannelId::from_bits(1), mark(ChannelState::Paused))]);
    assert!(needs(&[], &marks).is_empty());
}

#[test]
fn what_was_held_for_a_channel_that_is_open_again_is_a_line_of_its_own() {
    let marks = Marks::of([(ChannelId::from_bits(1), mark(ChannelState::Active))]);
    let held = publication(3, 1, DispatchState::Held, Some(HeldBecause::ChannelPaused));
    assert_eq!(lines(&[held], &marks), ["Post 3 Held(Why(\"held-channel-paused\")) 1"]);
}

#[test]
fn the_most_urgent_stands_first() {
    let mut by_hand = publication(9, 1, DispatchState::Sending, None);
    by_hand.by_hand = true;
    let all = [
        publication(1, 1, DispatchState::Held, Some(HeldBecause::Late)),
        publication(2, 1, DispatchState::Failed, None),
        publication(3, 1, DispatchState::Unsure, None),
        by_hand,
        publication(4, 1, DispatchState::Sending, None),
    ];
    let reconnect = ChannelState::Reconnect { reason: "401".into(), since_at: At::default() };
    let marks = Marks::of([(ChannelId::from_bits(8), mark(reconnect))]);
    let expected =
        ["Post 9 by hand", "channel true 0", "Post 3 Unsure 1", "Post 2 Failed 1", "Post 1 Held(Why(\"held-late\")) 1"];
    assert_eq!(lines(&all, &marks), expected);
}

#[test]
fn each_account_to_post_on_by_hand_is_a_line_of_its_own() {
    let by_hand = |channel| {
        let publication = publication(9, channel, DispatchState::Sending, None);
        Publication { by_hand: true, ..publication }
    };
    assert_eq!(lines(&[by_hand(1), by_hand(2)], &Marks::default()), ["Post 9 by hand", "Post 9 by hand"]);
}
