use serde_json::{Value, json};

use super::line::check_line;
use super::*;
use crate::networks::capabilities::Settles;

/// A network that can do everything, in small.
fn able() -> Capabilities {
    Capabilities {
        text: TextRules {
            limit: Some(20),
            unit: Unit::Graphemes,
            limit_bytes: Some(60),
            link_length: None,
            mention_counts_local_part: false,
            warning_counts: true,
        },
        images: ImageRules {
            max: 2,
            types: vec!["image/jpeg".to_owned()],
            max_bytes: 1000,
            max_pixels: Some(10_000),
            max_side_px: Some(500),
            alt_limit: Some(10),
            focus: false,
        },
        poll: Some(PollRules {
            min_options: 2,
            max_options: 3,
            option_limit: 5,
            min_open_s: 300,
            max_open_s: 86_400,
            multiple: false,
            excludes_media: true,
        }),
        media_required: false,
        threads: true,
        first_comment: true,
        content_warning: true,
        languages: 1,
        visibilities: vec![Visibility::Public, Visibility::Followers],
        replies: vec![Replies::Everyone, Replies::Nobody],
        link_card: false,
        quotes: true,
        edit: true,
        delete: true,
        reply: true,
        inbox: true,
        counts: Vec::new(),
        followers: true,
        by_hand: false,
        settles: vec![Settles::NativeKey],
    }
}

/// A network that can say words and nothing else.
fn unable() -> Capabilities {
    Capabilities {
        images: ImageRules { max: 0, alt_limit: None, ..able().images },
        poll: None,
        threads: false,
        first_comment: false,
        content_warning: false,
        visibilities: Vec::new(),
        replies: Vec::new(),
        quotes: false,
        ..able()
    }
}

fn saying(text: &str) -> Candidate {
    Candidate {
        parts: vec![CandidatePart { text: text.to_owned(), ..CandidatePart::default() }],
        ..Candidate::default()
    }
}

fn with(change: impl FnOnce(&mut Candidate)) -> Candidate {
    let mut candidate = saying("Hello");
    change(&mut candidate);
    candidate
}

fn with_part(change: impl FnOnce(&mut CandidatePart)) -> Candidate {
    with(|candidate| change(&mut candidate.parts[0]))
}

fn picture(mime: &str) -> CandidateMedia {
    CandidateMedia {
        mime: mime.to_owned(),
        size_bytes: 900,
        width_px: Some(90),
        height_px: Some(90),
        duration_ms: None,
        alt: Some("A bell".to_owned()),
    }
}

fn poll(options: &[&str], open_for_s: u64, multiple: bool) -> Candidate {
    let options = options.iter().map(|option| (*option).to_owned()).collect();
    with_part(|part| part.poll = Some(Poll { options, open_for_s, multiple }))
}

fn kinds(can: &Capabilities, candidate: &Candidate) -> Vec<(Kind, Severity)> {
    check(can, candidate).problems.iter().map(|problem| (problem.kind, problem.severity)).collect()
}

#[test]
fn what_a_network_takes_has_no_problem() {
    let candidates = [
        saying("Hello"),
        saying("12345678901234567890"),
        with_part(|part| part.media = vec![picture("image/jpeg"), picture("image/jpeg")]),
        with_part(|part| part.warning = Some("Bells".to_owned())),
        with(|candidate| candidate.first_comment = Some("First".to_owned())),
        with(|candidate| candidate.visibility = Visibility::Followers),
        with(|candidate| candidate.replies = Replies::Nobody),
        with(|candidate| candidate.quotes = true),
        poll(&["Yes", "No"], 300, false),
    ];
    for candidate in candidates {
        let checked = check(&able(), &candidate);
        assert_eq!((checked.problems.len(), checked.notes.len()), (0, 0), "{candidate:?}: {checked:?}");
        assert!(checked.is_valid());
    }
}

