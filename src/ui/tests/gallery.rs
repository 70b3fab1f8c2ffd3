//! Draws every component in its states, and pages made of them, into `target/gallery/`, to be looked at in a browser:
//! `cargo test --lib the_gallery` and then any file server on that folder.

use std::fs;
use std::path::PathBuf;

use jiff::Zoned;
use maud::{Markup, PreEscaped, Render, html};

use crate::ui::*;
use crate::words::Words;

const LONG: &str = "Öffentlichkeitsarbeitsgemeinschaftsvorsitz der Nachbarschaftshilfe Unterniederobersdorf";

#[test]
fn the_gallery_is_drawn() {
    let folder = gallery_folder();
    for (path, file) in files().iter() {
        let path = folder.join(format!("assets/{}/{path}", files().digest()));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.bytes).unwrap();
    }
    let words = Words::english().unwrap();
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let pages = [
            ("parts", parts_page(&words, theme)),
            ("today", today_page(&words, theme)),
            ("inbox", inbox_page(&words, theme)),
            ("compose", compose_page(&words, theme)),
            ("analytics", analytics_page(&words, theme)),
            ("form", form_page(&words, theme)),
            ("long", long_page(&words, theme)),
            ("sign-in", sign_in_page(&words, theme)),
        ];
        for (page, markup) in pages {
            let text = markup.into_string();
            assert!(!text.contains(" style="), "{page} has a style attribute");
            for handler in [" onclick=", " onchange=", " oninput=", " onsubmit=", " onload="] {
                assert!(!text.contains(handler), "{page} has{handler}");
            }
            fs::write(folder.join(format!("{page}-{name}.html")), text).unwrap();
        }
    }
}

fn gallery_folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(target).join("gallery")
}

fn page<'a>(words: &'a Words, title: &str, place: Place, theme: Theme) -> Page<'a> {
    let mut page = Page::new(words, title, place, "token");
    page.workspace = Some(PageWorkspace { slug: "riverside".into(), name: "Riverside Food Bank".into(), tone: 4 });
    (page.theme, page.unread, page.notices) = (theme, 3, 2);
    page
}

fn picture() -> String {
    files().url("img/icon-192.png")
}

fn marks(keys: &[(&str, &str)]) -> Markup {
    network_marks(&keys.iter().map(|(key, name)| NetworkMark::new(*key, *name)).collect::<Vec<_>>())
}

fn today_page(words: &Words, theme: Theme) -> Markup {
    let mut page = page(words, "Today", Place::Today, theme);
    page.actions = Button::link("#", "Search").icon_only(Icon::Search).look(Look::Plain).render();
    page.notice = Some(Notice::done("Scheduled for Sat 09:00 on 3 channels.").undo(Undo {
        action: "/undo".into(),
        label: "Undo".into(),
        fields: vec![("id".into(), "1".into())],
    }));
    let needs = Section::new("Needs you")
        .row(
            &Row::new("Instagram wants you to sign in again")
                .href("#")
                .lead(dot(Icon::Warning, Hue::Rust))
                .text("3 posts are kept until then"),
        )
        .row(
            &Row::new("2 posts wait for your yes")
                .href("#")
                .lead(dot(Icon::Check, Hue::Amber))
                .text("From Ben and Chidi, for Saturday"),
        )
        .row(
            &Row::new("3 replies to answer")
                .href("#")
                .lead(dot(Icon::Inbox, Hue::Action))
                .text("The oldest came 4 hours ago"),
        );
    let next = Section::new("Next out")
        .row(
            &Row::new("Saturday we open at nine")
                .href("#")
                .lead(html! { (row_time("09:00", Some("Sat"))) (Thumb::new(picture(), "")) })
                .under(marks(&[("mastodon", "Mastodon"), ("bluesky", "Bluesky"), ("instagram", "Instagram")])),
        )
        .row(&Row::new("Thank you, volunteers").href("#").time("12:30", Some("Sat")).under(marks(&[
            ("practice", "Practice"),
            ("by-hand", "By hand"),
            ("webhook", "Webhook"),
        ])));
    page.render(&html! {
        div.columns {
            div { (needs) (next) }
            div {
                (heading("November so far"))
                div.stack {
                    div.stats {
                        (Stat::new("People reached", "4,210").trend(Trend::Up, "12 % on October").href("#"))
                        (Stat::new("Goal: 40 volunteers", "25").meter(25, 40))
                    }
                    (Note::idea("You answer in 3 h 10 min on average. People wrote again twice as often when it was under an hour.").source("From 64 conversations since September"))
                }
            }
        }
    })
}

