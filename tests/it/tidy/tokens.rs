//! Rust text as words and signs, without comments, strings and characters, and the paths that are written in it.

use std::iter::Peekable;
use std::str::Chars;

/// A word (name, keyword or number), `::`, or any other single sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    Colons,
    Sign(char),
}

/// A token and the line it stands on, counted from 1.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) line: usize,
}

/// A path as it is written, from its first word on: `crate::people::Actor`, `super::checks`, `maud::html`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) words: Vec<String>,
    /// The path names a macro that is called here.
    pub(super) called: bool,
    /// Modules opened in the file around it (`mod tests { … }`).
    pub(super) inside: Vec<String>,
    pub(super) line: usize,
}

pub(super) fn tokens(text: &str) -> Vec<Placed> {
    Lexer { rest: text.chars().peekable(), line: 1, found: Vec::new() }.all()
}

struct Lexer<'a> {
    rest: Peekable<Chars<'a>>,
    line: usize,
    found: Vec<Placed>,
}

impl Lexer<'_> {
    fn all(mut self) -> Vec<Placed> {
        while let Some(sign) = self.next() {
            match sign {
                _ if sign.is_whitespace() => {}
                '/' if self.rest.peek() == Some(&'/') => self.over_line(),
                '/' if self.rest.peek() == Some(&'*') => self.over_block_comment(),
                '"' => self.over_string(),
                '\'' => self.over_character_or_lifetime(),
                ':' if self.rest.peek() == Some(&':') => {
                    self.next();
                    self.put(Token::Colons);
                }
                _ if sign.is_alphanumeric() || sign == '_' => self.word(sign),
                _ => self.put(Token::Sign(sign)),
            }
        }
        self.found
    }

    fn next(&mut self) -> Option<char> {
        let sign = self.rest.next();
        if sign == Some('\n') {
            self.line += 1;
        }
        sign
    }

    fn put(&mut self, token: Token) {
        self.found.push(Placed { token, line: self.line });
    }

    fn word(&mut self, first: char) {
        let mut word = String::from(first);
        while let Some(&sign) = self.rest.peek() {
            if !sign.is_alphanumeric() && sign != '_' {
                break;
            }
            word.push(sign);
            self.next();
        }
        match (word.as_str(), self.rest.peek()) {
            ("r" | "br" | "cr", Some('"' | '#')) => self.over_raw_string(),
            ("b" | "c", Some('"')) => {
                self.next();
                self.over_string();
            }
            ("b", Some('\'')) => {
                self.next();
                self.over_character_or_lifetime();
            }
            _ => self.put(Token::Word(word)),
        }
    }

    fn over_line(&mut self) {
        while self.next().is_some_and(|sign| sign != '\n') {}
    }

    fn over_block_comment(&mut self) {
        self.next();
        let mut depth = 1;
        while 0 < depth {
            match self.next() {
                Some('*') if self.rest.peek() == Some(&'/') => {
                    self.next();
                    depth -= 1;
                }
                Some('/') if self.rest.peek() == Some(&'*') => {
                    self.next();
                    depth += 1;
                }
                Some(_) => {}
                None => return,
            }
        }
    }

    fn over_string(&mut self) {
        while let Some(sign) = self.next() {
            match sign {
                '\\' => drop(self.next()),
                '"' => return,
                _ => {}
            }
        }
    }

    /// After `r`: a raw string, or a raw name such as `r#type`.
    fn over_raw_string(&mut self) {
        let mut marks = 0;
        while self.rest.peek() == Some(&'#') {
            self.next();
            marks += 1;
        }
        if self.rest.peek() != Some(&'"') {
            return;
        }
        self.next();
        while let Some(sign) = self.next() {
            if sign != '"' {
                continue;
            }
            let mut seen = 0;
            while seen < marks && self.rest.peek() == Some(&'#') {
                self.next();
                seen += 1;
            }
            if seen == marks {
                return;
            }
        }
    }

    fn over_character_or_lifetime(&mut self) {
        match self.next() {
            Some('\\') => {
                self.next(); // what is escaped, a quote perhaps
                while self.next().is_some_and(|sign| sign != '\'') {}
            }
            Some(_) if self.rest.peek() == Some(&'\'') => drop(self.next()),
            _ => {} // A lifetime: its name stays as a word, which harms nothing.
        }
    }
}

