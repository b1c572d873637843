//! What was clicked: the ids of our components, written and read in one place.

use std::fmt;

use store::SessionCursor;

/// What a click asks for. Its text is the clicked component's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// The list of sessions, where the teammate left it; also what an initialize request asks for.
    Sessions,
    /// More of the list.
    More,
    /// Back towards the newer end of the list.
    Newer,
    /// One session's details.
    Session(SessionCursor),
    /// The link to one session, to copy.
    Link(SessionCursor),
}

impl Target {
    /// Reads a component's id; `None` when no canvas of ours has it (any more).
    pub(crate) fn parse(id: &str) -> Option<Self> {
        Some(match id.split_once(':') {
            None if id == "sessions" => Self::Sessions,
            None if id == "more" => Self::More,
            None if id == "newer" => Self::Newer,
            Some(("session", cursor)) => Self::Session(SessionCursor::parse(cursor).ok()?),
            Some(("link", cursor)) => Self::Link(SessionCursor::parse(cursor).ok()?),
            _ => return None,
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sessions => formatter.write_str("sessions"),
            Self::More => formatter.write_str("more"),
            Self::Newer => formatter.write_str("newer"),
            Self::Session(cursor) => write!(formatter, "session:{cursor}"),
            Self::Link(cursor) => write!(formatter, "link:{cursor}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_that_is_written_is_read_again() {
        let cursor = SessionCursor::parse("1795179902123:a:b.c").unwrap();
        for target in [
            Target::Sessions,
            Target::More,
            Target::Newer,
            Target::Session(cursor.clone()),
            Target::Link(cursor),
        ] {
            assert_eq!(Target::parse(&target.to_string()), Some(target));
        }
    }

    #[test]
    fn foreign_ids_ask_for_nothing() {
        for id in [
            "",
            "rec:1",
            "session",
            "session:",
            "session:x:a",
            "session:1:a/b",
            "more:1",
            "Sessions",
        ] {
            assert_eq!(Target::parse(id), None, "{id}");
        }
    }
}
