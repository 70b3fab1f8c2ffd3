//! Text as people count it: excerpts and initials that never split a character.

#[cfg(test)]
mod tests;

use unicode_segmentation::UnicodeSegmentation;

/// The first line's worth of a text: white space folded, at most `max` characters, cut at a word, with `…` where cut.
pub fn excerpt(text: &str, max: usize) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut taken = String::new();
    let mut word_end = 0;
    for (count, grapheme) in folded.graphemes(true).enumerate() {
        if count == max {
            let cut = if max / 2 < taken.get(..word_end).map_or(0, |kept| kept.graphemes(true).count()) {
                word_end
            } else {
                taken.len()
            };
            taken.truncate(cut);
            return format!("{}…", taken.trim_end());
        }
        if grapheme == " " {
            word_end = taken.len();
        }
        taken.push_str(grapheme);
    }
    taken
}

/// Up to two letters that stand for a name where there is no picture.
pub fn initials(name: &str) -> String {
    let letter = |word: &str| {
        word.graphemes(true).find(|grapheme| grapheme.chars().any(char::is_alphanumeric)).map(str::to_uppercase)
    };
    let words: Vec<String> =
        name.split(|c: char| c.is_whitespace() || c == '.' || c == '_').filter_map(letter).collect();
    match (words.first(), words.last()) {
        (Some(first), Some(last)) if 1 < words.len() => format!("{first}{last}"),
        (Some(first), _) => first.clone(),
        _ => "?".to_owned(),
    }
}
