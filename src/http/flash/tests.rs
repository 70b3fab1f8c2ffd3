use super::{Said, read, write};
use crate::base::clock::At;
use crate::base::seal::Sealer;
use crate::ui::Undo;
use crate::words::{Message, Words};

fn said() -> Said {
    let undo = Undo { action: "/undo".to_owned(), label: "Undo".to_owned(), fields: vec![] };
    Said { message: Message::new("people-put-back").with("person", "Ben"), undo: Some(undo) }
}

#[test]
fn what_was_done_is_shown_once_more_and_nothing_else_is() {
    let (words, signer) = (Words::english().unwrap(), Sealer::new([1; 32]).signer("notice"));
    let now = At::from_millis(5_000_000);
    let value = write(&signer, &words, &said(), now).unwrap();
    let notice = read(&signer, &words, &value, now).unwrap();
    assert!(notice.text.contains("Ben"), "{}", notice.text);
    assert_eq!(notice.undo.unwrap().action, "/undo");

    assert!(read(&Sealer::new([2; 32]).signer("notice"), &words, &value, now).is_none(), "another key");
    assert!(read(&signer, &words, &value, At::from_millis(5_100_000)).is_none(), "a minute is over");
    assert!(read(&signer, &words, &format!("A{}", value.get(1..).unwrap()), now).is_none(), "changed");
    assert!(read(&signer, &words, "", now).is_none());
}
