//! The first version of the API. What stands here stays: fields and addresses are added, none is taken away.

mod channels;
mod inbox;
mod media;
mod metrics;
mod posts;
mod publications;

use super::operation::Operation;

/// Every address.
pub(super) fn operations() -> Vec<Operation> {
    let areas = [
        channels::operations(),
        posts::operations(),
        publications::operations(),
        media::operations(),
        inbox::operations(),
        metrics::operations(),
    ];
    areas.into_iter().flatten().collect()
}
