//! The frame of every page inside: head, skip link, the places (a bar below on a phone, a rail on a desktop), the one
//! `h1`, answers to what was just done, and the slot for the page's own content.
//!
//! Places are told apart by the address: everything of a workspace stands under `/w/<slug>/`. Without a workspace (the
//! list of workspaces, one's own account) there are no places to go to, only the brand.

use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

use super::{Avatar, Button, Icon, Look, Notice, files};
use crate::addresses;
use crate::words::Words;

/// Where one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// What goes out next, what needs me.
    Today,
    /// Month, week, agenda.
    Calendar,
    /// Writing.
    Compose,
    /// Conversations.
    Inbox,
    /// Ideas.
    Ideas,
    /// Slots and what waits for them.
    Queue,
    /// All posts.
    Posts,
    /// Pictures and videos.
    Media,
    /// Figures.
    Analytics,
    /// Goals, pillars, campaigns.
    Strategy,
    /// Searches and feeds.
    Listen,
    /// Connected accounts.
    Channels,
    /// Members and roles.
    People,
    /// What happened.
    Activity,
    /// Settings.
    Settings,
    /// Everything that has no place of its own in the bar.
    More,
}

impl Place {
    /// Its part of the address.
    pub const fn segment(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Calendar => "calendar",
            Self::Compose => "compose",
            Self::Inbox => "inbox",
            Self::Ideas => "ideas",
            Self::Queue => "queue",
            Self::Posts => "posts",
            Self::Media => "media",
            Self::Analytics => "analytics",
            Self::Strategy => "strategy",
            Self::Listen => "listen",
            Self::Channels => "channels",
            Self::People => "people",
            Self::Activity => "activity",
            Self::Settings => "settings",
            Self::More => "more",
        }
    }

    /// Its icon.
    pub const fn icon(self) -> Icon {
        match self {
            Self::Today => Icon::Today,
            Self::Calendar => Icon::Calendar,
            Self::Compose => Icon::Plus,
            Self::Inbox => Icon::Inbox,
            Self::Ideas => Icon::Idea,
            Self::Queue => Icon::Queue,
            Self::Posts => Icon::Posts,
            Self::Media => Icon::Image,
            Self::Analytics => Icon::Analytics,
            Self::Strategy => Icon::Strategy,
            Self::Listen => Icon::Listen,
            Self::Channels => Icon::Channels,
            Self::People => Icon::Users,
            Self::Activity => Icon::Activity,
            Self::Settings => Icon::Settings,
            Self::More => Icon::More,
        }
    }

    /// Its name.
    pub fn word(self, words: &Words) -> String {
        words.say(match self {
            Self::Today => "place-today",
            Self::Calendar => "place-calendar",
            Self::Compose => "place-compose",
            Self::Inbox => "place-inbox",
            Self::Ideas => "place-ideas",
            Self::Queue => "place-queue",
            Self::Posts => "place-posts",
            Self::Media => "place-media",
            Self::Analytics => "place-analytics",
            Self::Strategy => "place-strategy",
            Self::Listen => "place-listen",
            Self::Channels => "place-channels",
            Self::People => "place-people",
            Self::Activity => "place-activity",
            Self::Settings => "place-settings",
            Self::More => "place-more",
        })
    }

    /// The place among `shown` that stands for this one: itself, or More.
    fn among(self, shown: &[Self]) -> Self {
        if shown.contains(&self) { self } else { Self::More }
    }
}

/// The bar below, on a phone.
const BAR: [Place; 5] = [Place::Today, Place::Calendar, Place::Compose, Place::Inbox, Place::More];
/// The rail, on a desktop; Compose stands above it as a button.
const RAIL: [Place; 6] = [Place::Today, Place::Calendar, Place::Inbox, Place::Media, Place::Analytics, Place::More];

/// Which colours the page is drawn in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device wishes.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The value of `data-theme` and of the cookie.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme with this name; as the device wishes when there is none.
    pub fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    /// What `<html>` says.
    pub(super) fn attribute(self) -> Option<&'static str> {
        (self != Self::Auto).then(|| self.name())
    }
}

/// What the frame shows of a workspace.
#[derive(Clone, Debug)]
pub struct PageWorkspace {
    /// Its part of the address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its tone, 1 to 12.
    pub tone: u8,
}

/// How wide the content may grow on a desktop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// Lists and cards.
    #[default]
    Normal,
    /// Text and forms.
    Reading,
    /// All there is: calendars, tables, list and detail.
    Full,
}

/// What stands around the content.
#[derive(Clone, Debug, Default)]
pub enum Frame {
    /// The places.
    #[default]
    Places,
    /// One thing to finish, such as Compose: a way out instead of the bar below; the workspace is named on top.
    Focus {
        /// Where the way out leads.
        close: String,
        /// The line below the workspace's name: "Saved".
        under: Markup,
    },
}

