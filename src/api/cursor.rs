//! Lists in pages. A cursor says where a list goes on; it is signed together with the list it belongs to, so that none
//! can be made up and none leads into another list. It names the last row by its key, so that rows that come or go
//! meanwhile neither repeat nor hide others.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::app::App;
use crate::base::clock::At;
use crate::people::{Actor, Refusal};
use crate::words::Message;

/// How many items a page has when nothing is asked for.
const LIMIT: usize = 50;
/// How many it has at most.
const LIMIT_MAX: usize = 200;
const MAC_BYTES: usize = 16;

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
pub(crate) struct Page {
    /// `next` of the page before, as it came, with the same filters.
    cursor: Option<String>,
    /// How many items: 1 to 200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<usize>,
}

/// Where a list goes on: when the last item was, and its id or ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) at: At,
    pub(crate) id: u128,
    pub(crate) more: u128,
}

/// A list: its name and every filter, since a cursor of another is none of it.
#[derive(Debug)]
pub(crate) struct List<'a> {
    app: &'a App,
    name: String,
    asked: &'a Page,
}

/// A page of a list, as it is answered.
#[derive(Debug, Serialize)]
pub(crate) struct Items<T> {
    items: Vec<T>,
    next: Option<String>,
}

impl<T> Items<T> {
    /// A list that is one page.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

impl<'a> List<'a> {
    /// The list of this name with these filters.
    pub(crate) fn new(app: &'a App, actor: &Actor, asked: &'a Page, name: &str, filters: &str) -> Self {
        Self { app, name: format!("{name} of {} with {filters}", actor.workspace), asked }
    }

    /// How many items the page has at most.
    pub(crate) fn limit(&self) -> Result<usize, Refusal> {
        let limit = self.asked.limit.unwrap_or(LIMIT);
        let unfit = || Refusal::field("limit", Message::new("problem-limit").with("most", LIMIT_MAX));
        if (1..=LIMIT_MAX).contains(&limit) { Ok(limit) } else { Err(unfit()) }
    }

    /// Where it goes on; nothing: at its beginning.
    pub(crate) fn after(&self) -> Result<Option<Place>, Refusal> {
        let Some(cursor) = self.asked.cursor.as_ref().filter(|cursor| !cursor.is_empty()) else { return Ok(None) };
        let read = self.read(cursor).ok_or_else(|| Refusal::field("cursor", Message::new("problem-cursor")));
        read.map(Some)
    }

    /// The page.
    pub(crate) fn items<T>(&self, items: Vec<T>, next: Option<Place>) -> Items<T> {
        Items { items, next: next.map(|place| self.write(place)) }
    }

    /// The page of these rows, which were asked for with one more than the limit: so it is known whether more follow.
    pub(crate) fn cut<R, T>(
        &self,
        mut rows: Vec<R>,
        place: impl Fn(&R) -> Place,
        show: impl FnMut(R) -> T,
    ) -> Result<Items<T>, Refusal> {
        let limit = self.limit()?;
        let more = limit < rows.len();
        rows.truncate(limit);
        let next = rows.last().filter(|_last| more).map(place);
        Ok(self.items(rows.into_iter().map(show).collect(), next))
    }

    fn write(&self, place: Place) -> String {
        let bytes = bytes_of(place);
        let mac = self.app.sealer.signer("cursor").sign(&[self.name.as_bytes(), &bytes]);
        let signed: Vec<u8> = bytes.iter().chain(mac.iter().take(MAC_BYTES)).copied().collect();
        BASE64URL_NOPAD.encode(&signed)
    }

    fn read(&self, cursor: &str) -> Option<Place> {
        let signed = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
        let (bytes, mac) = signed.split_at_checked(signed.len().checked_sub(MAC_BYTES)?)?;
        let own = self.app.sealer.signer("cursor").verify(&[self.name.as_bytes(), bytes], mac);
        if own { place_of(bytes) } else { None }
    }
}

fn bytes_of(place: Place) -> Vec<u8> {
    [&place.at.as_millis().to_be_bytes()[..], &place.id.to_be_bytes(), &place.more.to_be_bytes()].concat()
}

fn place_of(bytes: &[u8]) -> Option<Place> {
    let (at, rest) = bytes.split_first_chunk::<8>()?;
    let (id, rest) = rest.split_first_chunk::<16>()?;
    let more = <[u8; 16]>::try_from(rest).ok()?;
    let at = At::from_millis(i64::from_be_bytes(*at));
    Some(Place { at, id: u128::from_be_bytes(*id), more: u128::from_be_bytes(more) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_its_bytes() {
        let place = Place { at: At::from_millis(-7), id: u128::MAX - 3, more: 9 };
        assert_eq!(place_of(&bytes_of(place)), Some(place));
        assert_eq!(place_of(&[0; 39]), None);
    }
}
