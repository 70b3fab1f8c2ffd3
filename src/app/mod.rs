//! What every capability is handed: store, clock, ids, outgoing HTTP, networks, settings, sealing, wake-up calls.
//!
//! There is one [`App`] in a process, made by `boot` and shared by handlers and workers. Nothing in Belfry is global.

mod answering;
mod files;
mod hashing;
mod kicks;
mod live;
mod wishes;

use std::sync::Arc;

pub use answering::{ANSWERING_FOR, Answering};
pub use files::Files;
pub use hashing::Hashing;
pub use kicks::{Kicks, Worker};
pub use live::{Behind, Change, Live, Seen};
pub use wishes::{Wish, Wishes};

use tokio_util::sync::CancellationToken;

use crate::base::clock::Clock;
use crate::base::id::Ids;
use crate::base::seal::Sealer;
use crate::config::Config;
use crate::networks::Registry;
use crate::networks::client::Client;
use crate::store::Store;
use crate::words::Words;

/// Everything a capability needs from outside itself. Cheap to clone: all clones share the same.
#[derive(Clone, Debug)]
pub struct App {
    /// The rows.
    pub store: Store,
    /// Time.
    pub clock: Clock,
    /// New ids.
    pub ids: Ids,
    /// Requests to the outside.
    pub client: Client,
    /// The networks this server knows.
    pub networks: Arc<Registry>,
    /// What the person who runs this server set.
    pub config: Arc<Config>,
    /// Seals and opens secrets, signs what must come back unchanged.
    pub sealer: Sealer,
    /// Wakes workers.
    pub kicks: Kicks,
    /// Tells the live pages.
    pub live: Live,
    /// Others' pictures that a page would show.
    pub wishes: Wishes,
    /// Who is writing an answer.
    pub answering: Answering,
    /// Turns at hashing passwords: one at a time.
    pub hashing: Hashing,
    /// Where things lie in the data folder.
    pub files: Files,
    /// The catalogue of words.
    pub words: Arc<Words>,
    /// Names this run of the program: a claim of another run is settled.
    pub boot: u128,
    /// Held while credentials are renewed: one at a time.
    pub renewing: Arc<tokio::sync::Mutex<()>>,
    /// Cancelled when Belfry is to stop; streams and workers end then.
    pub stop: CancellationToken,
}
