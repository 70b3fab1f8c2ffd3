//! The library as HTML.

use maud::{Markup, Render, html};

use crate::addresses;
use crate::app::App;
use crate::http::Screen;
use crate::http::screen::error_at;
use crate::media::Asset;
use crate::media::rendition::Thumb as Size;
use crate::media::signed::Signer;
use crate::store::Stored;
use crate::ui::{
    Button, ButtonForm, Checkbox, Empty, ErrorSummary, Form, Icon, Look, MediaPicker, Place, TextArea, Thumb, Width,
    card,
};
use crate::words::Words;

/// The signed address of a picture in one of the sizes for pages.
pub(crate) fn address(app: &App, asset: &Asset, size: Size) -> String {
    Signer::new(&app.sealer).path(asset.workspace, asset.id, size.name(), app.clock.now())
}

/// A picture in Compose: it carries its id, its description for this post, and a box to take it out again.
pub(crate) fn tile(app: &App, screen: &Screen, asset: &Asset, alt: Option<&str>) -> Markup {
    let words = screen.words();
    let said = alt.unwrap_or(&asset.alt);
    html! {
        div.media-picker__tile {
            img src=(address(app, asset, Size::Medium)) alt=(said) width="150" height="112";
            span.media-picker__alt aria-hidden="true" { (words.say("media-alt-mark")) (Icon::Check.tiny()) }
            input type="hidden" name="media" value=(asset.id);
            (TextArea::new(format!("alt-{}", asset.id), words.say("media-alt")).rows(2).optional(String::new()).value(said)
                .placeholder(words.say("media-alt-placeholder")))
            (Checkbox::new(format!("remove-{}", asset.id), words.say("media-take-out")))
        }
    }
}

pub(super) fn list(
    app: &App,
    screen: &Screen,
    slug: &str,
    assets: &[Stored<Asset>],
    page_size: usize,
    writes: bool,
) -> Markup {
    let words = screen.words();
    let mut page = screen.page(words.say("place-media"), Place::Media);
    page.width = Width::Full;
    page.modules = &["elements/media-picker.js"];
    let to = addresses::workspace(slug, "media");
    let picker = MediaPicker::new(words, &to).accept("image/jpeg,image/png,image/gif,image/webp").most(20);
    let upload = Form::post(
        &to,
        &screen.csrf,
        html! {
            (picker)
            noscript { (Button::submit(words.say("media-upload")).icon(Icon::Upload)) }
        },
    );
    let more = assets.last().filter(|_last| assets.len() == page_size);
    page.render(&html! {
        div.stack {
            (upload.with_files())
            @if assets.is_empty() { (empty(words, slug, writes)) }
            div.tiles {
                @for asset in assets {
                    a.media-tile href={ (to) "/" (asset.id) } title=[Some(&asset.alt).filter(|alt| !alt.is_empty())] {
                        (Thumb::new(address(app, asset, Size::Medium), picture_name(screen, asset)).large())
                    }
                }
            }
            @if let Some(last) = more { (Button::link(format!("{to}?after={}", last.id), words.say("media-older")).look(Look::Outline)) }
        }
    })
}

fn empty(words: &Words, slug: &str, writes: bool) -> Empty {
    let empty = Empty::new(Icon::Image, words.say("media-none"), words.say("media-none-text"));
    let write = Button::link(addresses::workspace(slug, "compose"), words.say("media-none-write"))
        .icon(Icon::Plus)
        .look(Look::Quiet);
    if writes { empty.action(write.render()) } else { empty }
}

fn picture_name(screen: &Screen, asset: &Asset) -> String {
    if asset.alt.is_empty() {
        screen.words().tell("media-unnamed", &[("name", (&asset.original_name).into())])
    } else {
        asset.alt.clone()
    }
}

pub(super) fn show(app: &App, screen: &Screen, slug: &str, asset: &Asset, errors: &[(String, String)]) -> Markup {
    let words = screen.words();
    let mut page = screen.page(words.say("media-one"), Place::Media);
    page.back = Some(addresses::workspace(slug, "media"));
    page.width = Width::Reading;
    let to = addresses::workspace(slug, &format!("media/{}", asset.id));
    let kib = asset.size_bytes.div_ceil(1024);
    let facts = words.tell(
        "media-facts",
        &[
            ("width", asset.width_px.to_string().into()),
            ("height", asset.height_px.to_string().into()),
            ("kib", kib.into()),
        ],
    );
    let form = Form::post(
        &to,
        &screen.csrf,
        html! {
            (ErrorSummary::new(words, errors))
            (TextArea::new("alt", words.say("media-alt")).optional(String::new()).hint(words.say("media-alt-hint")).value(&asset.alt)
                .error(error_at(errors, "alt")))
            (Button::submit(words.say("media-save")))
        },
    );
    let remove = Button::submit(words.say("media-remove")).icon(Icon::Trash).look(Look::Plain);
    page.render(&html! {
        div.stack {
            img.media-large src=(address(app, asset, Size::Large)) alt=(asset.alt) width=(asset.width_px) height=(asset.height_px);
            p.small.soft { (facts) }
            (card(form.render()))
            (ButtonForm::new(format!("{to}/removal"), &screen.csrf, remove))
        }
    })
}
