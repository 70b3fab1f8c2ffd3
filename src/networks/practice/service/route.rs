//! Which request is for which handler.

use super::state::AccountRow;
use super::{Asked, Done, Refused, Request, control, posts};

/// A request, told apart by method and path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Join,
    Timeline,
    Picture(String),
    Me,
    SetPicture,
    Upload,
    LookUpload(String),
    Create,
    Contain,
    LookContainer(String),
    PublishContainer(String),
    Read(String),
    Edit(String),
    Delete(String),
    Replies(String),
    Like(String),
    List(String),
    Counts,
    Inbox,
    SetWebhook,
    EndWebhook,
    Behaviour,
    SetBehaviour,
    Faults,
    AddFault,
    EndFaults,
    Release,
    EndTokens,
    Comment(String),
    SetCounts(String),
    Arrivals,
}

impl Route {
    /// The route of this request.
    pub(super) fn find(request: &Request) -> Option<Self> {
        let path: Vec<&str> = request.path.split('/').filter(|piece| !piece.is_empty()).collect();
        let id = |id: &str| id.to_owned();
        Some(match (request.method.as_str(), path.as_slice()) {
            ("POST", ["api", "accounts"]) => Self::Join,
            ("GET", ["api", "timeline"]) => Self::Timeline,
            ("GET", ["media", digest]) => Self::Picture(id(digest)),
            ("GET", ["api", "me"]) => Self::Me,
            ("PUT", ["api", "picture"]) => Self::SetPicture,
            ("POST", ["api", "media"]) => Self::Upload,
            ("GET", ["api", "media", media]) => Self::LookUpload(id(media)),
            ("POST", ["api", "posts"]) => Self::Create,
            ("POST", ["api", "containers"]) => Self::Contain,
            ("GET", ["api", "containers", container]) => Self::LookContainer(id(container)),
            ("POST", ["api", "containers", container, "publish"]) => Self::PublishContainer(id(container)),
            ("GET", ["api", "posts", post]) => Self::Read(id(post)),
            ("PUT", ["api", "posts", post]) => Self::Edit(id(post)),
            ("DELETE", ["api", "posts", post]) => Self::Delete(id(post)),
            ("GET", ["api", "posts", post, "replies"]) => Self::Replies(id(post)),
            ("POST", ["api", "posts", post, "likes"]) => Self::Like(id(post)),
            ("POST", ["api", "posts", post, "comments"]) => Self::Comment(id(post)),
            ("PUT", ["api", "posts", post, "counts"]) => Self::SetCounts(id(post)),
            ("GET", ["api", "accounts", account, "posts"]) => Self::List(id(account)),
            ("GET", ["api", "counts"]) => Self::Counts,
            ("GET", ["api", "inbox"]) => Self::Inbox,
            ("PUT", ["api", "webhook"]) => Self::SetWebhook,
            ("DELETE", ["api", "webhook"]) => Self::EndWebhook,
            ("GET", ["api", "behaviour"]) => Self::Behaviour,
            ("PUT", ["api", "behaviour"]) => Self::SetBehaviour,
            ("GET", ["api", "faults"]) => Self::Faults,
            ("POST", ["api", "faults"]) => Self::AddFault,
            ("DELETE", ["api", "faults"]) => Self::EndFaults,
            ("POST", ["api", "release"]) => Self::Release,
            ("DELETE", ["api", "tokens"]) => Self::EndTokens,
            ("GET", ["api", "arrivals"]) => Self::Arrivals,
            _ => return None,
        })
    }

    /// Whether it needs no token.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Join | Self::Timeline | Self::Picture(_) | Self::Read(_))
    }

    /// The name by which a fault finds it; what controls the service never fails.
    pub(super) fn step(&self) -> Option<&'static str> {
        match self {
            Self::Me => Some("me"),
            Self::Upload => Some("upload"),
            Self::LookUpload(_) => Some("look"),
            Self::Create => Some("create"),
            Self::Contain => Some("container"),
            Self::LookContainer(_) => Some("look_container"),
            Self::PublishContainer(_) => Some("publish"),
            Self::Edit(_) => Some("edit"),
            Self::Delete(_) => Some("delete"),
            Self::Read(_) | Self::Replies(_) | Self::Counts => Some("read"),
            Self::List(_) => Some("list"),
            Self::Inbox => Some("inbox"),
            _ => None,
        }
    }

    /// Answers it.
    pub(super) fn handle(&self, asked: &Asked<'_>, account: Option<&AccountRow>) -> Result<Done, Refused> {
        match (self, account) {
            (Self::Join, _) => control::join(asked),
            (Self::Timeline, _) => posts::timeline(asked),
            (Self::Picture(digest), _) => posts::picture(asked, digest),
            (Self::Read(id), account) => posts::read(asked, account, id),
            (_, None) => Err(Refused::new(401, "this needs a token that is valid")),
            (route, Some(account)) => route.handle_own(asked, account),
        }
    }

    fn handle_own(&self, asked: &Asked<'_>, account: &AccountRow) -> Result<Done, Refused> {
        match self {
            Self::Me => Done::say(&control::me(account, asked.now, None)),
            Self::SetPicture => control::set_picture(asked, account),
            Self::Upload => posts::upload(asked, account),
            Self::LookUpload(id) => posts::look_upload(asked, account, id),
            Self::Create => posts::create(asked, account),
            Self::Contain => posts::contain(asked, account),
            Self::LookContainer(id) => posts::look_container(asked, account, id),
            Self::PublishContainer(id) => posts::publish_container(asked, account, id),
            Self::Edit(id) => posts::edit(asked, account, id),
            Self::Delete(id) => posts::delete(asked, account, id),
            Self::Replies(id) => posts::replies(asked, id),
            Self::Like(id) => posts::like(asked, account, id),
            Self::List(id) => posts::list(asked, account, id),
            Self::Counts => posts::counts(asked, account),
            Self::Inbox => posts::inbox(asked, account),
            Self::SetWebhook => control::set_webhook(asked, account),
            Self::EndWebhook => Ok(control::end_webhook(account)),
            Self::Behaviour => Done::say(&account.behaviour),
            Self::SetBehaviour => control::set_behaviour(asked, account),
            Self::Faults => Done::say(&account.faults),
            Self::AddFault => control::add_fault(asked, account),
            Self::EndFaults => Ok(control::end_faults(account)),
            Self::Release => Ok(Done::nothing(Vec::new())),
            Self::EndTokens => Ok(control::end_tokens(account)),
            Self::Comment(id) => control::comment(asked, account, id),
            Self::SetCounts(id) => control::set_counts(asked, account, id),
            Self::Arrivals => Done::say(&account.arrivals),
            Self::Join | Self::Timeline | Self::Picture(_) | Self::Read(_) => {
                Err(Refused::new(500, "an open route was asked for as a closed one"))
            }
        }
    }
}
