//! Message keys with typed arguments, and the catalogue that turns them into sentences.
//!
//! Every word a person sees stands in `web/text/<language>.ftl`. Lower floors return a [`Message`] (a key and typed
//! arguments) and never a sentence; pages, the command line and mail render it with [`Words`]. Whole numbers are written
//! with their thousands grouped, so a year or a code goes in as text. A key that is missing ends a test; at run time the
//! key itself is shown and logged, because a page with one odd word is better than no page.

mod dates;

use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

/// A sentence not yet written: its key in the catalogue and what goes into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The key in the catalogue.
    pub key: &'static str,
    /// The named arguments, in any order.
    pub args: Vec<(&'static str, Arg)>,
}

impl Message {
    /// A sentence without arguments.
    pub const fn new(key: &'static str) -> Self {
        Self { key, args: Vec::new() }
    }

    /// The same sentence with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

/// What can go into a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// A number: chooses the plural form, and is written with grouped thousands.
    Number(i64),
    /// Text as it is: a name, a time already written, a year.
    Text(String),
    /// Another sentence, rendered in the same language.
    Message(Box<Message>),
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Arg {
    fn from(number: i32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Message> for Arg {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}

/// The catalogue cannot be read. Only a faulty build shows this.
#[derive(Debug, thiserror::Error)]
#[error("the catalogue of words for {language} cannot be read: {reason}")]
pub struct NoWords {
    language: String,
    reason: String,
}

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/web/text/"]
struct Texts;

/// The catalogue of one language.
pub struct Words {
    language: LanguageIdentifier,
    bundle: FluentBundle<FluentResource>,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.language)
    }
}

impl Words {
    /// The English catalogue.
    pub fn english() -> Result<Self, NoWords> {
        let file = Texts::get("en.ftl").ok_or_else(|| no_words("en", "en.ftl is not in the binary"))?;
        Self::read("en", String::from_utf8_lossy(&file.data).into_owned())
    }

    fn read(language: &str, text: String) -> Result<Self, NoWords> {
        let language: LanguageIdentifier = language.parse().map_err(|error| no_words(language, error))?;
        let resource = FluentResource::try_new(text)
            .map_err(|(_, errors)| no_words(&language, errors.iter().map(ToString::to_string).collect::<Vec<_>>()))?;
        let mut bundle = FluentBundle::new_concurrent(vec![language.clone()]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(grouped(&number.as_string(), ',')),
            _ => None,
        }));
        bundle
            .add_resource(resource)
            .map_err(|errors| no_words(&language, errors.iter().map(ToString::to_string).collect::<Vec<_>>()))?;
        Ok(Self { language, bundle })
    }

    /// The language, as `<html lang>` wants it.
    pub fn language(&self) -> String {
        self.language.to_string()
    }

    /// The sentence with this key; it takes no arguments.
    pub fn say(&self, key: &str) -> String {
        self.write(key, None)
    }

    /// The sentence with this key and these arguments.
    pub fn tell(&self, key: &str, args: &[(&str, Arg)]) -> String {
        let args: FluentArgs<'_> = args.iter().map(|(name, arg)| (*name, self.value(arg))).collect();
        self.write(key, Some(&args))
    }

    /// A message from a lower floor, as a sentence.
    pub fn render(&self, message: &Message) -> String {
        self.tell(message.key, &message.args)
    }

    /// Whether the catalogue has this key.
    pub fn knows(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// A whole number with its thousands grouped: `4,210`.
    pub fn number(&self, number: impl Into<i64>) -> String {
        grouped(&number.into().to_string(), ',')
    }

    fn value(&self, arg: &Arg) -> FluentValue<'static> {
        match arg {
            Arg::Number(number) => FluentValue::from(*number),
            Arg::Text(text) => FluentValue::from(text.clone()),
            Arg::Message(message) => FluentValue::from(self.render(message)),
        }
    }

    fn write(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let pattern = self.bundle.get_message(key).and_then(|message| message.value());
        let mut errors = Vec::new();
        let text = pattern.map(|pattern| self.bundle.format_pattern(pattern, args, &mut errors).into_owned());
        let whole = text.is_some() && errors.is_empty();
        if !whole {
            tracing::error!(key, ?errors, "a word is missing from the catalogue");
        }
        assert!(whole || !cfg!(test), "the catalogue lacks `{key}` or one of its arguments: {errors:?}");
        text.unwrap_or_else(|| key.to_owned())
    }
}

fn no_words(language: &(impl ToString + ?Sized), reason: impl fmt::Debug) -> NoWords {
    NoWords { language: language.to_string(), reason: format!("{reason:?}") }
}

/// Puts a mark between groups of three digits, from four digits on; leaves sign and fraction as they are.
fn grouped(number: &str, mark: char) -> String {
    let (whole, fraction) = number.find('.').map_or((number, ""), |at| number.split_at(at));
    let digits = whole.trim_start_matches('-').len();
    let mut text = String::with_capacity(number.len() + digits / 3);
    let mut left = digits;
    for character in whole.chars() {
        if character.is_ascii_digit() {
            if left < digits && left.is_multiple_of(3) {
                text.push(mark);
            }
            left = left.saturating_sub(1);
        }
        text.push(character);
    }
    text.push_str(fraction);
    text
}

#[cfg(test)]
mod tests;
