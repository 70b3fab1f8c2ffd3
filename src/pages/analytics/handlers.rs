//! The handlers of Analytics.

use actix_web::web;
use jiff::civil::Date;

use super::asked::{Period, Query, Sort};
use super::digest::{self, Untold};
use super::view::{self, AnalyticsView, PostRow, PostsView};
use crate::base::clock::At;
use crate::base::zone;
use crate::channels;
use crate::http::{Answer, Answered, AppRef, Failure, Screen};
use crate::metrics::{self, PostFigures};
use crate::pages::frame;
use crate::pages::marks::Marks;
use crate::people::{Actor, Workspace};
use crate::ui::{Place, Width};

/// How many posts stand on the first page, and on that of all posts.
const BEST: usize = 5;
const POSTS_MAX: usize = 200;

pub(super) async fn show(
    app: AppRef,
    actor: Actor,
    workspace: Workspace,
    screen: Screen,
    query: Option<web::Query<Query>>,
) -> Answered {
    let (period, _) = asked(query.as_deref());
    let words = screen.words();
    let days = period.days(screen.now().date());
    let overview = metrics::overview(&app, &actor, &bounds(&days, &workspace)).await?;
    let now: Vec<Option<u64>> = overview.days.iter().map(|(_, count)| *count).collect();
    let (steps, weekly) = digest::steps(&days, &now, &overview.days_before);
    let weekday =
        |post: &PostFigures| usize::try_from(workspace.local(post.at).weekday().to_monday_zero_offset()).unwrap_or(0);
    let weekdays = digest::weekdays(&overview.list, weekday);
    let weekdays_before = digest::weekdays(&overview.list_before, weekday);
    let marks = Marks::read(&app, workspace.id).await?;
    let best = digest::sorted(overview.list, Sort::Engagement);
    let analytics = AnalyticsView {
        slug: &workspace.slug,
        period,
        first: days.first().copied().unwrap_or_default(),
        today: days.last().copied().unwrap_or_default(),
        days: days.len(),
        posts: overview.posts,
        engagement: overview.engagement,
        views: overview.views,
        followers: overview.followers,
        steps,
        weekly,
        weekdays,
        weekdays_before,
        best: rows(best.into_iter().take(BEST), &workspace, &marks),
        untold: untold(&app, &workspace).await?,
    };
    let mut page = frame::page(&app, &actor, &screen, words.say("analytics-title"), Place::Analytics).await?;
    page.width = Width::Full;
    page.actions = view::periods(words, &workspace.slug, period);
    Ok(Answer::page(page.render(&view::body(words, &analytics))))
}

pub(super) async fn list(
    app: AppRef,
    actor: Actor,
    workspace: Workspace,
    screen: Screen,
    query: Option<web::Query<Query>>,
) -> Answered {
    let (period, sort) = asked(query.as_deref());
    let words = screen.words();
    let days = period.days(screen.now().date());
    let bounds = bounds(&days, &workspace);
    let posts = match (bounds.first(), bounds.last()) {
        (Some((from, _)), Some((_, to))) => metrics::posts(&app, &actor, *from, *to).await?,
        _ => Vec::new(),
    };
    let marks = Marks::read(&app, workspace.id).await?;
    let all = posts.len();
    let sorted = digest::sorted(posts, sort).into_iter().take(POSTS_MAX);
    let list = PostsView {
        slug: &workspace.slug,
        period,
        sort,
        today: screen.now().date(),
        rows: rows(sorted, &workspace, &marks),
        all,
    };
    let mut page = frame::page(&app, &actor, &screen, words.say("analytics-posts-title"), Place::Analytics).await?;
    page.width = Width::Full;
    page.back = Some(period.href(&workspace.slug));
    Ok(Answer::page(page.render(&view::posts(words, &list))))
}

fn asked(query: Option<&Query>) -> (Period, Sort) {
    query.map(|query| (query.period(), query.sort())).unwrap_or_default()
}

/// When each of these days begins and ends.
fn bounds(days: &[Date], workspace: &Workspace) -> Vec<(At, At)> {
    days.iter().map(|date| zone::day(*date, &workspace.zone)).collect()
}

fn rows(posts: impl Iterator<Item = PostFigures>, workspace: &Workspace, marks: &Marks) -> Vec<PostRow> {
    let row = |post: PostFigures| PostRow {
        post: post.post,
        at: workspace.local(post.at),
        engagement: metrics::engagement(&post.counts),
        views: post.counts.views,
        marks: marks.marks(&post.channels),
        excerpt: post.excerpt,
    };
    posts.map(row).collect()
}

/// What the networks of this workspace do not tell, each network once.
async fn untold(app: &AppRef, workspace: &Workspace) -> Result<Vec<Untold>, Failure> {
    let mut found: Vec<Untold> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for channel in channels::list(app, workspace.id).await? {
        let Some(network) = app.networks.find(&channel.network) else { continue };
        if seen.contains(&channel.network) {
            continue;
        }
        seen.push(channel.network.clone());
        found.extend(digest::untold(network.title(), &network.capabilities(&channel.settings)));
    }
    Ok(found)
}
