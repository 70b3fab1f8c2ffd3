//! Text as people count it: graphemes, words, cuts that never split a character.
