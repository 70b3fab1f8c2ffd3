use super::{Settings, slug_for};

#[test]
fn a_slug_is_made_from_the_name() {
    for (name, expected) in [
        ("Riverside & Sons", "riverside-sons"),
        ("  Kinderladen Grünfläche! ", "kinderladen-grunflache"),
        ("Ada’s Bakery", "adas-bakery"),
        ("Straße 7", "strasse-7"),
        ("東京", "workspace"),
        ("../../etc", "etc"),
        ("", "workspace"),
    ] {
        assert_eq!(slug_for(name, 0), expected, "{name}");
    }
    assert_eq!(slug_for("Riverside", 1), "riverside-2");
    assert!(slug_for(&"long ".repeat(50), 0).len() <= 41);
}

#[test]
fn settings_that_cannot_be_used_are_named_by_field() {
    let fields = |settings: &Settings| {
        settings.problems().into_iter().map(|problem| problem.field).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(fields(&Settings::usual("Riverside", "Europe/London")), "");
    assert_eq!(fields(&Settings::usual(" ", "Europe/Atlantis")), "workspace zone");
    let wrong = Settings { tone: 13, late_after_hours: 0, week_starts_on: 8, ..Settings::usual("R", "UTC") };
    assert_eq!(fields(&wrong), "tone late_after_hours week_starts_on");
    assert_eq!(fields(&Settings::usual("x".repeat(61), "UTC")), "workspace");
}
