//! `belfry check --network NAME --json`: one JSON object a line in, one a line out.
//!
//! A line that cannot be read answers with a problem of its own, so that a program that pipes a thousand lines gets a
//! thousand answers. Keys that are not known are passed over.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Candidate, CandidateMedia, CandidatePart, Checked, Kind, Note, Problem, check, suggest_parts};
use crate::networks::capabilities::{Capabilities, Unit};
use crate::networks::counting;
use crate::networks::job::{Poll, Replies, Visibility};

/// One post as a program writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    text: String,
    media: Vec<CandidateMedia>,
    poll: Option<Poll>,
    content_warning: Option<String>,
    language: Option<String>,
    visibility: Visibility,
    replies: Replies,
    quote_url: Option<String>,
    first_comment: Option<String>,
}

/// What is answered. `length`, `limit` and `unit` are those of the whole text; `parts` is the thread that it would
/// become, which is the text alone where it fits or where the network has no threads.
#[derive(Debug, Serialize)]
struct Answer {
    length: u32,
    limit: Option<u32>,
    unit: Unit,
    valid: bool,
    problems: Vec<Value>,
    notes: Vec<Note>,
    parts: Vec<AnswerPart>,
}

#[derive(Debug, Serialize)]
struct AnswerPart {
    text: String,
    length: u32,
    limit: Option<u32>,
    unit: Unit,
}

/// Checks one line and answers one line, without its end. `say` writes the sentence of a problem.
pub fn check_line(can: &Capabilities, line: &[u8], say: &dyn Fn(&Problem) -> String) -> String {
    // By way of a map: read directly, a list would pass for the fields in their order.
    let read = serde_json::from_slice::<serde_json::Map<String, Value>>(line);
    let answer = match read.and_then(|fields| serde_json::from_value::<Line>(Value::Object(fields))) {
        Ok(read) => answer(can, read, say),
        Err(error) => unreadable(can, &error, say),
    };
    serde_json::to_string(&answer).unwrap_or_else(|error| format!("{{\"valid\":false,\"problems\":[\"{error}\"]}}"))
}

fn answer(can: &Capabilities, line: Line, say: &dyn Fn(&Problem) -> String) -> Answer {
    let part = CandidatePart {
        text: line.text,
        media: line.media,
        poll: line.poll,
        warning: line.content_warning,
        language: line.language,
    };
    let texts = suggest_parts(can, &part, false);
    let warning = part.warning.clone();
    let candidate = Candidate {
        parts: vec![part],
        first_comment: line.first_comment,
        quotes: line.quote_url.is_some(),
        visibility: line.visibility,
        replies: line.replies,
    };
    let checked = check(can, &candidate);
    let measured = |text: String| {
        let length = counting::length(&text, &can.text, warning.as_deref());
        AnswerPart { text, length, limit: can.text.limit, unit: can.text.unit }
    };
    Answer {
        length: checked.parts.first().map_or(0, |part| part.length),
        limit: can.text.limit,
        unit: can.text.unit,
        valid: checked.is_valid(),
        problems: checked.problems.iter().map(|problem| told(problem, say)).collect(),
        notes: noted(&checked),
        parts: texts.into_iter().map(measured).collect(),
    }
}

fn unreadable(can: &Capabilities, error: &serde_json::Error, say: &dyn Fn(&Problem) -> String) -> Answer {
    let problem = Problem::refuse(Kind::Unreadable, "", None).text("reason", &error.to_string());
    Answer {
        length: 0,
        limit: can.text.limit,
        unit: can.text.unit,
        valid: false,
        problems: vec![told(&problem, say)],
        notes: Vec::new(),
        parts: Vec::new(),
    }
}

/// A problem for a program: its kind is stable, its sentence is for people. The post has one part, so fields are named
/// as in the line.
fn told(problem: &Problem, say: &dyn Fn(&Problem) -> String) -> Value {
    let args: serde_json::Map<String, Value> =
        problem.args.iter().map(|(name, arg)| ((*name).to_owned(), serde_json::json!(arg))).collect();
    serde_json::json!({
        "kind": problem.kind,
        "severity": problem.severity,
        "field": of_the_line(&problem.field),
        "fix": problem.fix,
        "message": say(problem),
        "args": args,
    })
}

fn noted(checked: &Checked) -> Vec<Note> {
    let renamed = |note: &Note| Note { kind: note.kind, field: of_the_line(&note.field) };
    checked.notes.iter().map(renamed).collect()
}

fn of_the_line(field: &str) -> String {
    match field.strip_prefix("parts.0.") {
        Some("warning") => "content_warning".to_owned(),
        Some(field) => field.to_owned(),
        None if field == "quote" => "quote_url".to_owned(),
        None => field.to_owned(),
    }
}
