//! Buttons, and links that look like them. The text is the verb that will happen: "Schedule for Sat 09:00".
//!
//! At least 44 px to touch, the small ones included: those reach beyond what is painted.

use maud::{Markup, Render, html};

use super::Icon;

/// How much a button calls for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// The one thing to do here.
    #[default]
    Main,
    /// Something else one can do.
    Quiet,
    /// A bordered neutral, for filters and views.
    Outline,
    /// As plain as a link.
    Plain,
    /// Takes something away that cannot come back.
    Danger,
}

/// A button or a link in the form of one.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, in any combination")]
#[derive(Clone, Debug)]
pub struct Button {
    kind: Kind,
    text: String,
    icon: Option<Icon>,
    icon_only: bool,
    look: Look,
    small: bool,
    wide: bool,
    disabled: bool,
    pressed: Option<bool>,
    count: u32,
    name_value: Option<(String, String)>,
    form: Option<String>,
    to: Option<String>,
    opens: Option<String>,
    shows: Option<String>,
}

#[derive(Clone, Debug)]
enum Kind {
    Submit,
    Plain,
    Link(String),
}

impl Button {
    /// Sends the form it stands in.
    pub fn submit(text: impl Into<String>) -> Self {
        Self::new(Kind::Submit, text.into())
    }

    /// Does nothing by itself; a script or [`Button::opens`] gives it meaning.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(Kind::Plain, text.into())
    }

    /// A link that looks like a button.
    pub fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(Kind::Link(href.into()), text.into())
    }

    fn new(kind: Kind, text: String) -> Self {
        Self {
            kind,
            text,
            icon: None,
            icon_only: false,
            look: Look::Main,
            small: false,
            wide: false,
            disabled: false,
            pressed: None,
            count: 0,
            name_value: None,
            form: None,
            to: None,
            opens: None,
            shows: None,
        }
    }

    /// With an icon before the text.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Only the icon; the text becomes its label and its title.
    #[must_use]
    pub fn icon_only(mut self, icon: Icon) -> Self {
        (self.icon, self.icon_only) = (Some(icon), true);
        self
    }

    /// How it looks.
    #[must_use]
    pub fn look(mut self, look: Look) -> Self {
        self.look = look;
        self
    }

    /// Painted smaller, touched as large.
    #[must_use]
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// As wide as what it stands in.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Cannot be pressed. Say nearby why.
    #[must_use]
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    /// A switch: whether it is on.
    #[must_use]
    pub fn pressed(mut self, pressed: bool) -> Self {
        self.pressed = Some(pressed);
        self
    }

    /// A number at its corner; none when zero. The label must say it too.
    #[must_use]
    pub fn count(mut self, count: u32) -> Self {
        self.count = count;
        self
    }

    /// What the form carries when this button sent it.
    #[must_use]
    pub fn value(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.name_value = Some((name.into(), value.into()));
        self
    }

    /// Belongs to the form with this id, wherever it stands.
    #[must_use]
    pub fn form(mut self, id: impl Into<String>) -> Self {
        self.form = Some(id.into());
        self
    }

    /// Sends its form to this address instead.
    #[must_use]
    pub fn to(mut self, address: impl Into<String>) -> Self {
        self.to = Some(address.into());
        self
    }

    /// Opens the dialog with this id; on a link, its address is `#id`, so that it opens without scripts too.
    #[must_use]
    pub fn opens(mut self, id: impl Into<String>) -> Self {
        let id = id.into();
        self.kind = Kind::Link(format!("#{id}"));
        self.opens = Some(id);
        self
    }

    /// Shows or puts away the part of the page with this id (a popover of the browser's own, so no script is needed).
    #[must_use]
    pub fn shows(mut self, id: impl Into<String>) -> Self {
        (self.kind, self.shows) = (Kind::Plain, Some(id.into()));
        self
    }

    fn class(&self) -> &'static str {
        match (self.icon_only, self.look) {
            (true, Look::Main) => "button button--icon",
            (true, Look::Outline) => "button button--icon button--outline",
            (true, Look::Quiet | Look::Plain) => "button button--icon button--plain",
            (true, Look::Danger) => "button button--icon button--danger",
            (false, Look::Main) => "button",
            (false, Look::Quiet) => "button button--quiet",
            (false, Look::Outline) => "button button--outline",
            (false, Look::Plain) => "button button--plain",
            (false, Look::Danger) => "button button--danger",
        }
    }

    fn inside(&self) -> Markup {
        html! {
            @if let Some(icon) = self.icon { @if self.icon_only { (icon) } @else { (icon.small()) } }
            @if !self.icon_only { span.button__text { (self.text) } }
            @if 0 < self.count { span.badge aria-hidden="true" { (self.count) } }
        }
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        let class = self.class();
        let label = self.icon_only.then_some(self.text.as_str());
        let pressed = self.pressed.map(|pressed| if pressed { "true" } else { "false" });
        let (name, value) = self.name_value.as_ref().map_or((None, None), |(name, value)| (Some(name), Some(value)));
        match &self.kind {
            Kind::Link(href) => html! {
                a class=(class) href=(href) aria-label=[label] title=[label] data-small[self.small]
                    data-wide[self.wide] data-opens=[self.opens.as_ref()]
                    aria-haspopup=[self.opens.as_ref().map(|_| "dialog")] aria-current=[pressed.filter(|on| *on == "true")] {
                    (self.inside())
                }
            },
            Kind::Submit | Kind::Plain => html! {
                button class=(class) type=(if matches!(self.kind, Kind::Submit) { "submit" } else { "button" })
                    name=[name] value=[value] form=[self.form.as_ref()] formaction=[self.to.as_ref()]
                    popovertarget=[self.shows.as_ref()]
                    aria-label=[label] title=[label] aria-pressed=[pressed] data-small[self.small]
                    data-wide[self.wide] disabled[self.disabled] { (self.inside()) }
            },
        }
    }
}
