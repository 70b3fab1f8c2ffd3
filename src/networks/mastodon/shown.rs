//! How Mastodon shows the words of a post: links without their scheme and cut after thirty characters, mentions without
//! their server (mastodon/mastodon `app/lib/text_formatter.rb`, read 2026-11); a card below for the first link, where no
//! picture and no poll stands there.

use crate::networks::Part;
use crate::networks::counting;
use crate::networks::shown::{Mark, Shown};

/// So much of a link is shown.
const LINK_CHARACTERS: usize = 30;

pub(super) fn shown(part: &Part, pictures: usize) -> Shown {
    let text = part.text.as_str();
    let (links, mentions) = (counting::links(text), counting::mentions(text));
    let marks = Shown::as_typed(text).marks.into_iter().map(|mark| {
        let typed = text.get(mark.range.clone()).unwrap_or_default();
        let mention = mentions.iter().find(|mention| mention.range == mark.range);
        let instead = match mention {
            Some(mention) => text.get(mention.local.clone()).map(str::to_owned),
            None => links.contains(&mark.range).then(|| shortened(typed)),
        };
        Mark { text: instead, ..mark }
    });
    let bare = pictures == 0 && part.poll.is_none();
    let card = links.first().filter(|_link| bare).and_then(|link| text.get(link.clone()));
    Shown { marks: marks.collect(), card: card.map(str::to_owned), data: None }
}

fn shortened(link: &str) -> String {
    let bare = link.split_once("://").map_or(link, |(_scheme, rest)| rest);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    match bare.char_indices().nth(LINK_CHARACTERS) {
        None => bare.to_owned(),
        Some((end, _)) => format!("{}…", bare.get(..end).unwrap_or(bare)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_loses_its_scheme_and_its_end_and_a_mention_its_server() {
        let text =
            "@ben@example.social see https://www.riverside.example/winter/appeal/2026 and https://a.example #Open";
        let part = Part { text: text.to_owned(), ..Part::default() };
        let found = shown(&part, 0);
        let shown_as =
            |mark: &Mark| mark.text.clone().unwrap_or_else(|| text.get(mark.range.clone()).unwrap().to_owned());
        assert_eq!(
            found.marks.iter().map(shown_as).collect::<Vec<_>>(),
            ["@ben", "riverside.example/winter/appea…", "a.example", "#Open"]
        );
        assert_eq!(found.card.as_deref(), Some("https://www.riverside.example/winter/appeal/2026"));
        assert_eq!(shown(&part, 1).card, None);
    }
}
