//! The analyzer, taken up at the last checkpoint.
//!
//! From there a run folds the chunks that earlier runs have taken once more, then those that are new. Small
//! ones are read with the listing itself, so this costs next to nothing; once there are many, or large ones,
//! the analyzer's state is kept, and is the next checkpoint.

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use replay::{Analyzer, Summary};
use store::{ChunkManifest, Gap, Progress, Recordings, Store};

use crate::plan::Step;

/// Chunks read ahead of the one being analyzed.
const CHUNKS_READ_AHEAD: usize = 4;

/// Gaps of a session that are remembered, and closed should their chunks come after all. Later ones are
/// skipped for good: only a broken recorder has so many, and the row must not grow with them.
const MAX_GAPS: usize = 20;

/// So many chunks are folded again at most: less than a run lists, so that it always comes to new ones.
/// Reading them costs about half of what keeping a state does.
const MAX_CHUNKS_SINCE_CHECKPOINT: u32 = 100;

/// So many bytes of chunks, unpacked, are folded again at most: some five objects of the bucket, or what fits
/// into as many rows as there may be.
const MAX_BYTES_SINCE_CHECKPOINT: u64 = 512 << 10;

/// So many bytes of rows are read again at most: some thirty read units, less than what a PUT costs.
const MAX_ROW_BYTES_SINCE_CHECKPOINT: u64 = 128 << 10;

/// What has been folded since the checkpoint.
#[derive(Debug, Clone, Copy, Default)]
struct Tail {
    chunks: u32,
    /// Unpacked.
    bytes: u64,
    /// Packed, in rows.
    row_bytes: u64,
    /// Something that the next run could not know: then it has to begin after it.
    is_unrepeatable: bool,
}

/// A session being summarized.
pub(crate) struct Fold {
    pub(crate) analyzer: Analyzer,
    /// The first chunk that has not been taken.
    pub(crate) next_seq: u32,
    /// The summary that stands, as soon as it is reached; `None` when it is not.
    pub(crate) before: Option<Summary>,
    /// The first chunk that the summary that stands does not cover.
    summarized: u32,
    since_checkpoint: Tail,
    /// When the last chunk taken had arrived.
    pub(crate) received_at: Option<Timestamp>,
    /// Gaps that have been skipped on the way to `next_seq`.
    skipped: Vec<Gap>,
    /// Gaps beyond `next_seq` that an earlier fold had skipped: no reason to wait for them again.
    given_up: Vec<Gap>,
}

impl Fold {
    /// Takes up the session at its last checkpoint; at the first chunk when there is none, when it cannot be
    /// read (another version of the analyzer wrote it), or when a chunk has come for a gap that had been
    /// skipped before it.
    pub(crate) async fn take_up(
        recordings: &Recordings,
        progress: &Progress,
    ) -> Result<Self, store::Error> {
        let beginning = Self {
            analyzer: Analyzer::default(),
            next_seq: 0,
            before: None,
            summarized: progress.next_seq,
            since_checkpoint: Tail::default(),
            received_at: None,
            skipped: Vec::new(),
            given_up: progress.skipped.clone(),
        };
        let Some(checkpoint) = &progress.checkpoint else {
            return Ok(beginning);
        };
        let (skipped, given_up): (Vec<Gap>, _) = progress
            .skipped
            .iter()
            .partition(|gap| gap.until <= checkpoint.next_seq);
        if !is_filled(recordings.store(), progress, &skipped).await?
            && let Some(analyzer) = stored_analyzer(recordings, progress).await?
        {
            let is_reached = checkpoint.next_seq == progress.next_seq;
            return Ok(Self {
                before: analyzer.summary().filter(|_| is_reached),
                analyzer,
                next_seq: checkpoint.next_seq,
                skipped,
                given_up,
                ..beginning
            });
        }
        Ok(Self {
            // All of it is new, and the checkpoint that there is leads nowhere.
            summarized: 0,
            since_checkpoint: Tail {
                is_unrepeatable: true,
                ..Tail::default()
            },
            ..beginning
        })
    }

    /// Whether these steps lead to another summary than the one that stands.
    pub(crate) fn has_news(&self, steps: &[Step]) -> bool {
        steps.iter().any(|step| match step {
            Step::Skip(gap) => !self.has_given_up(*gap),
            Step::Take(chunk) => chunk.seq >= self.summarized || self.was_missing(chunk.seq),
        })
    }

    fn was_missing(&self, seq: u32) -> bool {
        let mut gaps = self.given_up.iter();
        gaps.any(|gap| (gap.from..gap.until).contains(&seq))
    }

    /// Whether the next run should begin here.
    pub(crate) fn is_due_for_a_checkpoint(&self) -> bool {
        let tail = self.since_checkpoint;
        tail.is_unrepeatable
            || tail.chunks >= MAX_CHUNKS_SINCE_CHECKPOINT
            || tail.bytes >= MAX_BYTES_SINCE_CHECKPOINT
            || tail.row_bytes >= MAX_ROW_BYTES_SINCE_CHECKPOINT
    }

