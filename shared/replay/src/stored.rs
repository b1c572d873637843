//! A summary as it stands in a row of a table, which is paid for by the kilobyte.
//!
//! The problems and the story of a visit follow from its timeline, unless something had to be left out of
//! that. Then they are not written a second time, which would be a third of the row.

use serde_json::Value;

use crate::problems::problems;
use crate::story::{Visit, story};
use crate::summary::Summary;

/// The definitions that know of problems and stories.
const FIRST_WITH_STORY: u32 = 3;

impl Summary {
    /// As JSON, without what follows from the rest.
    ///
    /// # Errors
    /// When it cannot be written, which no summary of ours is the cause of.
    pub fn to_stored(&self) -> serde_json::Result<String> {
        let mut value = serde_json::to_value(self)?;
        let follows = [
            ("timeline_total", true),
            ("problems", self.problems == problems(&self.timeline)),
            ("story", self.story == self.retold()),
        ];
        if let Value::Object(summary) = &mut value
            && self.definitions >= FIRST_WITH_STORY
            && self.timeline.len() as u64 == self.timeline_total
        {
            for (field, follows) in follows {
                if follows {
                    summary.remove(field);
                }
            }
        }
        if let Some(Value::Array(rows)) = value.get_mut("timeline") {
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                // As `Moment` reads it as well: there are many of them.
                if let Some(fingerprint) = row.remove("fingerprint") {
                    row.insert("f".to_owned(), fingerprint);
                }
            }
        }
        serde_json::to_string(&value)
    }

    /// Reads what [`Summary::to_stored`] has written, now or before there were problems.
    ///
    /// # Errors
    /// When it is no summary.
    pub fn from_stored(json: &str) -> serde_json::Result<Self> {
        let mut summary: Self = serde_json::from_str(json)?;
        if summary.definitions < FIRST_WITH_STORY {
            return Ok(summary);
        }
        let told = summary.timeline.len() as u64;
        if summary.timeline_total == 0 {
            summary.timeline_total = told;
        }
        if summary.timeline_total == told {
            if summary.problems.is_empty() {
                summary.problems = problems(&summary.timeline);
            }
            if summary.story.is_empty() {
                summary.story = summary.retold();
            }
        }
        Ok(summary)
    }

    /// The story by what is in the summary.
    fn retold(&self) -> String {
        story(Visit {
            moments: &self.timeline,
            pages: &self.pages,
            duration_ms: self.duration_ms,
            active_ms: self.active_ms,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::VERSION;

    fn summary(visit: &visits::Visit) -> Summary {
        crate::summarize(&visit.payload()).unwrap().unwrap()
    }

    const _: () = assert!(VERSION >= FIRST_WITH_STORY);

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
            let is_a_third_shorter = stored.len() < whole.len() * 3 / 4;
            assert_eq!(is_a_third_shorter, is_shorter, "{}", stored.len());
        }
    }

    #[test]
    fn what_was_stored_before_there_were_problems_is_still_read() {
        let summary = summary(&visits::idle_in_the_middle(1));
        let mut former = serde_json::to_value(&summary).unwrap();
        for added in ["story", "problems", "timeline_total"] {
            former.as_object_mut().unwrap().remove(added);
        }
        former["definitions"] = 2.into();
        for row in former["timeline"].as_array_mut().unwrap() {
            row.as_object_mut().unwrap().remove("fingerprint");
        }
        let read = Summary::from_stored(&former.to_string()).unwrap();
        assert_eq!(read.counts, summary.counts);
        assert!(read.problems.is_empty() && read.story.is_empty());
        assert_eq!(read.timeline.len(), summary.timeline.len());
    }
}
