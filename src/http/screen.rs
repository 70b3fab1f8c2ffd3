//! What a page needs beside its content: words, form token, colours, who is signed in, the workspace, and the sentence
//! about what was just done.

use std::cell::Cell;
use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::cookie::Cookie;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use jiff::Zoned;

use super::gate::BoundTo;
use super::{AppRef, Failure, SignedIn, Visitor, cookies, csrf, flash};
use crate::base::clock::At;
use crate::people::{FieldProblem, Workspace};
use crate::ui::{BarePage, Notice, Page, PageWorkspace, Place, Theme};
use crate::words::Words;

/// The screen a page is drawn on.
#[derive(Clone, Debug)]
pub struct Screen {
    app: AppRef,
    /// The token for forms.
    pub csrf: String,
    /// The colours.
    pub theme: Theme,
    /// The answer to what was just done.
    pub notice: Option<Notice>,
    /// The workspace, on its pages.
    pub workspace: Option<Workspace>,
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
    /// Where the request comes from.
    pub visitor: Visitor,
    /// A script asks for a part of the page, to put it in place.
    pub fragment: bool,
    /// The number of the newest change when the page was asked for: it shows all up to there.
    seen: u64,
}

/// The cookie that takes a shown notice away; set once the answer is made.
#[derive(Clone)]
pub(super) struct Shown(Rc<Cell<Option<Cookie<'static>>>>);

impl Shown {
    pub(super) fn take(&self) -> Option<Cookie<'static>> {
        self.0.take()
    }
}

impl Screen {
    /// The screen of this request.
    pub fn of(request: &HttpRequest) -> Result<Self, Failure> {
        let app = AppRef::of(request)?;
        let fragment = request.headers().contains_key("x-fragment");
        let bound = request.extensions().get::<BoundTo>().cloned();
        let csrf = bound.map(|bound| csrf::token(&app.sealer.signer("csrf"), &bound.0)).unwrap_or_default();
        // A fragment has no place for a notice: it stays for the next page.
        let notice = if fragment { None } else { flash::take(request) };
        let notice = notice.map(|(notice, cookie)| {
            request.extensions_mut().insert(Shown(Rc::new(Cell::new(Some(cookie)))));
            notice
        });
        let workspace = request.extensions().get::<Workspace>().cloned();
        let signed_in = request.extensions().get::<SignedIn>().cloned();
        let (theme, visitor, seen) = (cookies::theme(request), Visitor::of(request)?, app.live.newest());
        Ok(Self { app, csrf, theme, notice, workspace, signed_in, visitor, fragment, seen })
    }

    /// The catalogue.
    pub fn words(&self) -> &Words {
        &self.app.words
    }

    /// The present instant in the workspace's zone; in UTC outside of workspaces.
    pub fn now(&self) -> Zoned {
        self.local(self.app.clock.now())
    }

    /// An instant in the workspace's zone; in UTC outside of workspaces.
    pub fn local(&self, at: At) -> Zoned {
        let utc = || at.to_timestamp().to_zoned(jiff::tz::TimeZone::UTC);
        self.workspace.as_ref().map_or_else(utc, |workspace| workspace.local(at))
    }

    /// The frame of a page at this place.
    pub fn page(&self, title: impl Into<String>, current: Place) -> Page<'_> {
        let mut page = Page::new(self.words(), title, current, &self.csrf);
        page.theme = self.theme;
        page.seen = self.seen;
        page.notice.clone_from(&self.notice);
        page.workspace = self.workspace.as_ref().map(|on| PageWorkspace {
            slug: on.slug.clone(),
            name: on.name.clone(),
            tone: on.tone,
        });
        page
    }

    /// The frame of a page without places.
    pub fn bare(&self, title: impl Into<String>) -> BarePage<'_> {
        let mut page = BarePage::new(self.words(), title);
        page.theme = self.theme;
        page.csrf = Some(&self.csrf);
        page.notice.clone_from(&self.notice);
        page
    }

    /// Problems as the error summary and the fields want them: name of the field and sentence.
    pub fn errors(&self, problems: &[FieldProblem]) -> Vec<(String, String)> {
        problems.iter().map(|problem| (problem.field.clone(), self.words().render(&problem.message))).collect()
    }
}

/// The sentence for the field of this name, among errors that [`Screen::errors`] made.
pub fn error_at(errors: &[(String, String)], field: &str) -> Option<String> {
    errors.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone())
}

impl FromRequest for Screen {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}
