//! The practice network as pages.

use maud::{Markup, Render, html};

use crate::addresses;
use crate::http::Screen;
use crate::networks::practice::wire::{Person, Post};
use crate::ui::{
    Avatar, Button, ButtonForm, Empty, Field, Form, Icon, Look, Note, Place, TextArea, Width, heading, relative_time,
};
use crate::words::Words;

/// A post and what is below it, oldest first.
pub(super) struct Thread {
    pub(super) post: Post,
    pub(super) replies: Vec<Post>,
}

/// A comment as it was typed.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) from: String,
    pub(super) text: String,
    pub(super) problem: Option<String>,
}

/// All public posts.
pub(super) fn timeline(screen: &Screen, posts: &[Post]) -> Markup {
    let words = screen.words();
    let body = html! {
        div.stack {
            (Note::idea(words.say("practice-about")))
            (list(screen, posts, "practice-none-text"))
        }
    };
    render(screen, words.say("practice-title"), None, &body)
}

/// One account.
pub(super) fn account(screen: &Screen, person: &Person, posts: &[Post]) -> Markup {
    let body = html! {
        div.stack {
            div.channel-head {
                (Avatar::new(&person.name))
                div.channel-head__words { p.channel-head__name { (person.name) } p.soft.small { (person.handle) } }
            }
            (list(screen, posts, "practice-none-of-account"))
        }
    };
    render(screen, person.name.clone(), Some(addresses::PRACTICE), &body)
}

/// One post with its comments, and the place for one more.
pub(super) fn post(screen: &Screen, thread: &Thread, typed: &Typed) -> Markup {
    let words = screen.words();
    let post = &thread.post;
    let title = words.tell("practice-post-by", &[("name", (&post.author.name).into())]);
    let like = Button::submit(words.say("practice-like")).icon(Icon::Heart).look(Look::Quiet);
    let deed = |deed: &str| format!("{}/{deed}", addresses::practice_post(&post.id));
    let body = html! {
        div.stack {
            @if let Some(parent) = &post.in_reply_to {
                a.practice-parent href=(addresses::practice_post(parent)) { (Icon::Reply.small()) (words.say("practice-parent")) }
            }
            article.card.card--padded { (inside(screen, post, false)) }
            (ButtonForm::new(deed("likes"), &screen.csrf, like))
            (heading(&words.tell("practice-comments", &[("count", thread.replies.len().into())])))
            @if !thread.replies.is_empty() {
                ul.card role="list" { @for reply in &thread.replies { li.card__item.practice-item { (inside(screen, reply, true)) } } }
            }
            (comment_form(screen, &deed("comments"), typed))
        }
    };
    render(screen, title, Some(addresses::PRACTICE), &body)
}

fn comment_form(screen: &Screen, action: &str, typed: &Typed) -> Markup {
    let words = screen.words();
    let from = if typed.from.is_empty() { words.say("practice-visitor") } else { typed.from.clone() };
    let form = Form::post(
        action,
        &screen.csrf,
        html! {
            h2 { (words.say("practice-comment-title")) }
            p.soft.small { (words.say("practice-comment-hint")) }
            (TextArea::new("text", words.say("practice-comment")).value(&typed.text).rows(2).error(typed.problem.clone()))
            (Field::text("from", words.say("practice-from")).value(from).max_length(60).autocomplete("off"))
            div.line { (Button::submit(words.say("practice-comment-button")).icon(Icon::Send)) }
        },
    );
    html! { div.card.card--padded { (form) } }
}

fn list(screen: &Screen, posts: &[Post], none: &str) -> Markup {
    let words = screen.words();
    if posts.is_empty() {
        return Empty::new(Icon::NetworkPractice, words.say("practice-none"), words.say(none)).render();
    }
    html! {
        ul.card role="list" { @for post in posts { li.card__item.practice-item { (inside(screen, post, true)) } } }
    }
}

fn inside(screen: &Screen, post: &Post, links: bool) -> Markup {
    let words = screen.words();
    let at = screen.local(post.created_at);
    html! {
        div.practice-post {
            (Avatar::new(&post.author.name))
            div.practice-post__words {
                p.practice-post__who {
                    a.practice-post__name href=(addresses::practice_account(&post.author.id)) { (post.author.name) }
                    " " span.soft { (post.author.handle) }
                }
                @if let Some(warning) = &post.content_warning {
                    details.practice-post__warned { summary { (warning) } (said(post)) }
                } @else { (said(post)) }
                p.practice-post__foot {
                    @if links {
                        a.practice-post__when href=(addresses::practice_post(&post.id)) { (relative_time(words, &at, &screen.now())) }
                    } @else { (relative_time(words, &at, &screen.now())) }
                    (counts(words, post))
                }
            }
        }
    }
}

fn said(post: &Post) -> Markup {
    html! {
        p.practice-post__text dir="auto" { (post.text) }
        @if let Some(poll) = &post.poll {
            ul.practice-post__poll role="list" { @for option in &poll.options { li { (option) } } }
        }
        @if !post.media.is_empty() {
            div.practice-post__pictures data-count=(post.media.len().min(4)) {
                @for media in &post.media {
                    img.practice-post__picture src={ (addresses::PRACTICE) "/media/" (media.digest) } alt=(media.alt)
                        width="640" height="480" loading="lazy" decoding="async";
                }
            }
        }
    }
}

fn counts(words: &Words, post: &Post) -> Markup {
    let of = |count: Option<u64>, key: &str| {
        count.filter(|count| 0 < *count).map(|count| words.tell(key, &[("count", count.into())]))
    };
    let counts = [
        of(post.counts.reactions, "count-reactions"),
        of(post.counts.comments, "count-comments"),
        of(post.counts.shares, "count-shares"),
        of(post.counts.views, "count-views"),
    ];
    html! { @for count in counts.into_iter().flatten() { span { (count) } } }
}

fn render(screen: &Screen, title: String, back: Option<&str>, body: &Markup) -> Markup {
    let mut page = screen.page(title, Place::More);
    page.width = Width::Reading;
    page.back = back.map(str::to_owned);
    page.render(body)
}