#[test]
fn what_would_be_refused_is_found() {
    use Kind::*;
    let table = [
        (saying(" \n"), NothingToSay),
        (saying("123456789012345678901"), TextTooLong),
        (saying(&"👩‍👩‍👧‍👦".repeat(3)), TextTooManyBytes),
        (with_part(|part| part.warning = Some("1234567890123456".to_owned())), TextTooLong),
        (with(|candidate| candidate.first_comment = Some("x".repeat(21))), TextTooLong),
        (with_part(|part| part.media = vec![picture("image/jpeg"); 3]), TooManyImages),
        (with_part(|part| part.media = vec![picture("video/mp4")]), MediaTypeNotTaken),
        (with_part(|part| part.media = vec![picture("")]), MediaTypeNotTaken),
        (
            with_part(|part| {
                part.media =
                    vec![CandidateMedia { alt: Some("A bell in a tower".to_owned()), ..picture("image/jpeg") }];
            }),
            AltTooLong,
        ),
        (poll(&["Yes"], 300, false), PollTooFewOptions),
        (poll(&["1", "2", "3", "4"], 300, false), PollTooManyOptions),
        (poll(&["Yes", " "], 300, false), PollOptionEmpty),
        (poll(&["Yes", "Yes "], 300, false), PollOptionTwice),
        (poll(&["Yes", "Certainly"], 300, false), PollOptionTooLong),
        (poll(&["Yes", "No"], 299, false), PollTooShort),
        (poll(&["Yes", "No"], 86_401, false), PollTooLong),
        (poll(&["Yes", "No"], 300, true), PollOneAnswerOnly),
        (with(|candidate| candidate.visibility = Visibility::Direct), VisibilityNotKept),
    ];
    for (candidate, kind) in table {
        assert_eq!(kinds(&able(), &candidate), [(kind, Severity::Refuse)], "{candidate:?}");
        assert!(!check(&able(), &candidate).is_valid());
    }
}

#[test]
fn a_poll_and_a_picture_exclude_each_other_where_the_network_says_so() {
    let mut candidate = poll(&["Yes", "No"], 300, false);
    candidate.parts[0].media = vec![picture("image/jpeg")];
    assert_eq!(kinds(&able(), &candidate), [(Kind::PollWithMedia, Severity::Refuse)]);
}

#[test]
fn what_a_network_lacks_is_refused_or_warned_of() {
    use Kind::*;
    use Severity::{Refuse, Warn};
    let table = [
        (with_part(|part| part.media = vec![picture("image/jpeg")]), ImagesNotTaken, Refuse),
        (poll(&["Yes", "No"], 300, false), PollNotTaken, Refuse),
        (with(|candidate| candidate.parts.push(candidate.parts[0].clone())), ThreadNotTaken, Refuse),
        (with(|candidate| candidate.first_comment = Some("First".to_owned())), FirstCommentNotTaken, Refuse),
        (with(|candidate| candidate.quotes = true), QuoteNotTaken, Refuse),
        (with(|candidate| candidate.visibility = Visibility::Followers), VisibilityNotKept, Refuse),
        (with(|candidate| candidate.replies = Replies::Nobody), RepliesNotKept, Warn),
        (with_part(|part| part.warning = Some("Bells".to_owned())), WarningNotShown, Warn),
    ];
    for (candidate, kind, severity) in table {
        assert_eq!(kinds(&unable(), &candidate), [(kind, severity)], "{candidate:?}");
    }
}

#[test]
fn a_visibility_that_a_network_lacks_becomes_a_narrower_one_with_a_warning() {
    let candidate = with(|candidate| candidate.visibility = Visibility::Unlisted);
    assert_eq!(kinds(&able(), &candidate), [(Kind::VisibilityNarrower, Severity::Warn)]);
}

#[test]
fn a_network_that_needs_a_picture_says_so() {
    let can = Capabilities { media_required: true, ..able() };
    assert_eq!(kinds(&can, &saying("Hello")), [(Kind::MediaRequired, Severity::Refuse)]);
}

#[test]
fn a_missing_description_is_a_warning_and_no_refusal() {
    let candidate = with_part(|part| part.media = vec![CandidateMedia { alt: None, ..picture("image/jpeg") }]);
    let checked = check(&able(), &candidate);
    assert_eq!(checked.problems[0].kind, Kind::AltMissing);
    assert_eq!(checked.problems[0].field, "parts.0.media.0.alt");
    assert!(checked.is_valid());
}

