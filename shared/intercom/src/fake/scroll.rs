//! Scrolls through the companies of a workspace: one at a time.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

/// The scrolls by workspace.
#[derive(Debug, Clone, Default)]
pub(super) struct Scrolls(BTreeMap<String, Scroll>);

#[derive(Debug, Clone)]
struct Scroll {
    /// The same on every page.
    param: String,
    position: usize,
    last_at: Timestamp,
}

/// Why nobody can scroll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoScroll {
    /// Somebody else does.
    Taken,
    /// It took too long, or never was.
    Unknown,
}

impl Scrolls {
    /// Begins a scroll, or goes on with one by `size`: its parameter, and the position where the page begins.
    pub(super) fn next(
        &mut self,
        workspace: &str,
        param: Option<&str>,
        size: usize,
        (now, idle): (Timestamp, SignedDuration),
    ) -> Result<(String, usize), NoScroll> {
        self.0.retain(|_, scroll| now < scroll.last_at + idle);
        let Some(param) = param else {
            if self.0.contains_key(workspace) {
                return Err(NoScroll::Taken);
            }
            let param = format!("{workspace}-{:x}", now.as_nanosecond());
            let scroll = Scroll {
                param: param.clone(),
                position: size,
                last_at: now,
            };
            self.0.insert(workspace.to_owned(), scroll);
            return Ok((param, 0));
        };
        let scroll = self.0.get_mut(workspace);
        let scroll = scroll.filter(|scroll| scroll.param == param);
        let scroll = scroll.ok_or(NoScroll::Unknown)?;
        let position = scroll.position;
        scroll.position += size;
        scroll.last_at = now;
        Ok((param.to_owned(), position))
    }

    /// Ends the scroll of a workspace.
    pub(super) fn end(&mut self, workspace: &str) {
        self.0.remove(workspace);
    }
}
