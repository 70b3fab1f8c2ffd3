//! Reads the tokens from the style sheet itself and computes the contrast of every pair that meets on screen
//! (WCAG 2.2, 1.4.3 and 1.4.11, w3.org/TR/WCAG22, read 2026-11).

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../../../web/css/tokens.css");

type Colours = BTreeMap<String, [f64; 3]>;

fn block(opening: &str) -> Vec<(String, String)> {
    let body = TOKENS.split_once(opening).unwrap().1.split_once('}').unwrap().0;
    let lines = body.split(';').filter_map(|line| line.trim().split_once(':'));
    lines.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

fn colours(light: bool) -> Colours {
    let mut pairs = block(":root {");
    if !light {
        pairs.extend(block(":root[data-theme=\"dark\"] {\n"));
    }
    pairs.into_iter().filter_map(|(name, value)| Some((name, hex(&value)?))).collect()
}

fn hex(value: &str) -> Option<[f64; 3]> {
    let digits = value.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let part = |at: usize| {
        digits.get(at..at + 2).and_then(|part| u8::from_str_radix(part, 16).ok()).map(|part| f64::from(part) / 255.0)
    };
    Some([part(0)?, part(2)?, part(4)?])
}

fn luminance(colour: [f64; 3]) -> f64 {
    let linear = colour.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// What `color-mix(in srgb, a part, b)` gives.
fn mix(a: [f64; 3], part: f64, b: [f64; 3]) -> [f64; 3] {
    [0, 1, 2].map(|at| a[at] * part + b[at] * (1.0 - part))
}

/// Every pair: letters, ground, the least contrast.
fn pairs(of: &Colours) -> Vec<(String, f64, f64)> {
    let get = |name: &str| *of.get(name).unwrap_or_else(|| panic!("no {name}"));
    let mut pairs = Vec::new();
    let mut pair = |letters: &str, ground: &str, least: f64| {
        pairs.push((format!("{letters} on {ground}"), contrast(get(letters), get(ground)), least));
    };
    for ground in ["--paper", "--panel"] {
        for letters in ["--ink", "--ink-soft", "--action", "--bronze", "--amber", "--rust"] {
            pair(letters, ground, 4.5);
        }
        for edge in ["--field", "--focus"] {
            pair(edge, ground, 3.0);
        }
        for number in 1..=12 {
            pair(&format!("--tone-{number}"), ground, 4.5);
        }
    }
    for hue in ["action", "bronze", "amber", "rust"] {
        let tint = format!("--{hue}-tint");
        for letters in ["--ink", "--ink-soft", &format!("--{hue}")] {
            pair(letters, &tint, 4.5);
        }
        pair("--focus", &tint, 3.0);
    }
    for (letters, ground) in [("--on-action", "--action"), ("--on-action", "--action-strong"), ("--on-rust", "--rust")]
    {
        pair(letters, ground, 4.5);
    }
    for number in 1..=12 {
        pair("--on-tone", &format!("--tone-{number}"), 4.5);
    }
    for network in ["mastodon", "bluesky", "practice", "by-hand", "webhook", "other"] {
        pair("--on-network", &format!("--network-{network}"), 4.5);
    }
    for number in 1..=12 {
        let tone = format!("--tone-{number}");
        let tint = mix(get(&tone), 0.15, get("--panel"));
        pairs.push((format!("--ink on the tint of {tone}"), contrast(get("--ink"), tint), 4.5));
    }
    let plain = mix(get("--ink"), 0.07, get("--panel"));
    pairs.push(("--ink-soft on the plain tint".to_owned(), contrast(get("--ink-soft"), plain), 4.5));
    let disabled = mix(get("--ink"), 0.10, get("--panel"));
    pairs.push(("--ink-soft on a disabled button".to_owned(), contrast(get("--ink-soft"), disabled), 4.0));
    pairs
}

#[test]
fn every_pair_of_colours_can_be_read_in_light_and_dark() {
    for light in [true, false] {
        let faint: Vec<_> = pairs(&colours(light)).into_iter().filter(|(_, is, least)| is < least).collect();
        assert!(faint.is_empty(), "light {light}: {faint:#?}");
    }
}

#[test]
fn known_contrasts_are_computed_right() {
    let (black, white) = ([0.0; 3], [1.0; 3]);
    assert!((contrast(black, white) - 21.0).abs() < 1e-9);
    assert!((contrast(hex("#767676").unwrap(), white) - 4.54).abs() < 0.01);
}

#[test]
fn tints_are_mixed_as_this_file_believes() {
    assert!(TOKENS.contains("--tone-tint: color-mix(in srgb, var(--tone) 15%, var(--panel))"));
    assert!(TOKENS.contains("color-mix(in srgb, var(--ink) 7%, var(--panel))"));
}

#[test]
fn dark_by_choice_and_dark_by_device_are_the_same() {
    let by_choice = TOKENS.split_once(":root[data-theme=\"dark\"] {\n").unwrap().1.split_once('}').unwrap().0;
    let by_device = TOKENS.split_once(":root:not([data-theme]) {\n").unwrap().1.split_once('}').unwrap().0;
    assert_eq!(by_choice, by_device);
    assert!(by_choice.contains("--tone-12"));
}

/// Raw colours stand in the tokens and nowhere else, but for what is the same in both modes by its nature.
#[test]
fn colours_are_written_only_in_the_tokens() {
    let css = crate::ui::files().get("belfry.css").unwrap();
    let css = String::from_utf8(css.bytes.clone()).unwrap();
    let after = css.split_once("@layer base {").unwrap().1;
    let before_print = after.split_once("@media print").unwrap().0;
    let raw: Vec<&str> = before_print
        .lines()
        .filter(|line| {
            line.split('#').skip(1).any(|rest| {
                let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
                matches!(digits, 3 | 4 | 6 | 8)
            })
        })
        .filter(|line| !line.contains(".qr__") && !line.contains(".thumb__mark"))
        .collect();
    assert!(raw.is_empty(), "{raw:#?}");
}
