//! Icons: one sprite, drawn in `web/icons/`, coloured by the text around them.
//!
//! An icon never speaks: the words beside it, or the label of its button, do.

use maud::{Markup, Render, html};

use super::files;

macro_rules! icons {
    ($($name:ident = $file:literal),+ $(,)?) => {
        /// Everything that is drawn.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Icon {
            $(#[doc = $file] $name,)+
        }

        impl Icon {
            /// Every icon there is.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Its name in the sprite.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $file,)+ }
            }
        }
    };
}

icons! {
    Activity = "activity", Alert = "alert", Analytics = "analytics", Bell = "bell", Calendar = "calendar",
    Channels = "channels", Check = "check", CheckCircle = "check-circle", ChevronDown = "chevron-down",
    ChevronLeft = "chevron-left", ChevronRight = "chevron-right", Clock = "clock", Close = "close", Copy = "copy",
    Download = "download", Drag = "drag", Edit = "edit", External = "external", Eye = "eye", Filter = "filter",
    Flag = "flag", Globe = "globe", Half = "half", Hash = "hash", Heart = "heart", Idea = "idea", Image = "image",
    Inbox = "inbox", Info = "info", Key = "key", Link = "link", Listen = "listen", Lock = "lock", Logout = "logout",
    Moon = "moon", More = "more", NetworkBluesky = "network-bluesky", NetworkByHand = "network-by-hand",
    NetworkMastodon = "network-mastodon", NetworkPractice = "network-practice", NetworkWebhook = "network-webhook",
    Pause = "pause", Phone = "phone", Play = "play", Plus = "plus", Poll = "poll", Posts = "posts", Qr = "qr",
    Question = "question", Queue = "queue", Reply = "reply", Retry = "retry", Search = "search", Send = "send",
    Server = "server", Settings = "settings", Smile = "smile", Strategy = "strategy", Sun = "sun", Tag = "tag",
    Thread = "thread", Today = "today", Tower = "tower", Trash = "trash", Undo = "undo", Upload = "upload",
    User = "user", Users = "users", Warning = "warning",
}

impl Icon {
    /// At 20 px, beside text.
    pub fn small(self) -> Markup {
        self.sized("20", "icon icon--small")
    }

    /// At 16 px, inside a line of small text.
    pub fn tiny(self) -> Markup {
        self.sized("16", "icon icon--tiny")
    }

    /// Whether it points somewhere and must be mirrored where text runs from right to left.
    const fn points(self) -> bool {
        matches!(
            self,
            Self::ChevronLeft
                | Self::ChevronRight
                | Self::External
                | Self::Logout
                | Self::Queue
                | Self::Reply
                | Self::Send
                | Self::Undo
        )
    }

    fn sized(self, px: &str, class: &str) -> Markup {
        let href = format!("{}#{}", files().sprite_url(), self.name());
        html! {
            svg class=(class) width=(px) height=(px) aria-hidden="true" data-points[self.points()] { use href=(href) {} }
        }
    }
}

/// At 24 px.
impl Render for Icon {
    fn render(&self) -> Markup {
        self.sized("24", "icon")
    }
}
