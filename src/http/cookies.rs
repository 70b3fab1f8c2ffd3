//! Cookies. Over HTTPS their names begin with `__Host-`, so that no other host and no plain page can set them; over plain
//! HTTP, as at home, browsers refuse that name and the plain one is used. Never readable by scripts, never sent along
//! from another site but by following a link.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};

use super::Visitor;
use crate::ui::Theme;

/// The session's token.
pub const SESSION: &str = "belfry-session";
/// A random value of browsers that are not signed in, to bind their forms to.
pub const VISIT: &str = "belfry-visit";
/// The colours.
pub const THEME: &str = "belfry-theme";

/// A cookie that lasts as long as it may; what it stands for ends in the store.
pub fn lasting(request: &HttpRequest, name: &str, value: String) -> Cookie<'static> {
    made(request, name, value, Some(Duration::days(180)))
}

/// A cookie for some seconds.
pub fn short(request: &HttpRequest, name: &str, value: String, seconds: i64) -> Cookie<'static> {
    made(request, name, value, Some(Duration::seconds(seconds)))
}

/// A cookie that ends with the browser's session.
pub fn passing(request: &HttpRequest, name: &str, value: String) -> Cookie<'static> {
    made(request, name, value, None)
}

/// A cookie that takes the one of this name away.
pub fn gone(request: &HttpRequest, name: &str) -> Cookie<'static> {
    made(request, name, String::new(), Some(Duration::ZERO))
}

/// The value the browser sent under this name.
pub fn find(request: &HttpRequest, name: &str) -> Option<String> {
    let cookie = request.cookie(&full_name(name, is_secure(request)))?;
    Some(cookie.value().to_owned()).filter(|value| !value.is_empty())
}

/// The colours the browser asks for.
pub fn theme(request: &HttpRequest) -> Theme {
    find(request, THEME).map_or(Theme::Auto, |name| Theme::named(&name))
}

fn made(request: &HttpRequest, name: &str, value: String, lasts: Option<Duration>) -> Cookie<'static> {
    let secure = is_secure(request);
    let mut cookie = Cookie::build(full_name(name, secure), value)
        .path("/")
        .secure(secure)
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish();
    cookie.set_max_age(lasts);
    cookie
}

fn is_secure(request: &HttpRequest) -> bool {
    Visitor::of(request).is_ok_and(|visitor| visitor.secure)
}

fn full_name(name: &str, secure: bool) -> String {
    if secure { format!("__Host-{name}") } else { name.to_owned() }
}
