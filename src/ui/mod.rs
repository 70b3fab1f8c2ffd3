//! Components of pages: one file each, typed values in, one root element out.
//!
//! Components are small structs that render themselves inside `html!`, or functions. They take words that are already
//! written, or the catalogue, never a row of the store. Each works without scripts; the custom elements around some of
//! them make them quicker. No `style=` and no handler attributes: tones are `data-tone="1…12"`, states `data-state`,
//! charts SVG attributes. Every component has its style in `web/css/components/` under its own name.

mod agenda;
mod auto_save;
mod avatar;
mod bare;
mod button;
mod card;
mod char_counter;
mod chart;
mod checkbox;
mod chip;
mod copy_button;
mod count_down;
mod dialog;
mod empty;
mod field;
mod files;
mod form;
mod icon;
mod key_guide;
mod live_form;
mod live_part;
mod media_picker;
mod menu;
mod month;
mod network;
mod note;
mod notice;
mod page;
mod pagination;
mod progress;
mod qr;
mod reply_box;
mod segments;
mod select;
mod stat;
mod state;
mod steps;
mod tabs;
mod textarea;
mod theme_switch;
mod thumb;
mod time;
mod zone_guess;

pub use agenda::AgendaDay;
pub use auto_save::AutoSave;
pub use avatar::Avatar;
pub use bare::{BarePage, offline_page};
pub use button::{Button, Look};
pub use card::{Row, Section, card, dot, heading, row_time, split, tag, toolbar};
pub use char_counter::{channel_counter, char_counter};
pub use chart::{Bar, Bars, Heat, LineChart, Point};
pub use checkbox::{Checkbox, Choices};
pub use chip::{ChannelChip, ChannelChips, chip_warning};
pub use copy_button::{copy_button, copy_text, text_to_copy};
pub use count_down::count_down;
pub use dialog::Dialog;
pub use empty::Empty;
pub use field::{Field, field_id};
pub use files::{File, Files, files};
pub use form::{ButtonForm, ErrorSummary, Form, csrf_input};
pub use icon::Icon;
pub use key_guide::key_guide;
pub use live_form::{LivePart, live_form};
pub use live_part::live_part;
pub use media_picker::MediaPicker;
pub use menu::Menu;
pub use month::{Month, MonthDay, MonthPost};
pub use network::{NetworkMark, network_marks};
pub use note::Note;
pub use notice::{Notice, NoticeKind, Undo};
pub use page::{Frame, Page, PageWorkspace, Place, Theme, Width};
pub use pagination::Pagination;
pub use progress::Progress;
pub use qr::qr;
pub use reply_box::reply_box;
pub use segments::Segments;
pub use select::Select;
pub use stat::{Stat, Trend};
pub use state::{StateKind, state_mark, state_mark_with};
pub use steps::{Step, Steps};
pub use tabs::Tabs;
pub use textarea::TextArea;
pub use theme_switch::theme_switch;
pub use thumb::Thumb;
pub use time::{relative_time, time_element};
pub use zone_guess::zone_guess;

/// The colour families that carry a meaning; always beside an icon or words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hue {
    /// Nothing particular.
    #[default]
    Plain,
    /// Something to do.
    Action,
    /// Belfry itself, an idea.
    Bronze,
    /// Look here before it goes on.
    Amber,
    /// It went wrong, or it takes away.
    Rust,
}

impl Hue {
    /// The value of `data-hue`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Action => "action",
            Self::Bronze => "bronze",
            Self::Amber => "amber",
            Self::Rust => "rust",
        }
    }
}

/// One of the twelve tones workspaces, pillars and campaigns are told apart by; numbers beyond wrap around.
pub fn tone(number: u8) -> u8 {
    number.saturating_sub(1) % 12 + 1
}

/// Adds formatted text; writing into a `String` cannot fail, which `write!` does not know.
fn append(to: &mut String, what: std::fmt::Arguments<'_>) {
    to.push_str(&what.to_string());
}

#[cfg(test)]
mod tests;
