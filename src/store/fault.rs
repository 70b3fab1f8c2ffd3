//! Named points in the way of a commit at which a test can make the store fail. Outside tests they are nothing.

use super::error::StoreError;

/// A point in the way of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// The group is decided, nothing is written.
    BeforeLog,
    /// The group is on disk in the log, the index does not know it.
    BeforeIndex,
}

/// The points at which this store fails; none outside tests.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    #[cfg(test)]
    armed: std::sync::Arc<std::sync::Mutex<Option<Point>>>,
}

impl Faults {
    #[cfg(not(test))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "tests make it fail")]
    pub(super) fn pass(&self, _point: Point) -> Result<(), StoreError> {
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn pass(&self, point: Point) -> Result<(), StoreError> {
        let mut armed = self.armed.lock().unwrap();
        if *armed == Some(point) {
            *armed = None;
            return Err(StoreError::Io { doing: format!("{point:?}"), reason: "a test broke the disk".to_owned() });
        }
        Ok(())
    }

    /// The next time the writer comes to the point, it fails as a broken disk would.
    #[cfg(test)]
    pub(super) fn arm(&self, point: Point) {
        *self.armed.lock().unwrap() = Some(point);
    }
}