/// Every path in the text: those of `use` with their groups spread out, and those that stand elsewhere.
pub(super) fn paths(text: &str) -> Vec<Written> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut inside: Vec<(String, usize)> = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while let Some(Placed { token, line }) = tokens.get(at) {
        let here = |words: Vec<String>, called| Written {
            words,
            called,
            inside: inside.iter().map(|(name, _)| name.clone()).collect(),
            line: *line,
        };
        match token {
            Token::Word(word) if word == "use" => {
                let mut ends = Vec::new();
                at = spread(&tokens, at + 1, &[], &mut ends);
                found.extend(ends.into_iter().map(|words| here(words, false)));
                continue;
            }
            Token::Word(_) if starts_path(&tokens, at) => {
                let (words, end) = straight(&tokens, at);
                found.push(here(words, is(&tokens, end, '!')));
                at = end;
                continue;
            }
            Token::Sign('{') => {
                depth += 1;
                if let Some(name) = opens_module(&tokens, at) {
                    inside.push((name, depth));
                }
            }
            Token::Sign('}') => {
                if inside.last().is_some_and(|(_, opened)| *opened == depth) {
                    inside.pop();
                }
                depth -= 1;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn token(tokens: &[Placed], at: usize) -> Option<&Token> {
    tokens.get(at).map(|placed| &placed.token)
}

fn is(tokens: &[Placed], at: usize, sign: char) -> bool {
    token(tokens, at) == Some(&Token::Sign(sign))
}

fn word(tokens: &[Placed], at: usize) -> Option<&str> {
    match token(tokens, at) {
        Some(Token::Word(word)) => Some(word),
        _ => None,
    }
}

fn starts_path(tokens: &[Placed], at: usize) -> bool {
    let follows_path =
        1 <= at && token(tokens, at - 1) == Some(&Token::Colons) && 2 <= at && word(tokens, at - 2).is_some();
    !follows_path && token(tokens, at + 1) == Some(&Token::Colons)
}

/// `mod name {` when the brace stands at this place.
fn opens_module(tokens: &[Placed], brace: usize) -> Option<String> {
    let name = word(tokens, brace.checked_sub(1)?)?;
    (word(tokens, brace.checked_sub(2)?)? == "mod").then(|| name.to_owned())
}

/// The words of a path without groups, and where it ends.
fn straight(tokens: &[Placed], start: usize) -> (Vec<String>, usize) {
    let mut words = Vec::new();
    let mut at = start;
    while let Some(next) = word(tokens, at) {
        words.push(next.to_owned());
        at += 1;
        if token(tokens, at) != Some(&Token::Colons) || word(tokens, at + 1).is_none() {
            break;
        }
        at += 1;
    }
    (words, at)
}

/// The ends of a `use` tree that starts here; returns the place after it.
fn spread(tokens: &[Placed], start: usize, before: &[String], ends: &mut Vec<Vec<String>>) -> usize {
    let mut words = before.to_vec();
    let mut at = start;
    loop {
        match token(tokens, at) {
            Some(Token::Word(word)) if word == "as" => at += 2,
            Some(Token::Word(word)) => {
                words.push(word.clone());
                at += 1;
            }
            Some(Token::Colons) => at += 1,
            Some(Token::Sign('*')) => {
                words.push("*".to_owned());
                at += 1;
            }
            Some(Token::Sign('{')) => {
                at += 1;
                while !is(tokens, at, '}') && token(tokens, at).is_some() {
                    at = spread(tokens, at, &words, ends);
                    if is(tokens, at, ',') {
                        at += 1;
                    }
                }
                return at + 1;
            }
            _ => {
                ends.push(words);
                return at;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::paths;

    fn written(text: &str) -> Vec<String> {
        paths(text).into_iter().map(|path| path.words.join("::")).collect()
    }

    #[test]
    fn groups_and_new_names_are_spread_out() {
        let text = "use crate::{people::{Actor, Role as Part}, base::clock::*};\npub use super::checks;";
        assert_eq!(
            written(text),
            ["crate::people::Actor", "crate::people::Role", "crate::base::clock::*", "super::checks"]
        );
    }

    #[test]
    fn paths_outside_of_use_lines_are_seen() {
        let text = "fn f(a: &'a crate::store::Row) -> Vec<super::Id> { crate::posts::get::<u8>(a)?.b; maud::html! {} }";
        assert_eq!(written(text), ["crate::store::Row", "super::Id", "crate::posts::get", "maud::html"]);
    }

    #[test]
    fn comments_strings_and_characters_are_not_code() {
        let text = r##"
            // crate::a::b
            /* crate::c /* crate::d */ crate::e */
            const A: &str = "crate::f \" crate::g"; const B: char = '"'; const C: &[u8] = b"crate::h";
            const D: &str = r#"crate::i " crate::j"#; const E: char = '\''; const F: u8 = b'"';
            use crate::k; fn r#type<'a>(r: &'a str) -> &'a str { r }
        "##;
        assert_eq!(written(text), ["crate::k"]);
    }

    #[test]
    fn a_called_macro_and_the_module_around_it_are_told() {
        let found = paths("mod outer { mod inner { crate::ids! { A } } use super::x; }\nuse crate::y;");
        let told: Vec<_> = found.iter().map(|path| (path.called, path.inside.join("/"), path.line)).collect();
        assert_eq!(
            told,
            [(true, "outer/inner".to_owned(), 1), (false, "outer".to_owned(), 1), (false, String::new(), 2)]
        );
    }
}
