use jiff::ToSpan;
use jiff::civil::date;

use super::*;
use crate::base::clock::At;
use crate::networks::Counts;
use crate::posts::PostId;

fn post(id: u128, reactions: Option<u64>, views: Option<u64>) -> PostFigures {
    PostFigures {
        post: PostId::from_bits(id),
        excerpt: format!("Post {id}"),
        at: At::from_millis(i64::try_from(id).unwrap()),
        channels: Vec::new(),
        counts: Counts { reactions, views, ..Counts::default() },
    }
}

fn days(count: usize) -> Vec<Date> {
    date(2026, 1, 1).series(1.day()).take(count).collect()
}

#[test]
fn a_short_period_is_shown_by_days_and_a_long_one_by_weeks() {
    let (steps_of, weeks) = steps(&days(30), &[Some(1); 30], &[None; 30]);
    assert_eq!((steps_of.len(), weeks, steps_of[0].now, steps_of[0].before), (30, false, Some(1), None));
    let mut now = vec![None; 60];
    (now[0], now[6], now[7]) = (Some(3), Some(4), Some(0));
    let (steps_of, weeks) = steps(&days(60), &now, &[Some(1); 60]);
    assert_eq!((steps_of.len(), weeks), (9, true));
    assert_eq!(steps_of[0], Step { from: date(2026, 1, 1), now: Some(7), before: Some(7) });
    assert_eq!(steps_of[1], Step { from: date(2026, 1, 8), now: Some(0), before: Some(7) });
    assert_eq!(steps_of[2].now, None);
}

#[test]
fn posts_without_figures_come_last_and_equals_by_the_newest() {
    let posts = vec![post(1, Some(5), None), post(2, None, Some(9)), post(3, Some(5), Some(1)), post(4, Some(0), None)];
    let order = |sort| sorted(posts.clone(), sort).iter().map(|post| post.post.bits()).collect::<Vec<_>>();
    assert_eq!(order(Sort::Engagement), [3, 1, 4, 2]);
    assert_eq!(order(Sort::Views), [2, 3, 4, 1]);
    assert_eq!(order(Sort::Date), [4, 3, 2, 1]);
}

#[test]
fn weekdays_are_compared_by_their_middle_post() {
    let posts = [post(7, Some(1), None), post(14, Some(9), None), post(21, Some(2), None), post(3, None, None)];
    let found = weekdays(&posts, |post| usize::try_from(post.post.bits() % 7).unwrap());
    assert_eq!(found[0], Weekday { median: Some(2), posts: 3 });
    assert!(!found[0].is_thin() && found[3].is_thin());
    assert_eq!(found[3].median, None);
}