fn inbox_page(words: &Words, theme: Theme) -> Markup {
    let mut page = page(words, "Inbox", Place::Inbox, theme);
    page.width = Width::Full;
    page.actions = html! {
        (Button::link("#", "Search").icon_only(Icon::Search).look(Look::Plain))
        (Button::link("#", "Filter").icon_only(Icon::Filter).look(Look::Plain))
    };
    let now: Zoned = "2026-11-18T12:00[Europe/London]".parse().unwrap();
    let at: Zoned = "2026-11-18T11:58[Europe/London]".parse().unwrap();
    let people = [
        ("Ana Marsh", "bluesky", "What time on Saturday? I can bring my neighbour's boxes too.", true),
        ("J. Okafor", "mastodon", "Do you take tins near their date?", true),
        ("Lena Rowe", "practice", "My class would love to help in December.", false),
        ("tomás.s", "by-hand", "Mentioned you in a story.", false),
    ];
    let list = html! {
        (Tabs::new("Conversations").tab_counted("#", "Open", 7, true).tab_counted("#", "Mine", 2, false).tab("#", "Later", false).tab("#", "Done", false))
        ul.card role="list" {
            @for (name, network, text, new) in people {
                li.card__item {
                    (Row::new(name).href("#").lead(Avatar::new(name).network(network, network).render()).message().context("Saturday we open at nine").new_mark(new).current(name == "Lena Rowe")
                        .under(html! { span.clamp { (text) } @if !new { (tag("Ben is answering", Hue::Bronze)) } })
                        .end(relative_time(words, &at, &now)))
                }
            }
        }
    };
    page.render(&split(&list, None))
}

fn compose_page(words: &Words, theme: Theme) -> Markup {
    let mut page = page(words, "Compose", Place::Compose, theme);
    page.frame = Frame::Focus { close: "#".into(), under: AutoSave::status("post-1", "Saved here and on the server") };
    page.actions = Button::plain("Preview").look(Look::Quiet).small().render();
    page.width = Width::Reading;
    let chip = |value: &str, label: &str, key: &str, checked, warning: Option<&str>| ChannelChip {
        value: value.into(),
        label: label.into(),
        network: (key.into(), label.into()),
        picture: None,
        checked,
        warning: warning.map(Into::into),
        disabled: false,
    };
    let form = html! {
        form method="post" {
            (ChannelChips { legend: "Channels".into(), chips: vec![
                chip("1", "Mastodon", "mastodon", true, None),
                chip("2", "Bluesky", "bluesky", true, Some("7 characters too many")),
                chip("3", "Practice", "practice", false, None),
                chip("4", "By hand", "by-hand", false, None),
            ] })
            (TextArea::new("text", "Text").label_hidden().writing().autofocus()
                .value("Saturday we open at nine. Bring a bag, bring a friend: there is bread, fruit and coffee for everyone until it is gone."))
            (MediaPicker::new(words, "/media"))
            (Note::amber("Instagram shows at most 4:5. This picture is taller.").action(Button::submit("Crop").small().render()))
            (toolbar(&html! {
                (char_counter(words, "field-text", 172, 300)) (char_counter(words, "x", 307, 300))
                (Button::plain("Hashtag").icon_only(Icon::Hash).look(Look::Plain)) (Button::plain("Emoji").icon_only(Icon::Smile).look(Look::Plain))
                (Button::plain("More").icon_only(Icon::More).look(Look::Plain))
            }, &Button::submit("Sat 09:00").icon(Icon::Clock).render()))

        }
    };
    page.render(&AutoSave::new(words, "post-1", "/save", form).version("3", "Saved").render())
}

