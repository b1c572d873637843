//! Key moments of a session in a line.

use pages::format::clip_words;
use pages::words;
use replay::{Moment, MomentKind};

/// Longest label of a moment, characters: about three lines of the panel.
pub(crate) const MAX_LABEL_CHARS: usize = 120;

/// A key moment with how often it happened: `5× Rage click on "Pay"`, `Opened /cart`
pub(crate) fn line(moment: &Moment) -> String {
    let label = words::moment(moment);
    match moment.count {
        // Edited fields are counted in words already.
        _ if moment.kind == MomentKind::Input => clip_words(&label, MAX_LABEL_CHARS),
        0 | 1 => clip_words(&label, MAX_LABEL_CHARS),
        // In front, where it is seen even if the Inbox cuts the rest.
        count => format!("{count}× {}", clip_words(&label, MAX_LABEL_CHARS)),
    }
}
