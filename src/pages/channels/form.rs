//! What was typed to connect a channel.

use std::collections::BTreeMap;

use crate::http::Form;
use crate::networks::{ConnectForm, ConnectInput};

/// The fields of one way, as typed. Secrets do not go back into the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    /// Which way.
    pub(super) way: String,
    /// What may be shown again.
    pub(super) shown: BTreeMap<String, String>,
}

impl Typed {
    /// What a form of one of these ways sent, and all of it for the network; nothing where there is no such way.
    pub(super) fn read(form: &Form, ways: &'static [ConnectForm]) -> Option<(Self, ConnectInput)> {
        let way = ways.iter().find(|way| form.find("way") == Some(way.way))?;
        let mut typed = Self { way: way.way.to_owned(), ..Self::default() };
        let mut input = ConnectInput::new();
        for field in way.fields {
            let value = form.text(field.name).trim().to_owned();
            if !field.secret {
                typed.shown.insert(field.name.to_owned(), value.clone());
            }
            if !value.is_empty() {
                input.insert(field.name.to_owned(), value);
            }
        }
        Some((typed, input))
    }

    /// What stands in a field of a way.
    pub(super) fn value(&self, way: &str, field: &str) -> &str {
        if self.way.is_empty() || self.way == way { self.shown.get(field).map_or("", String::as_str) } else { "" }
    }
}
