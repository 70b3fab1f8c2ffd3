//! The root of the server: leads to where one belongs. And the choice of colours, which is the browser's own.

use actix_web::HttpRequest;

use crate::addresses;
use crate::http::{Answer, Answered, AppRef, Asks, Form, Route, Screen, cookies};
use crate::people::{set_up, workspace};
use crate::ui::Theme;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/", Asks::Anyone, show),
        Route::get("/w/{slug}", Asks::Person, to_home),
        Route::post(addresses::THEME, Asks::Anyone, keep_theme),
    ]
}

/// To the set-up, to the way in, to the only workspace, or to the list of them.
async fn show(app: AppRef, screen: Screen) -> Answered {
    let Some(signed_in) = screen.signed_in else {
        let to = if set_up::is_done(&app).await? { addresses::sign_in(None) } else { addresses::SETUP.to_owned() };
        return Ok(Answer::go_to(to));
    };
    let list = workspace::list_of(&app, signed_in.person.id).await?;
    Ok(match list.as_slice() {
        [(only, _role)] => Answer::go_to(addresses::home(&only.slug)),
        _ => Answer::go_to(addresses::WORKSPACES),
    })
}

/// An address that ends at the workspace leads to its first page.
async fn to_home(path: actix_web::web::Path<String>) -> Answered {
    let known = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    Ok(Answer::go_to(if known { addresses::home(&path) } else { "/".to_owned() }))
}

async fn keep_theme(form: Form, request: HttpRequest) -> Answered {
    let theme = Theme::named(&form.text("theme"));
    let cookie = if theme == Theme::Auto {
        cookies::gone(&request, cookies::THEME)
    } else {
        cookies::lasting(&request, cookies::THEME, theme.name().to_owned())
    };
    Ok(Answer::go_to(addresses::own_path(&form.text("next"))).cookie(cookie))
}
