//! Which chunks a run takes, which gaps it skips, and what it leaves.

use store::{ChunkManifest, Gap};

/// Chunks of one run at most: some ten seconds' work at the latency of the bucket.
pub(crate) const MAX_CHUNKS_PER_RUN: usize = 200;

/// Bytes of one run at most, for the memory they take. A single chunk may be larger.
const MAX_BYTES_PER_RUN: u64 = 32 << 20;

/// A step of a run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// Go on without these chunks.
    Skip(Gap),
    /// Take this chunk.
    Take(Box<ChunkManifest>),
}

impl Step {
    /// The first number after it.
    pub(crate) fn until(&self) -> u32 {
        match self {
            Self::Skip(gap) => gap.until,
            Self::Take(chunk) => chunk.seq.saturating_add(1),
        }
    }
}

/// What a run leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Nothing: it takes all there is.
    Nothing,
    /// More than one run should do.
    More,
    /// Chunks beyond a gap that may still be filled.
    Gap,
}

/// The plan of a run from `next_seq`, when `listed` are the first [`MAX_CHUNKS_PER_RUN`] chunks from there.
pub(crate) fn plan(
    next_seq: u32,
    listed: Vec<ChunkManifest>,
    may_skip: impl Fn(Gap) -> bool,
) -> (Vec<Step>, Rest) {
    let full = listed.len() >= MAX_CHUNKS_PER_RUN;
    let mut steps = Vec::with_capacity(listed.len());
    let mut expected = next_seq;
    let mut bytes = 0;
    for chunk in listed {
        if bytes > 0 && bytes + chunk.bytes > MAX_BYTES_PER_RUN {
            return (steps, Rest::More);
        }
        let gap = Gap {
            from: expected,
            until: chunk.seq,
        };
        if gap.from < gap.until {
            if !may_skip(gap) {
                return (steps, Rest::Gap);
            }
            steps.push(Step::Skip(gap));
        }
        expected = chunk.seq.saturating_add(1);
        bytes += chunk.bytes;
        steps.push(Step::Take(Box::new(chunk)));
    }
    (steps, if full { Rest::More } else { Rest::Nothing })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(seq: u32, bytes: u64) -> ChunkManifest {
        let manifest = format!(
            r#"{{"seq":{seq},"sha256":"","bytes":{bytes},"events":1,"object":"o","has_full_snapshot":false,
                "stored_at":0,"expires":0}}"#
        );
        serde_json::from_str(&manifest).unwrap()
    }

    fn chunks(numbers: &[u32]) -> Vec<ChunkManifest> {
        numbers.iter().map(|seq| chunk(*seq, 10)).collect()
    }

    /// Taken numbers and, as negative pairs' places, skipped gaps: `3`, `5..7`.
    fn spelled(steps: &[Step]) -> Vec<String> {
        steps
            .iter()
            .map(|step| match step {
                Step::Take(chunk) => chunk.seq.to_string(),
                Step::Skip(gap) => format!("{}..{}", gap.from, gap.until),
            })
            .collect()
    }

    #[test]
    fn a_run_takes_what_follows_without_a_gap_and_skips_only_what_it_may() {
        let never: fn(Gap) -> bool = |_| false;
        let always: fn(Gap) -> bool = |_| true;
        for (from, listed, may_skip, steps, rest) in [
            (0, &[][..], never, &[][..], Rest::Nothing),
            (0, &[0, 1, 2], never, &["0", "1", "2"], Rest::Nothing),
            (3, &[3, 4], never, &["3", "4"], Rest::Nothing),
            (0, &[0, 1, 3], never, &["0", "1"], Rest::Gap),
            (0, &[1], never, &[], Rest::Gap),
            (
                0,
                &[1, 2, 5],
                always,
                &["0..1", "1", "2", "3..5", "5"],
                Rest::Nothing,
            ),
        ] {
            let (planned, left) = plan(from, chunks(listed), may_skip);
            assert_eq!(spelled(&planned), steps, "{listed:?}");
            assert_eq!(left, rest, "{listed:?}");
        }
    }

    #[test]
    fn a_run_is_bounded_in_chunks_and_bytes_but_always_takes_one() {
        let numbers: Vec<u32> = (0..MAX_CHUNKS_PER_RUN as u32).collect();
        assert_eq!(plan(0, chunks(&numbers), |_| false).1, Rest::More);

        let large = vec![chunk(0, MAX_BYTES_PER_RUN + 1), chunk(1, 1)];
        let (steps, rest) = plan(0, large, |_| false);
        assert_eq!((spelled(&steps), rest), (vec!["0".to_owned()], Rest::More));

        let halves = vec![
            chunk(0, MAX_BYTES_PER_RUN / 2),
            chunk(1, MAX_BYTES_PER_RUN / 2),
            chunk(2, 1),
        ];
        let (steps, rest) = plan(0, halves, |_| false);
        assert_eq!((steps.len(), rest), (2, Rest::More));
    }
}