#[test]
fn a_picture_that_can_be_made_to_fit_is_no_problem() {
    let large = CandidateMedia { size_bytes: 5000, ..picture("image/jpeg") };
    let wide = CandidateMedia { width_px: Some(501), height_px: Some(2), ..picture("image/jpeg") };
    let many = CandidateMedia { width_px: Some(101), height_px: Some(100), ..picture("image/jpeg") };
    let table = [
        (large, NoteKind::MadeSmaller),
        (wide, NoteKind::MadeSmaller),
        (many, NoteKind::MadeSmaller),
        (picture("image/png"), NoteKind::Converted),
    ];
    for (media, kind) in table {
        let checked = check(&able(), &with_part(|part| part.media = vec![media.clone()]));
        assert_eq!(checked.problems, [], "{media:?}");
        assert_eq!(checked.notes, [Note { kind, field: "parts.0.media.0".to_owned() }], "{media:?}");
    }
}

#[test]
fn a_long_text_is_split_where_threads_exist_and_trimmed_where_not() {
    let long = saying("One two three four. Five six seven.");
    assert_eq!(check(&able(), &long).problems[0].fix, Some(Fix::Split));
    assert_eq!(check(&unable(), &long).problems[0].fix, Some(Fix::Trim));
    assert_eq!(suggest_parts(&able(), &long.parts[0], false), ["One two three four.", "Five six seven."]);
    assert_eq!(suggest_parts(&unable(), &long.parts[0], false).len(), 1);
}

#[test]
fn the_warning_takes_room_in_every_suggested_part() {
    let part = CandidatePart {
        warning: Some("Bells".to_owned()),
        ..saying("One two three four five six seven").parts[0].clone()
    };
    for text in suggest_parts(&able(), &part, true) {
        assert!(counting::fits(&text, &able().text, Some("Bells")), "{text:?}");
    }
}

fn say(problem: &Problem) -> String {
    problem.message().key.to_owned()
}

fn answer(line: impl AsRef<[u8]>) -> Value {
    serde_json::from_str(&check_line(&able(), line.as_ref(), &say)).unwrap()
}

#[test]
fn a_line_is_answered_with_its_length_and_its_parts() {
    let good = answer(
        r#"{"text":"Hello","media":[{"mime":"image/jpeg","size_bytes":9,"width_px":3,"height_px":3,"duration_ms":null,"alt":"A bell"}]}"#,
    );
    assert_eq!(
        good,
        json!({
            "length": 5, "limit": 20, "unit": "graphemes", "valid": true, "problems": [], "notes": [],
            "parts": [{"text": "Hello", "length": 5, "limit": 20, "unit": "graphemes"}],
        })
    );
    let long = answer(r#"{"text":"One two three four. Five six seven.","unknown":1}"#);
    assert_eq!((&long["length"], &long["valid"]), (&json!(35), &json!(false)));
    assert_eq!(long["parts"].as_array().unwrap().len(), 2);
    assert_eq!(
        long["problems"][0],
        json!({
            "kind": "text_too_long", "severity": "refuse", "field": "text", "fix": "split",
            "message": "check-text-too-long", "args": {"over": 15, "limit": 20},
        })
    );
}

#[test]
fn a_line_that_cannot_be_read_is_answered_too() {
    for line in ["", "{", "[]", "null", r#"{"text":5}"#, r#"{"text":"a","media":[{}]}"#, "\u{0}"] {
        let answer = answer(line);
        assert_eq!(answer["valid"], json!(false), "{line:?}");
        assert_eq!(answer["problems"][0]["kind"], json!("unreadable"), "{line:?}");
        assert_eq!(answer["parts"], json!([]), "{line:?}");
    }
    assert_eq!(answer([b'"', 0xff, b'"'])["problems"][0]["kind"], json!("unreadable"));
}

#[test]
fn every_kind_has_a_key_of_its_own_form() {
    for kind in [Kind::NothingToSay, Kind::TextTooManyBytes, Kind::PollOneAnswerOnly, Kind::Unreadable] {
        let name = serde_json::to_value(kind).unwrap();
        assert_eq!(kind.key(), format!("check-{}", name.as_str().unwrap().replace('_', "-")));
    }
}
