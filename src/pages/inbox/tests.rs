use super::list::{Shelf, View, address, answering, context, shown_name};
use crate::base::clock::At;
use crate::channels::ChannelId;
use crate::inbox::{About, Conversation, ConversationId, ConversationState};
use crate::networks::{MessageKind, RemotePerson};
use crate::publish::PublicationId;
use crate::words::Words;

#[test]
fn a_view_is_named_in_its_address_and_open_is_what_one_comes_to() {
    for (view, expected) in
        [(View::Open, "/w/a/inbox"), (View::Mine, "/w/a/inbox?view=mine"), (View::Done, "/w/a/inbox?view=done")]
    {
        assert_eq!(address("a", Shelf { view, channel: None }), expected);
        assert_eq!(View::named(view.name()), view);
    }
    assert_eq!(View::named("nonsense"), View::Open);
}

#[test]
fn a_shelf_of_one_channel_comes_back_from_its_address() {
    let shelf = Shelf { view: View::Mine, channel: Some(ChannelId::from_bits(3)) };
    assert_eq!(address("a", shelf), "/w/a/inbox?view=mine&channel=00000000000000000000000003");
    let channel = shelf.channel.map(|channel| channel.to_string()).unwrap_or_default();
    assert_eq!(Shelf::named("mine", &channel), shelf);
    assert_eq!(Shelf::named("open", "nonsense"), Shelf::default());
}

#[test]
fn who_is_answering_is_named() {
    let words = Words::english().unwrap();
    let said = |names: &[&str]| answering(&words, &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    assert_eq!(said(&[]), None);
    assert_eq!(said(&["Ben"]).as_deref(), Some("Ben is answering…"));
    assert_eq!(said(&["Ben", "Chidi"]).as_deref(), Some("Ben and one more are answering…"));
    assert_eq!(said(&["Ben", "Chidi", "Ada"]).as_deref(), Some("Ben and 2 more are answering…"));
}

#[test]
fn a_row_says_what_it_belongs_to() {
    let words = Words::english().unwrap();
    let conversation = |kind, excerpt: Option<&str>| Conversation {
        workspace: 1.into(),
        id: ConversationId::from_bits(2),
        channel: 3.into(),
        about: excerpt.map(|excerpt| About {
            publication: PublicationId::from_bits(4),
            post: None,
            excerpt: excerpt.to_owned(),
        }),
        person: RemotePerson::default(),
        last_at: At::from_millis(0),
        excerpt: String::new(),
        kind,
        unread: 0,
        messages: 1,
        state: ConversationState::Open,
        assigned: None,
    };
    for (kind, excerpt, expected) in [
        (MessageKind::Reply, Some("We open at nine"), Some("↳ We open at nine")),
        (MessageKind::Reply, None, None),
        (MessageKind::Reply, Some(""), None),
        (MessageKind::Mention, None, Some("↳ Named you")),
        (MessageKind::Direct, Some("We open at nine"), Some("↳ Direct message")),
    ] {
        assert_eq!(context(&words, &conversation(kind, excerpt)).as_deref(), expected);
    }
}

#[test]
fn who_shows_no_name_is_called_by_the_handle() {
    assert_eq!(shown_name("Ana", "@ana"), "Ana");
    assert_eq!(shown_name("  ", "@ana"), "@ana");
}
