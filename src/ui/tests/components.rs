use maud::Render;

use crate::ui::{
    Avatar, Button, ErrorSummary, Field, Icon, LineChart, Notice, Page, Place, Point, Theme, Undo, char_counter, files,
    qr, tone,
};
use crate::words::Words;

fn words() -> Words {
    Words::english().unwrap()
}

#[test]
fn every_icon_is_drawn_and_every_drawing_is_an_icon() {
    let sprite = String::from_utf8(files().get("icons.svg").unwrap().bytes.clone()).unwrap();
    for icon in Icon::ALL {
        assert!(sprite.contains(&format!("<symbol id=\"{}\"", icon.name())), "{icon:?} is not drawn");
    }
    assert_eq!(sprite.matches("<symbol").count(), Icon::ALL.len());
}

#[test]
fn a_field_ties_its_label_hint_and_error_together() {
    let html =
        Field::email("mail", "E-mail").hint("Only for signing in").error(Some("Not an address".into())).render().0;
    assert!(html.contains("for=\"field-mail\"") && html.contains("id=\"field-mail\""));
    assert!(html.contains("aria-describedby=\"field-mail-hint field-mail-error\""));
    assert!(html.contains("aria-invalid=\"true\"") && html.contains("required"));
}

#[test]
fn a_password_never_comes_back_filled_in() {
    assert!(!Field::password("password", "Password").value("secret").render().0.contains("secret"));
}

#[test]
fn the_error_summary_leads_to_the_fields_and_is_silent_without_errors() {
    let errors = [("mail".to_owned(), "Not an address".to_owned())];
    assert!(ErrorSummary::new(&words(), &errors).render().0.contains("href=\"#field-mail\""));
    assert!(ErrorSummary::new(&words(), &[]).render().0.is_empty());
}

#[test]
fn an_icon_button_is_named() {
    let html = Button::plain("Close").icon_only(Icon::Close).render().0;
    assert!(html.contains("aria-label=\"Close\""));
    assert!(!html.contains(">Close<"));
}

#[test]
fn what_is_passed_in_is_escaped() {
    let html = Button::submit("<b>&\"").value("a\"b", "<").render().0;
    assert!(html.contains("&lt;b&gt;&amp;&quot;") && html.contains("name=\"a&quot;b\""));
}

#[test]
fn initials_are_whole_characters() {
    for (name, initials) in
        [("Ana Marsh", "AM"), ("tomás", "T"), ("J. Okafor", "JO"), ("", "?"), ("🦊", "🦊"), ("élan vital", "ÉV")]
    {
        let html = Avatar::new(name).render().0;
        assert!(html.contains(&format!(">{initials}</span>")), "{name}: {html}");
    }
}

#[test]
fn tones_wrap_around() {
    assert_eq!([0, 1, 12, 13, 255].map(tone), [1, 1, 12, 1, 3]);
}

#[test]
fn the_counter_says_how_many_are_left_or_too_many() {
    let words = words();
    assert!(char_counter(&words, "x", 172, 300).0.contains("128 characters left"));
    assert!(char_counter(&words, "x", 301, 300).0.contains("1 character too many"));
    assert!(char_counter(&words, "x", 0, 0).0.contains("0 characters left"));
}

#[test]
fn a_page_has_one_heading_its_landmarks_and_its_place() {
    let words = words();
    let mut page = Page::new(&words, "Settings", Place::Settings, "token");
    page.workspace = Some(crate::ui::PageWorkspace { slug: "river".into(), name: "River".into(), tone: 1 });
    page.notice =
        Some(Notice::done("Saved.").undo(Undo { action: "/undo".into(), label: "Undo".into(), fields: vec![] }));
    page.theme = Theme::Dark;
    let html = page.render(&maud::html! { p { "x" } }).0;
    assert_eq!(html.matches("<h1").count(), 1);
    assert_eq!(html.matches("<main").count(), 1);
    assert!(html.contains("<title>Settings · River</title>") && html.contains("data-theme=\"dark\""));
    // Settings has no place of its own in bar and rail: More is the current one, in both.
    assert_eq!(html.matches("aria-current=\"page\" data-place=\"more\"").count(), 2);
    assert!(html.contains("href=\"/w/river/calendar\"") && html.contains("data-events=\"/w/river/events\""));
    assert!(html.contains("name=\"csrf\" value=\"token\""));
}

#[test]
fn a_chart_leaves_a_gap_where_nobody_knows() {
    let point = |value| Point { label: "x".into(), value, before: None };
    let chart = LineChart {
        title: "How many?".into(),
        text: "Per day".into(),
        columns: ["Day".into(), "Now".into(), "Before".into()],
        points: vec![point(Some(1)), point(None), point(Some(3_000_000_000_000))],
        peak: None,
    };
    let html = chart.render(&words()).0;
    let line = html.split("chart__line\" d=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(line.matches('M').count(), 2);
    assert!(html.contains("<td>–</td>") && html.contains("3,000,000,000,000"));
}

#[test]
fn a_chart_of_nothing_is_drawn_too() {
    let empty = LineChart {
        title: String::new(),
        text: String::new(),
        columns: Default::default(),
        points: vec![],
        peak: None,
    };
    assert!(empty.render(&words()).0.contains("<svg"));
}

#[test]
fn a_qr_code_says_its_address() {
    assert!(qr(&words(), "http://192.168.1.20:8420").0.contains("aria-label=\"QR code for http://192.168.1.20:8420\""));
    assert!(qr(&words(), &"x".repeat(10_000)).0.is_empty());
}

/// Elements that scripts enliven are drawn by a component, styled under the same name, and known to `app.js`.
#[test]
fn each_element_has_its_three_files() {
    let app = String::from_utf8(files().get("js/app.js").unwrap().bytes.clone()).unwrap();
    let css = String::from_utf8(files().get("belfry.css").unwrap().bytes.clone()).unwrap();
    for (path, _) in files().iter() {
        let Some(name) = path.strip_prefix("js/elements/").and_then(|file| file.strip_suffix(".js")) else { continue };
        assert!(app.contains(&format!("\"{name}\"")), "app.js does not know {name}");
        // These two change words and values only; there is nothing of theirs to be seen.
        assert!(["relative-time", "zone-guess"].contains(&name) || css.contains(&format!(".{name}")), "{name} has no style");
    }
}
