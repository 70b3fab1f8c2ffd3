use proptest::prelude::*;

use super::DispatchEvent as E;
use super::DispatchState as S;
use super::*;

const STATES: [S; 7] = [S::Planned, S::Sending, S::Done, S::Failed, S::Held, S::Unsure, S::Withdrawn];
const EVENTS: [E; 9] =
    [E::Claimed, E::Confirmed, E::PutOff, E::Refused, E::Unclear, E::NotThere, E::Held, E::Released, E::Withdrawn];

#[test]
fn only_a_planned_dispatch_can_be_claimed() {
    for state in STATES {
        assert_eq!(state.after(E::Claimed).is_ok(), state == S::Planned, "{state:?}");
    }
}

#[test]
fn what_is_done_stays_done() {
    for event in EVENTS {
        assert!(S::Done.after(event).is_err(), "{event:?}");
    }
}

#[test]
fn an_unsure_dispatch_is_sent_again_only_once_it_is_known_not_to_be_there() {
    for event in EVENTS {
        match S::Unsure.after(event) {
            Ok(next) => assert!(matches!(
                (event, next),
                (E::Confirmed, S::Done) | (E::NotThere, S::Planned) | (E::Withdrawn, S::Withdrawn)
            )),
            Err(impossible) => assert_eq!(impossible.state, S::Unsure),
        }
    }
}

#[test]
fn a_publication_shows_the_sum_of_its_dispatches() {
    use PublicationState as P;
    let check = |states: &[S], expected: P| assert_eq!(sum(states.iter().copied()), expected, "{states:?}");
    check(&[S::Planned], P::Planned);
    check(&[S::Done, S::Done], P::Published);
    check(&[S::Done, S::Planned], P::Sending);
    check(&[S::Done, S::Failed, S::Held], P::PartlyOut);
    check(&[S::Done, S::Unsure], P::Unsure);
    check(&[S::Failed, S::Held], P::Failed);
    check(&[S::Held], P::Held);
    check(&[S::Done, S::Withdrawn], P::Published);
    check(&[S::Withdrawn], P::Withdrawn);
    check(&[], P::Planned);
}

proptest! {
    /// Whatever happens in whatever order: between two claims there is always the network's word, or a person's,
    /// that the first did nothing.
    #[test]
    fn two_claims_never_follow_each_other_without_word_that_nothing_happened(events in prop::collection::vec(0..EVENTS.len(), 0..60)) {
        let mut state = S::Planned;
        let mut may_have_happened = false;
        for event in events.into_iter().map(|index| EVENTS[index]) {
            let Ok(next) = state.after(event) else { continue };
            match event {
                E::Claimed => {
                    prop_assert!(!may_have_happened);
                    may_have_happened = true;
                }
                E::PutOff | E::NotThere | E::Refused | E::Held => may_have_happened = false,
                _ => {}
            }
            state = next;
        }
    }
}
