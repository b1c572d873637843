//! rrweb events in, a session summary out. Pure: no I/O, no clock, no async.
//!
//! The way of an event:
//!
//! | module | what it does |
//! |---|---|
//! | `recorders` | finds events in the body of whatever recorder wrote it (`inflate`: what is packed) |
//! | `chunk` | what can be said of a chunk by itself; its events as plain ones |
//! | `event` | parses events in one pass (with `json`, which builds nothing); packs those that wait |
//! | `sequence` | puts events in order, drops repeated ones and broken clocks |
//! | `fold` | hands each event to the parts of the summary |
//! | `document`, `clicks`, `pages`, `activity`, `trouble`, `device` | the parts |
//! | `rhythm` | what would have happened without the visitor |
//! | `told` | what the recorder tells at all |
//! | `analyzer`, `timeline`, `moment`, `problems`, `story`, `summary` | the public JSON, of the parts |
//! | `fingerprint` | what makes a problem the same at other people |
//! | `spread` | what is kept where there is no room for all |
//! | `stored` | the summary as it stands in a row |
//! | `playback` | what a player gets of a chunk |
//! | `masking` | what another recorder records in clear becomes what ours would have recorded |
//! | `privacy` | what may leave a recording |
//! | `definitions` | every number, with its reason (what the words mean: `README.md`) |
//!
//! ```
//! let recording = br#"[{"type":4,"data":{"href":"https://shop.example/?utm=1","width":1280,"height":800},
//!                       "timestamp":1795215107989}]"#;
//! let summary = replay::summarize(recording)?.expect("there is an event");
//! assert_eq!(summary.landing_url.as_deref(), Some("https://shop.example/"));
//! # Ok::<(), replay::ChunkError>(())
//! ```

mod activity;
mod analyzer;
mod chunk;
mod clicks;
pub mod definitions;
mod device;
mod document;
mod error;
mod event;
mod fingerprint;
mod fold;
mod inflate;
mod json;
mod masking;
mod moment;
mod pages;
mod playback;
mod privacy;
mod problems;
mod recorders;
mod rhythm;
mod sequence;
mod spread;
mod stored;
mod story;
mod summary;
mod timeline;
mod told;
mod trouble;
mod urgency;

pub use analyzer::{Analyzer, summarize};
pub use chunk::{ChunkFacts, inspect_chunk, plain_events};
pub use error::{ChunkError, StateError};
pub use fingerprint::Fingerprint;
pub use masking::{Editables, Masked, Sender, mask};
pub use moment::{Moment, MomentKind};
pub use playback::{Piece, Stored, events_of_piece};
pub use problems::Problem;
pub use summary::{Counts, Device, NotRecorded, Page, Summary, Viewport};
pub use timeline::{Timeline, most_telling};
pub use trouble::{Line, LineLevel, Log, LoggedRequest, RequestOutcome, read_log};
pub use urgency::{EdgeClicks, Urgency};