fn analytics_page(words: &Words, theme: Theme) -> Markup {
    let mut page = page(words, "How are we doing?", Place::Analytics, theme);
    page.width = Width::Full;
    page.actions = html! {
        (Button::link("#", "November").look(Look::Outline).small().pressed(true))
        (Button::link("#", "Year").look(Look::Outline).small())
    };
    let points = (1..=28_i64).map(|day| Point {
        label: day.to_string(),
        value: (day != 9).then_some(90 + (day * 37) % 110 + if day == 22 { 110 } else { 0 }),
        before: Some(80 + (day * 17) % 60),
    });
    let line = LineChart {
        title: "When do people see us?".into(),
        text: "People reached per day. The pale line is October.".into(),
        columns: ["Day".into(), "November".into(), "October".into()],
        points: points.collect(),
        peak: Some("Winter appeal".into()),
    };
    let bar =
        |label: &str, value, pale| Bar { label: label.into(), value, before: Some((90, "90 before".into())), pale };
    let bars = Bars {
        title: "What kind?".into(),
        text: "Median reach, November".into(),
        bars: vec![
            bar("People", Some(386), false),
            bar("Things", Some(182), false),
            bar("Text only", Some(127), true),
            bar("Video", None, true),
        ],
        unknown: "not told".into(),
    };
    let heat = Heat {
        title: "When should we post?".into(),
        text: "Reach against our own average. Pale = too little data.".into(),
        columns: (0..12).map(|at| if at % 3 == 0 { (at * 2).to_string() } else { String::new() }).collect(),
        rows: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
            .iter()
            .zip(0_u8..)
            .map(|(day, row)| {
                ((*day).into(), (0..12_u8).map(|at| ((at * 7 + row * 5) % 11, format!("{day} {at}"))).collect())
            })
            .collect(),
        answer: html! { "Best so far: " b { "Thursday 18:00" } ", +38 % (likely +12 to +61), from 14 posts." },
    };
    page.render(&html! {
        div.stack {
            div.stats {
                (Stat::new("People reached", "4,210").trend(Trend::Up, "12 % on October"))
                (Stat::new("Engagement, of reach", "6.1 %").trend(Trend::Level, "about the same"))
                (Stat::new("Clicks to our site", "318").trend(Trend::Down, "4 % on October"))
                (Stat::new("New volunteers from posts", "9").trend(Trend::Level, "goal 15 by 31 December"))
            }
            div.columns { (line.render(words)) (heat) }
            div.columns { (bars.render(words)) }
        }
    })
}

fn form_page(words: &Words, theme: Theme) -> Markup {
    let mut page = page(words, "Connect Mastodon", Place::Channels, theme);
    (page.back, page.width) = (Some("#".into()), Width::Reading);
    let errors = vec![("server".to_owned(), "Write the server as in your browser: mastodon.example".to_owned())];
    page.render(&html! {
        (ErrorSummary::new(words, &errors))
        (Form::post("/x", "token", html! {
            (Field::text("server", "Server").prefix("https://").value("mastodon").hint("The part after the @ of your address.").error(Some(errors[0].1.clone())))
            (Field::text("name", "Name in Belfry").optional(words.say("field-optional")).placeholder("Main account"))
            (Field::date("day", "First day").value("2026-11-21"))
            (Select::new("zone", "Time zone").option("a", "Europe/London").option("b", "Europe/Berlin").chosen("b"))
            (Checkbox::new("history", "Bring in the last 200 posts").checked(true).hint("Their figures come too, so that best times work at once."))
            (Choices::one("when", "When a post is late").option_with("send", "Send it", "If it is less than 3 hours late.").option("hold", "Hold it and tell me").chosen("send"))
            (TextArea::new("note", "Note").optional("optional").rows(3))
            (copy_button(words, "Redirect address", "https://belfry.example/w/riverside/channels/mastodon/callback"))
            div.line { (Button::submit("Connect")) (Button::link("#", "Not now").look(Look::Plain)) }
        }))
        (theme_switch(words, "/theme", "token", theme))
    })
}

fn sign_in_page(words: &Words, theme: Theme) -> Markup {
    let mut page = BarePage::new(words, "Sign in");
    (page.theme, page.lede) = (theme, Some("Welcome back.".into()));
    page.foot = html! { "Belfry runs on your own server." };
    page.render(
        &Form::post(
            "/sign-in",
            "token",
            html! {
                (Field::email("email", "E-mail").autofocus())
                (Field::password("password", "Password"))
                (Button::submit("Sign in").wide())
            },
        )
        .render(),
    )
}