/// One page.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// The catalogue.
    pub words: &'a Words,
    /// The one `h1`, and the first part of the window's title.
    pub title: String,
    /// The workspace, for pages of one.
    pub workspace: Option<PageWorkspace>,
    /// Where one is.
    pub current: Place,
    /// Conversations not looked at.
    pub unread: u32,
    /// Notices not looked at.
    pub notices: u32,
    /// The number of the newest change that it shows, for the event stream to go on from.
    pub seen: u64,
    /// The colours.
    pub theme: Theme,
    /// The token for forms.
    pub csrf: &'a str,
    /// Modules to fetch ahead, by path below `js/`: `elements/char-counter.js`.
    pub modules: &'a [&'a str],
    /// The answer to what was just done.
    pub notice: Option<Notice>,
    /// Buttons beside the title.
    pub actions: Markup,
    /// Where one came from, for pages below a place.
    pub back: Option<String>,
    /// What stands around.
    pub frame: Frame,
    /// How wide the content may grow.
    pub width: Width,
}

impl<'a> Page<'a> {
    /// A page with nothing but its title.
    pub fn new(words: &'a Words, title: impl Into<String>, current: Place, csrf: &'a str) -> Self {
        Self {
            words,
            title: title.into(),
            workspace: None,
            current,
            unread: 0,
            notices: 0,
            seen: 0,
            theme: Theme::Auto,
            csrf,
            modules: &[],
            notice: None,
            actions: PreEscaped(String::new()),
            back: None,
            frame: Frame::Places,
            width: Width::Normal,
        }
    }

    /// The whole document around this content.
    pub fn render(&self, main: &Markup) -> Markup {
        let focus = matches!(self.frame, Frame::Focus { .. });
        let width = match self.width {
            Width::Normal => "normal",
            Width::Reading => "reading",
            Width::Full => "full",
        };
        let events = self.workspace.as_ref().map(|workspace| addresses::workspace(&workspace.slug, "events"));
        let body = html! {
            (skip_link(self.words))
            div.shell data-frame=(if focus { "focus" } else { "places" }) data-places[self.workspace.is_some()] {
                @if let (false, Some(workspace)) = (focus, &self.workspace) { (self.rail(workspace)) }
                div.page data-width=(width) {
                    (self.top())
                    div.page__notices id="notices" role="status" aria-live="polite" {
                        @if let Some(notice) = &self.notice { (notice.render(self.csrf, &self.words.say("frame-dismiss"))) }
                    }
                    main.page__main id="main" tabindex="-1" { (main) }
                }
                @if let (false, Some(workspace)) = (focus, &self.workspace) { (self.bar(workspace)) }
            }
        };
        let title = self.workspace.as_ref().map_or_else(
            || self.words.tell("page-title-alone", &[("page", (&self.title).into())]),
            |on| self.words.tell("page-title", &[("page", (&self.title).into()), ("workspace", (&on.name).into())]),
        );
        document(&Document {
            words: self.words,
            title: &title,
            theme: self.theme,
            csrf: Some(self.csrf),
            core: &CORE,
            modules: self.modules,
            events: events.map(|address| (address, self.seen)),
            body: &body,
        })
    }

    /// The head of the page. On Today a phone shows the workspace's name where other pages show their title.
    fn top(&self) -> Markup {
        if let Frame::Focus { close, under } = &self.frame {
            return self.focus_top(close, under);
        }
        let home = self.current == Place::Today && self.back.is_none();
        html! {
            header.top data-home[home] {
                @if let Some(back) = &self.back {
                    (Button::link(back, self.words.say("frame-back")).icon_only(Icon::ChevronLeft).look(Look::Plain))
                }
                @if self.workspace.is_none() { (brand(self.words, None)) }
                @else if home { div.top__brand { (brand(self.words, self.workspace.as_ref())) } }
                h1.top__title { (self.title) }
                div.top__actions {
                    (self.actions)
                    @if let (true, Some(workspace)) = (home, &self.workspace) { (self.notices_button(workspace)) }
                }
            }
        }
    }

    fn focus_top(&self, close: &str, under: &Markup) -> Markup {
        html! {
            header.top data-focus {
                (Button::link(close, self.words.say("frame-close")).icon_only(Icon::Close).look(Look::Plain))
                @if let Some(workspace) = &self.workspace {
                    (Avatar::new(&workspace.name).tone(workspace.tone).small().square())
                }
                div.top__names {
                    h1.hidden { (self.title) }
                    @if let Some(workspace) = &self.workspace { strong.top__workspace { (workspace.name) } }
                    div.top__under { (under) }
                }
                div.top__actions { (self.actions) }
            }
        }
    }

    fn notices_button(&self, workspace: &PageWorkspace) -> Markup {
        let mut label = self.words.say("frame-notices");
        if 0 < self.notices {
            label = format!("{label}, {}", self.words.tell("frame-unread", &[("count", self.notices.into())]));
        }
        let href = addresses::workspace(&workspace.slug, Place::Activity.segment());
        html! { (Button::link(href, label).icon_only(Icon::Bell).look(Look::Plain).count(self.notices)) }
    }

