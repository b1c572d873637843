//! Where a chunk's payload stands: a small one in its manifest's row, any other in the bucket.
//!
//! Most chunks are a few hundred bytes once compressed. An object costs S3's price for a PUT however small it
//! is, and a row has to be written anyhow.

use serde::{Deserialize, Serialize};
use table::Packed;

use crate::sessions::object_path::ObjectPath;
use crate::tenants::retention::RetentionDays;

/// What writing a KB of a row costs, dollars a million (infra/COST.md).
const WRITTEN_KB: f64 = 0.625;

/// What keeping a KB of a row for thirty days costs, dollars a million: a million of them are a GB
/// (infra/COST.md).
const KEPT_KB: f64 = 0.45;

/// What a PUT costs, dollars a million (infra/COST.md).
const PUT: f64 = 5.0;

/// The payload, or where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum ChunkBody {
    /// In the bucket.
    Object { object: ObjectPath },
    /// In the row itself.
    Row { packed: Packed },
}

impl ChunkBody {
    /// Whether so much, compressed, costs less in a row than in the bucket. A row costs by how long it is
    /// kept.
    pub(crate) fn belongs_in_a_row(packed: &Packed, retention: RetentionDays) -> bool {
        let kilobytes = packed.len() as f64 / 1024.0;
        let months = f64::from(retention.get()) / 30.0;
        kilobytes * (WRITTEN_KB + KEPT_KB * months) <= PUT
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn largest(days: u32) -> usize {
        let retention = RetentionDays::new(days).unwrap();
        let mut generator = 1_u64;
        // What does not compress: as many bytes at rest as there are.
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            generator = generator
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (generator >> 56) as u8
        })
        .take(8 << 10)
        .collect();
        let fits = |bytes: &usize| {
            let packed = Packed::of(&noise[..*bytes]).unwrap();
            ChunkBody::belongs_in_a_row(&packed, retention)
        };
        (0..noise.len())
            .step_by(64)
            .take_while(fits)
            .last()
            .unwrap()
    }

    #[test]
    fn the_longer_a_chunk_is_kept_the_smaller_it_must_be_to_stand_in_a_row() {
        let sizes = RetentionDays::CHOICES.map(largest);
        assert!(sizes.is_sorted_by(|a, b| a > b), "{sizes:?}");
        assert!((4_000..5_000).contains(&sizes[0]), "{sizes:?}");
        assert!((500..1_024).contains(&sizes[2]), "{sizes:?}");
    }

    proptest! {
        #[test]
        fn what_stands_in_a_row_is_far_from_what_a_row_may_hold(bytes in 0_usize..100_000) {
            let packed = Packed::of(&vec![7; bytes]).unwrap();
            prop_assert!(packed.len() <= 8 << 10 || !ChunkBody::belongs_in_a_row(&packed, RetentionDays::DEFAULT));
        }
    }
}
