use super::{IDLE_FOR, Proof, Session, WHOLE_FOR, short_agent};
use crate::base::clock::At;
use crate::people::{PersonId, SessionId};

fn session(created_at: At, seen_at: At) -> Session {
    let proof = Proof::of("token");
    Session {
        id: SessionId::from_bits(1),
        proof,
        person: PersonId::from_bits(2),
        created_at,
        seen_at,
        agent: String::new(),
    }
}

#[test]
fn a_session_ends_unused_after_thirty_days_and_used_after_half_a_year() {
    let start = At::from_millis(0);
    assert_eq!(session(start, start).ends_at(), start.plus(IDLE_FOR));
    let used = session(start, start.plus(WHOLE_FOR));
    assert_eq!(used.ends_at(), start.plus(WHOLE_FOR));
    assert!(used.is_over(start.plus(WHOLE_FOR)));
    assert!(!session(start, start).is_over(At::from_millis(1)));
}

#[test]
fn a_proof_matches_its_token_only_and_prints_nothing() {
    assert!(Proof::of("a").matches(&Proof::of("a")));
    assert!(!Proof::of("a").matches(&Proof::of("b")));
    assert_eq!(format!("{:?}", Proof::of("a")), "Proof(…)");
    assert_ne!(Proof::of("a").id::<SessionId>(), Proof::of("b").id());
}

#[test]
fn a_browser_is_told_in_a_few_words() {
    for (agent, expected) in [
        ("Mozilla/5.0 (Android 15; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0", "Firefox on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
            "Chrome on Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge on Windows",
        ),
        ("curl/8.5", "curl"),
        ("<script>", ""),
    ] {
        assert_eq!(short_agent(agent), expected);
    }
}