    fn rail(&self, workspace: &PageWorkspace) -> Markup {
        let compose = addresses::workspace(&workspace.slug, Place::Compose.segment());
        html! {
            nav.rail aria-label=(self.words.say("frame-main-places")) {
                (brand(self.words, Some(workspace)))
                (Button::link(compose, Place::Compose.word(self.words)).icon(Icon::Plus).wide())
                @for place in RAIL { (self.place_link("rail__place", place, workspace, &RAIL)) }
            }
        }
    }

    fn bar(&self, workspace: &PageWorkspace) -> Markup {
        html! {
            nav.bar aria-label=(self.words.say("frame-main-places")) {
                @for place in BAR { (self.place_link("bar__place", place, workspace, &BAR)) }
            }
        }
    }

    fn place_link(&self, class: &str, place: Place, workspace: &PageWorkspace, shown: &[Place]) -> Markup {
        let href = addresses::workspace(&workspace.slug, place.segment());
        let current = (self.current.among(shown) == place).then_some("page");
        let unread = if place == Place::Inbox { self.unread } else { 0 };
        html! {
            a class=(class) href=(href) aria-current=[current] data-place=(place.segment()) {
                (place)
                span class={ (class) "-word" } { (place.word(self.words)) }
                @if 0 < unread {
                    span.badge { (unread.min(99)) span.hidden { " " (self.words.say("frame-unread-word")) } }
                }
            }
        }
    }
}

impl Render for Place {
    fn render(&self) -> Markup {
        self.icon().render()
    }
}

/// The tower, with the workspace's name and its tone when there is one.
pub(super) fn brand(words: &Words, workspace: Option<&PageWorkspace>) -> Markup {
    html! {
        a.brand href=(workspace.map_or_else(|| "/".to_owned(), |on| addresses::workspace(&on.slug, "today"))) {
            span.brand__mark {
                (Icon::Tower.small())
                @if let Some(workspace) = workspace {
                    span.brand__tone data-tone=(super::tone(workspace.tone)) aria-hidden="true" {}
                }
            }
            span.brand__name { (workspace.map_or_else(|| words.say("app-name"), |on| on.name.clone())) }
        }
    }
}

pub(super) fn skip_link(words: &Words) -> Markup {
    html! { a.skip href="#main" { (words.say("frame-skip")) } }
}

/// What `<head>` and `<body>` are made of.
pub(super) struct Document<'a> {
    pub(super) words: &'a Words,
    pub(super) title: &'a str,
    pub(super) theme: Theme,
    pub(super) csrf: Option<&'a str>,
    /// What stands below every screen of this kind.
    pub(super) core: &'a [&'a str],
    /// What this screen uses besides.
    pub(super) modules: &'a [&'a str],
    pub(super) events: Option<(String, u64)>,
    pub(super) body: &'a Markup,
}

/// Modules that pages with places load; what is live on them needs all three.
const CORE: [&str; 3] = ["lib/dom.js", "lib/fetch.js", "lib/events.js"];

pub(super) fn document(page: &Document<'_>) -> Markup {
    let files = files();
    html! {
        (DOCTYPE)
        html lang=(page.words.language()) data-theme=[page.theme.attribute()] {
            head {
                meta charset="utf-8";
                meta name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content";
                title { (page.title) }
                meta name="color-scheme" content="light dark";
                (theme_colour(page.theme))
                @if let Some(csrf) = page.csrf { meta name="csrf-token" content=(csrf); }
                link rel="stylesheet" href=(files.css_url());
                link rel="manifest" href="/manifest.webmanifest" crossorigin="use-credentials";
                link rel="icon" href=(files.url("img/icon.svg")) type="image/svg+xml";
                link rel="apple-touch-icon" href=(files.url("img/icon-180.png"));
                @for module in page.core.iter().chain(page.modules) { link rel="modulepreload" href=(files.module_url(module)); }
                script type="module" src=(files.module_url("app.js")) {}
            }
            body data-digest=(files.digest()) data-events=[page.events.as_ref().map(|(address, _)| address)]
                data-seen=[page.events.as_ref().map(|(_, seen)| seen)]
                data-went-wrong=(page.words.say("frame-went-wrong"))
                data-no-connection=(page.words.say("frame-no-connection")) { (page.body) }
        }
    }
}

/// The colour of the browser's own bars: that of the paper, as in `tokens.css`.
fn theme_colour(theme: Theme) -> Markup {
    const LIGHT: &str = "#fbfaf7";
    const DARK: &str = "#14181d";
    html! {
        @match theme {
            Theme::Light => meta name="theme-color" content=(LIGHT);,
            Theme::Dark => meta name="theme-color" content=(DARK);,
            Theme::Auto => {
                meta name="theme-color" content=(LIGHT) media="(prefers-color-scheme: light)";
                meta name="theme-color" content=(DARK) media="(prefers-color-scheme: dark)";
            },
        }
    }
}
