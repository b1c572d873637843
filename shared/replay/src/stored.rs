//! A summary as it stands in a row of a table, which is paid for by the kilobyte.
//!
//! The problems of a visit follow from its timeline, unless something had to be left out of that. Then they
//! are not written a second time, which would be a third of the row.

use crate::problems::problems;
use crate::summary::Summary;

impl Summary {
    /// As JSON, without what follows from the rest.
    ///
    /// # Errors
    /// When it cannot be written, which no summary of ours is the cause of.
    pub fn to_stored(&self) -> serde_json::Result<String> {
        if !self.is_told_whole() || self.problems != problems(&self.timeline) {
            return serde_json::to_string(self);
        }
        serde_json::to_string(&Self {
            problems: Vec::new(),
            ..self.clone()
        })
    }

    /// Reads what [`Summary::to_stored`] has written, now or before there were problems.
    ///
    /// # Errors
    /// When it is no summary.
    pub fn from_stored(json: &str) -> serde_json::Result<Self> {
        let mut summary: Self = serde_json::from_str(json)?;
        if summary.problems.is_empty() && summary.is_told_whole() {
            summary.problems = problems(&summary.timeline);
        }
        Ok(summary)
    }

    /// Whether nothing had to be left out of the timeline.
    fn is_told_whole(&self) -> bool {
        self.timeline.len() as u64 == self.timeline_total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(visit: &visits::Visit) -> Summary {
        crate::summarize(&visit.payload()).unwrap().unwrap()
    }

    #[test]
    fn what_is_stored_is_read_as_it_was() {
        for (visit, is_shorter) in [
            (visits::trouble_every(75, 10 * 60), true),
            (visits::one_error_again_and_again(6, 10), true),
            (visits::trouble_every(20, 75 * 60), false),
            (visits::differing_errors(300), false),
        ] {
            let summary = summary(&visit);
            let stored = summary.to_stored().unwrap();
            assert_eq!(Summary::from_stored(&stored).unwrap(), summary);
            let whole = serde_json::to_string(&summary).unwrap();
            assert_eq!(stored.len() < whole.len(), is_shorter, "{}", stored.len());
        }
    }

    #[test]
    fn what_was_stored_before_there_were_problems_is_still_read() {
        let summary = summary(&visits::idle_in_the_middle(1));
        let mut former = serde_json::to_value(&summary).unwrap();
        for added in ["story", "problems", "timeline_total"] {
            former.as_object_mut().unwrap().remove(added);
        }
        for row in former["timeline"].as_array_mut().unwrap() {
            row.as_object_mut().unwrap().remove("fingerprint");
        }
        let read = Summary::from_stored(&former.to_string()).unwrap();
        assert_eq!(read.counts, summary.counts);
        assert!(read.problems.is_empty() && read.story.is_empty());
        assert_eq!(read.timeline.len(), summary.timeline.len());
    }
}
