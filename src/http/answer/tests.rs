use super::Failure;
use crate::base::clock::At;
use crate::http::problem;
use crate::people::{Action, Refusal};
use crate::store::StoreError;
use crate::words::{Message, Words};

#[test]
fn every_failure_has_a_status_a_name_and_words() {
    let words = Words::english().unwrap();
    let failures = [
        (403, Failure::Refusal(Refusal::MayNot { action: Action::Write })),
        (404, Failure::Refusal(Refusal::NotThere)),
        (409, Failure::Refusal(Refusal::ChangedMeanwhile)),
        (409, StoreError::Conflict.into()),
        (422, Failure::Refusal(Refusal::field("name", Message::new("person-name-missing")))),
        (409, Failure::Refusal(Refusal::Rule(Message::new("member-last-owner")))),
        (429, Failure::Refusal(Refusal::TooOften { until_at: At::from_millis(1) })),
        (503, StoreError::Busy.into()),
        (507, StoreError::Full { free_bytes: 1 }.into()),
        (500, StoreError::Io { doing: "x".to_owned(), reason: "y".to_owned() }.into()),
        (401, Failure::NotSignedIn),
        (401, Failure::TokenExpired { ended_at: At::from_millis(1) }),
        (403, Failure::Forged("test")),
        (404, Failure::NoSuchPage),
        (405, Failure::NoSuchMethod { allow: "GET, HEAD".to_owned() }),
        (413, Failure::TooLarge { max_bytes: 1024 * 1024 }),
        (415, Failure::WrongType { takes: "application/json" }),
        (400, Failure::Unreadable("test")),
        (400, Failure::NotJson { reason: "test".to_owned() }),
        (422, Failure::KeyReused),
        (503, Failure::Busy),
        (500, Failure::Broken("test")),
    ];
    for (status, failure) in failures {
        assert_eq!(failure.kind().status, status, "{failure:?}");
        for text in [words.render(&failure.advice()), words.render(&problem::detail(&failure))] {
            assert!(text.ends_with(['.', ')']) && !text.contains("{ $"), "{text}");
        }
        assert!(!problem::title(&words, &failure).is_empty());
    }
}

#[test]
fn programs_are_told_when_another_try_is_worth_it() {
    let now = At::from_millis(60_000);
    let after = |failure: Failure| failure.retry_after(now).map(|span| span.as_secs());
    assert_eq!(after(Refusal::TooOften { until_at: At::from_millis(90_000) }.into()), Some(31));
    assert_eq!(after(StoreError::Busy.into()), Some(5));
    assert_eq!(after(Failure::Busy), Some(5));
    assert_eq!(after(Failure::NoSuchPage), None);
}

#[test]
fn every_refusal_of_a_network_has_words() {
    use crate::networks::error::NetworkError;
    let words = Words::english().unwrap();
    let reason = "the server said no".to_owned();
    for error in [
        NetworkError::NotSent { reason: reason.clone() },
        NetworkError::Wait { until_at: None, reason: reason.clone() },
        NetworkError::Refused { reason: reason.clone() },
        NetworkError::Reconnect { reason: reason.clone() },
        NetworkError::Unclear { reason: reason.clone() },
        NetworkError::Address { reason: reason.clone() },
    ] {
        assert!(words.render(&Refusal::from(error).advice()).contains("the server said no"));
    }
}