    /// Whether the gap, or one around it, has been given up before.
    pub(crate) fn has_given_up(&self, gap: Gap) -> bool {
        self.given_up
            .iter()
            .any(|given_up| given_up.from <= gap.from && gap.until <= given_up.until)
    }

    /// Follows a plan. A chunk that cannot be read leaves the summary incomplete, and the rest goes on.
    pub(crate) async fn follow(
        &mut self,
        recordings: &Recordings,
        steps: Vec<Step>,
    ) -> Result<(), store::Error> {
        let mut read = stream::iter(steps)
            .map(|step| async move {
                match step {
                    Step::Skip(gap) => Ok(Loaded::Skip(gap)),
                    Step::Take(chunk) => {
                        let payload = payload(recordings, &chunk).await?;
                        Ok::<_, store::Error>(Loaded::Take(chunk, payload))
                    }
                }
            })
            .buffered(CHUNKS_READ_AHEAD);
        while let Some(step) = read.try_next().await? {
            match step {
                Loaded::Skip(gap) => {
                    self.analyzer.skip_gap();
                    match self.skipped.len() < MAX_GAPS {
                        true => self.skipped.push(gap),
                        false => self.since_checkpoint.is_unrepeatable = true,
                    }
                }
                Loaded::Take(chunk, payload) => self.take(&chunk, payload.as_deref()),
            }
        }
        Ok(())
    }

    fn take(&mut self, chunk: &ChunkManifest, payload: Option<&[u8]>) {
        match payload {
            Some(payload) => {
                if let Err(error) = self.analyzer.push_chunk(payload) {
                    tracing::warn!(chunk.seq = chunk.seq, %error, "a chunk was taken in part only");
                }
            }
            None => self.analyzer.skip_gap(),
        }
        if chunk.seq < self.summarized && self.was_missing(chunk.seq) {
            // What stands is a summary without it.
            self.summarized = 0;
        }
        self.next_seq = chunk.seq.saturating_add(1);
        if self.next_seq == self.summarized {
            self.before = self.analyzer.summary();
        }
        self.since_checkpoint.chunks += 1;
        self.since_checkpoint.bytes += chunk.bytes;
        self.since_checkpoint.row_bytes += chunk.row_bytes();
        self.received_at = self.received_at.max(Some(chunk.stored_at));
    }

    /// All gaps to remember: those skipped, and those given up that still lie ahead.
    pub(crate) fn gaps(&self) -> Vec<Gap> {
        let ahead = |gap: &&Gap| gap.until > self.next_seq;
        let ahead = self.given_up.iter().filter(ahead).copied();
        self.skipped.iter().copied().chain(ahead).collect()
    }
}

enum Loaded {
    Skip(Gap),
    /// Without a payload when the object is gone or damaged.
    Take(Box<ChunkManifest>, Option<Vec<u8>>),
}

/// Whether a chunk has come for one of these gaps.
async fn is_filled(store: &Store, progress: &Progress, gaps: &[Gap]) -> Result<bool, store::Error> {
    for gap in gaps {
        let first = store
            .of(&progress.organization)
            .sessions()
            .chunks_from(&progress.session, gap.from, 1)
            .await?;
        if first.iter().any(|chunk| chunk.seq < gap.until) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The analyzer as the last run left it; `None` when it has to start from the first chunk.
async fn stored_analyzer(
    recordings: &Recordings,
    progress: &Progress,
) -> Result<Option<Analyzer>, store::Error> {
    match recordings.read_state(progress).await {
        Ok(Some(state)) => match Analyzer::from_state(&state) {
            Ok(analyzer) => Ok(Some(analyzer)),
            Err(error) => {
                tracing::info!(%error, "a session is summarized again from its first chunk");
                Ok(None)
            }
        },
        Ok(None) => Ok(None),
        // Another run has replaced it, and this one will be outrun; or it is lost.
        Err(error) if is_lost(&error) => {
            tracing::warn!(%error, "a session is summarized again from its first chunk");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

async fn payload(
    recordings: &Recordings,
    chunk: &ChunkManifest,
) -> Result<Option<Vec<u8>>, store::Error> {
    match recordings.read_chunk(chunk).await {
        Ok(payload) => Ok(Some(payload)),
        Err(error) if is_lost(&error) => {
            tracing::error!(chunk.seq = chunk.seq, %error, "a stored chunk is lost");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Whether reading again would end the same.
fn is_lost(error: &store::Error) -> bool {
    use table::Error::{Corrupt, TooLarge, Vanished};
    matches!(
        error,
        store::Error::Table(Vanished { .. } | Corrupt { .. } | TooLarge { .. })
    )
}
