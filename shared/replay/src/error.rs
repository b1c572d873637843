//! What can be wrong with a chunk or with a stored state.

/// Why a chunk cannot be read. The text is safe to show to whoever sent it: it holds nothing of the
/// recording.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// The payload is not text.
    #[error("the chunk is not UTF-8 (first bad byte at {at})")]
    NotUtf8 {
        /// Bytes from the start of the payload.
        at: usize,
    },
    /// The payload is not JSON.
    #[error("the chunk is not valid JSON: expected {expected} at byte {at}")]
    Malformed {
        /// What would have been right.
        expected: &'static str,
        /// Bytes from the start of the payload, or of the unpacked event.
        at: usize,
    },
    /// The JSON is nested too deeply.
    #[error("the chunk nests JSON deeper than {limit} levels")]
    TooDeep {
        /// Levels that are allowed.
        limit: u16,
    },
    /// It is JSON, but not events.
    #[error(
        "the chunk is not a list of rrweb events: send a JSON array, JSON lines, packed events, or the body of a \
         recorder that wraps such events"
    )]
    NotEvents,
    /// It is a recording, but in another format than rrweb's.
    #[error("the chunk is a recording in {format}, not in rrweb's: it cannot be read")]
    NotRrweb {
        /// Whose format it is.
        format: &'static str,
    },
    /// A packed event or field cannot be inflated.
    #[error("a packed event cannot be inflated: its bytes are damaged or cut off")]
    BrokenPack,
    /// What is packed in the chunk is larger than a chunk may be.
    #[error("the packed events unpack to more than {limit} bytes: send smaller chunks")]
    TooLarge {
        /// Bytes that are allowed.
        limit: usize,
    },
}

/// A [`ChunkError`] on its way up. Parsing returns a result for every value: one pointer wide, it stays in a
/// register.
pub(crate) type Fault = Box<ChunkError>;

/// Why a stored state cannot be taken up again. The way out is to fold the chunks again from the first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Written under other definitions or by another version of the analyzer.
    #[error("the state has version {found}, this analyzer writes {expected}")]
    OtherVersion {
        /// Version of the stored state.
        found: u32,
        /// Version that this analyzer reads.
        expected: u32,
    },
    /// The bytes are damaged.
    #[error("the state is damaged")]
    Damaged,
}