fn long_page(words: &Words, theme: Theme) -> Markup {
    let mut page = page(words, LONG, Place::Settings, theme);
    page.workspace = Some(PageWorkspace { slug: "x".into(), name: LONG.into(), tone: 9 });
    page.actions = Button::link("#", "Filter").icon_only(Icon::Filter).look(Look::Plain).render();
    page.render(&html! {
        (Section::new(LONG).aside(html! { (LONG) })
            .row(&Row::new(LONG).href("#").time("09:00", Some("Sat")).text(LONG))
            .row(&Row::new(LONG).lead(Avatar::new(LONG).network("bluesky", "Bluesky").render()).under(state_mark_with(words, StateKind::PartlyOut, LONG)).end(Button::submit("Zurückstellen").small().look(Look::Quiet).render())))
        div.stack {
            (Note::rust(LONG).action(Button::submit("Wiederverbinden").small().render()))
            (Button::submit(LONG).icon(Icon::Send))
            (Tabs::new("x").tab("#", LONG, true).tab("#", LONG, false))
            (Field::text("x", LONG).hint(LONG).error(Some(LONG.into())))
            (Stat::new(LONG, "1,234,567,890").trend(Trend::Up, LONG))
            (tag(LONG, Hue::Amber))
        }
    })
}

fn parts_page(words: &Words, theme: Theme) -> Markup {
    let mut page = page(words, "Parts", Place::More, theme);
    page.width = Width::Full;
    let dialog = Dialog::new(words, "sheet", "Move to…", html! { p { "Choose a day." } (Field::date("to", "Day")) })
        .foot(html! { (Button::submit("Move")) });
    page.render(&html! {
        div.stack {
            div.line { @for icon in Icon::ALL { (icon) } }
            div.line {
                (Button::submit("Schedule").icon(Icon::Clock)) (Button::submit("Save").look(Look::Quiet)) (Button::submit("Month").look(Look::Outline))
                (Button::submit("Cancel").look(Look::Plain)) (Button::submit("Delete").look(Look::Danger).icon(Icon::Trash)) (Button::submit("Not now").disabled(true))
                (Button::submit("Small").small()) (Button::plain("More").icon_only(Icon::More)) (Button::plain("Open a sheet").opens("sheet").look(Look::Quiet))
            }
            div.line { @for state in StateKind::ALL { (state_mark(words, state)) } }
            div.line { @for number in 1..=12 { (Avatar::new("Lena Rowe").tone(number)) } }
            div.line { @for number in 1..=12 { (Avatar::new("Workspace").tone(number).square().small()) } (Avatar::new("Ada").picture(Some(picture())).network("mastodon", "Mastodon")) (Avatar::new("東京").network("bluesky", "Bluesky").small()) }
            div.line { @for hue in [Hue::Plain, Hue::Action, Hue::Bronze, Hue::Amber, Hue::Rust] { (dot(Icon::Idea, hue)) (tag("Ben is answering", hue)) } }
            (marks(&[("mastodon", "Mastodon"), ("bluesky", "Bluesky"), ("practice", "Practice"), ("by-hand", "By hand"), ("webhook", "Webhook"), ("x", "X"), ("y", "Y")]))
            (Note::info("Instagram counts a link as 23 characters.")) (Note::amber("This picture has no description.").action(Button::submit("Describe it").small().render()))
            (Note::rust("Mastodon no longer lets Belfry in. Your 3 posts are held.").title("Reconnect").action(Button::submit("Reconnect").small().render()))
            (card(html! { (Empty::new(Icon::Channels, "No channels yet", "Connect the first one, or try everything with the practice network: nothing leaves this server.").action(html! { (Button::link("#", "Connect a channel").icon(Icon::Plus)) (Button::link("#", "Practice").look(Look::Quiet)) })) }))
            (Progress::new("Bringing in posts: 120 of 200", 120, 200)) (Progress::unknown("Opening the store"))
            div.line { (Thumb::new(picture(), "A tower").more(3)) (Thumb::new(picture(), "").video()) (Thumb::pending("Being prepared")) }
            div.line { (qr(words, "http://192.168.1.20:8420")) }
            (live_part("/parts/x", &["publication"], &html! { p { "Live" } }))
            (Pagination::new(words, Some("#".into()), Some("#".into())))
            (ButtonForm::new("/x", "token", Button::submit("Pause all")).field("id", "7"))
            ul.card role="list" { li.card__item { (Row::new("Add to Saturday").href("#").lead(Icon::Plus.render()).action()) } }
            (dialog)
            (PreEscaped("<!-- end -->"))
        }
    })
}
