//! Figures: of a period, of its posts, of one post, of a channel.

use actix_web::http::Method;
use actix_web::web::Path;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::cursor::{Items, List, Page, Place};
use crate::api::operation::Operation;
use crate::api::query::Query;
use crate::api::wire;
use crate::app::App;
use crate::base::clock::At;
use crate::base::zone;
use crate::channels::{self, ChannelId};
use crate::http::{Answer, Answered, AppRef};
use crate::metrics::{self, PostFigures};
use crate::people::{Action, Actor, Refusal, Workspace};
use crate::posts::{PostId, draft};
use crate::words::Message;

/// The longest period.
const DAYS_MAX: i64 = 366;

pub(super) fn operations() -> Vec<Operation> {
    const SEE: Action = Action::SeeFigures;
    vec![
        Operation::new(
            Method::GET,
            "/api/v1/metrics/overview",
            SEE,
            ("getOverview", "How a period went, beside as many days before it"),
            overview,
        )
        .asks::<Period>()
        .gives::<wire::Overview>("200", "The figures of the period."),
        Operation::new(
            Method::GET,
            "/api/v1/metrics/posts",
            SEE,
            ("listPostFigures", "List the posts of a period with their figures"),
            posts,
        )
        .asks::<Period>()
        .asks::<Page>()
        .lists::<wire::PostFigures>("Posts that went out, in order of time."),
        Operation::new(
            Method::GET,
            "/api/v1/metrics/posts/{post}",
            SEE,
            ("getPostFigures", "Get the figures of a post over time, channel by channel"),
            of_post,
        )
        .lists::<wire::Series>("Each channel that was counted, all on one page."),
        Operation::new(
            Method::GET,
            "/api/v1/metrics/channels/{channel}",
            SEE,
            ("getChannelFigures", "Get the figures of a channel, day by day"),
            of_channel,
        )
        .asks::<Period>()
        .lists::<wire::ChannelDay>("Each day that was counted, all on one page."),
    ]
}

/// A period in the workspace's time zone.
#[derive(Debug, Deserialize, IntoParams)]
struct Period {
    /// Its first day, such as 2026-11-01; thirty days up to the last when nothing is said.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Its last day; today when nothing is said.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

impl Period {
    /// Its days.
    fn days(&self, app: &App, workspace: &Workspace) -> Result<Vec<Date>, Refusal> {
        let last = self.to.unwrap_or_else(|| workspace.local(app.clock.now()).date());
        let first = self.from.unwrap_or_else(|| last.saturating_sub(29.days()));
        let unfit = || Refusal::field("from", Message::new("problem-period").with("most", DAYS_MAX));
        if last < first || first.saturating_add(DAYS_MAX.days()) <= last {
            return Err(unfit());
        }
        Ok(first.series(1.day()).take_while(|date| *date <= last).collect())
    }

    /// When each of its days begins and ends.
    fn bounds(&self, app: &App, workspace: &Workspace) -> Result<Vec<(At, At)>, Refusal> {
        Ok(self.days(app, workspace)?.into_iter().map(|date| zone::day(date, &workspace.zone)).collect())
    }
}

async fn overview(app: AppRef, actor: Actor, workspace: Workspace, period: Query<Period>) -> Answered {
    let days = period.0.bounds(&app, &workspace)?;
    Answer::json(&wire::Overview::from(metrics::overview(&app, &actor, &days).await?))
}

async fn posts(app: AppRef, actor: Actor, workspace: Workspace, period: Query<Period>, page: Query<Page>) -> Answered {
    let days = period.0.bounds(&app, &workspace)?;
    let (from, to) = days.first().zip(days.last()).map(|(first, last)| (first.0, last.1)).unwrap_or_default();
    let list = List::new(&app, &actor, &page.0, "post figures", &format!("{from} {to}"));
    let (limit, after) = (list.limit()?, list.after()?);
    let from = after.map_or(from, |place| place.at);
    let found = metrics::posts(&app, &actor, from, to).await?.into_iter();
    let rest = found.filter(|one| after.is_none_or(|after| (after.at, after.id) < (one.at, one.post.bits())));
    let place = |one: &PostFigures| Place { at: one.at, id: one.post.bits(), more: 0 };
    Answer::json(&list.cut(rest.take(limit.saturating_add(1)).collect(), place, wire::PostFigures::from)?)
}

async fn of_post(app: AppRef, actor: Actor, path: Path<PostId>) -> Answered {
    let found = metrics::overview::of_post(&app, &actor, *path).await?;
    if found.is_empty() {
        draft::exists(&app, &actor, *path).await?;
    }
    let told = found.iter().map(|(channel, snapshots)| wire::Series::of(*channel, snapshots)).collect();
    Answer::json(&Items::<wire::Series>::whole(told))
}

async fn of_channel(
    app: AppRef,
    actor: Actor,
    workspace: Workspace,
    path: Path<ChannelId>,
    period: Query<Period>,
) -> Answered {
    let channel = channels::get(&app, actor.workspace, *path).await?;
    let days = period.0.days(&app, &workspace)?;
    let range = days.first().copied().zip(days.last().copied());
    let found = match range {
        Some(range) => metrics::overview::of_channel(&app, &actor, channel.id, range).await?,
        None => Vec::new(),
    };
    Answer::json(&Items::whole(found.into_iter().map(wire::ChannelDay::from).collect()))
}
