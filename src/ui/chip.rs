//! The channels a post goes to, as chips to tick. Boxes underneath, so they work without scripts.

use maud::{Markup, Render, html};

use super::{Avatar, Icon, NetworkMark};

/// One channel.
#[derive(Clone, Debug)]
pub struct ChannelChip {
    /// What is sent when it is ticked: the channel's id.
    pub value: String,
    /// The channel's name.
    pub label: String,
    /// The key of its network, and the network's name.
    pub network: (String, String),
    /// Its picture, from our own cache.
    pub picture: Option<String>,
    /// Whether it is ticked.
    pub checked: bool,
    /// What is wrong with the post there, in a few words.
    pub warning: Option<String>,
    /// Whether it cannot take posts; the warning says why.
    pub disabled: bool,
}

impl Render for ChannelChip {
    fn render(&self) -> Markup {
        let (key, name) = &self.network;
        html! {
            label.chip title=[self.warning.as_ref()] {
                input.chip__box type="checkbox" name="channels" value=(self.value) checked[self.checked]
                    disabled[self.disabled];
                @if self.picture.is_some() {
                    (Avatar::new(&self.label).picture(self.picture.clone()).small().network(key, name))
                } @else { (NetworkMark::new(key, name)) }
                span.chip__label { (self.label) }
                span.chip__warning id={ "chip-warning-" (self.value) } { (chip_warning(self.warning.as_deref())) }
            }
        }
    }
}

/// The sign that something is wrong there, and what; nothing where nothing is.
pub fn chip_warning(warning: Option<&str>) -> Markup {
    html! { @if let Some(warning) = warning { (Icon::Warning.tiny()) span.hidden { (warning) } } }
}

/// All channels of a workspace.
#[derive(Clone, Debug)]
pub struct ChannelChips {
    /// What the group is, only read out.
    pub legend: String,
    /// The channels.
    pub chips: Vec<ChannelChip>,
}

impl Render for ChannelChips {
    fn render(&self) -> Markup {
        html! {
            fieldset.chips {
                legend.hidden { (self.legend) }
                div.chips__line { @for chip in &self.chips { (chip) } }
            }
        }
    }
}
