use super::form::Typed;
use super::view::told;
use crate::http::Form;
use crate::networks::Registry;
use crate::words::Words;

#[test]
fn every_network_has_all_the_words_that_connecting_it_needs() {
    let words = Words::english().unwrap();
    for network in Registry::standard().iter() {
        let name = network.name();
        let mut keys = vec![format!("connect-{name}")];
        for way in network.connect_forms() {
            let way_key = format!("connect-{name}-{}", way.way);
            keys.push(format!("{way_key}-step-1"));
            keys.extend(way.fields.iter().map(|field| format!("{way_key}-{}", field.name)));
            keys.push(way_key);
        }
        for key in keys {
            assert!(words.knows(&key), "{key}");
        }
    }
}

#[test]
fn every_network_says_in_words_what_it_can_do() {
    let words = Words::english().unwrap();
    for network in Registry::standard().iter() {
        let (yes, no) = told(&words, &network.capabilities(&serde_json::Value::Null));
        assert!(!yes.is_empty());
        assert_eq!(
            yes.len() + no.len(),
            13 + usize::from(yes.contains(&words.say("can-images-only"))),
            "{yes:?} {no:?}"
        );
    }
}

#[test]
fn what_was_typed_comes_back_without_secrets() {
    let mastodon = Registry::standard();
    let ways = mastodon.find("mastodon").unwrap().connect_forms();
    let form = Form::parse(b"way=token&server=+example.social+&token=hush&other=1").unwrap();
    let (typed, input) = Typed::read(&form, ways).unwrap();
    assert_eq!(input.get("token").map(String::as_str), Some("hush"));
    assert_eq!(input.get("server").map(String::as_str), Some("example.social"));
    assert!(!input.contains_key("other"));
    assert_eq!((typed.value("token", "server"), typed.value("token", "token")), ("example.social", ""));
    assert_eq!(typed.value("oauth", "server"), "");
    assert!(Typed::read(&Form::parse(b"way=magic").unwrap(), ways).is_none());
}
