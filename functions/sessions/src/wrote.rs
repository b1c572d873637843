//! Where somebody wrote while they were recorded: conversations that began during a session.

use identity::SessionId;
use jiff::{SignedDuration, Timestamp};
use mirror::{Moment, MomentKind, What};
use pages::format;
use pages::sign_in::SignedIn;
use replay::Summary;
use serde::Serialize;

use crate::access::Viewer;
use crate::context::PageContext;

/// Most contacts of a session that are looked at: hardly ever more than one has its names.
const MAX_CONTACTS: usize = 3;

/// Most conversations of a contact that are looked at, the last before the session's end.
const MAX_CONVERSATIONS: usize = 10;

/// Longest title, characters.
const MAX_TITLE_CHARS: usize = 120;

/// A conversation's beginning, as a moment of the recording.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Wrote {
    /// Milliseconds from the session's start.
    at_ms: u64,
    kind: &'static str,
    label: &'static str,
    text: String,
    /// Its page.
    link: String,
}

/// Where they wrote, for an admin: whoever else looks may know nothing of conversations. A recording plays
/// without it, so a table that does not answer is passed over.
pub(crate) async fn find(
    context: &PageContext<'_>,
    viewer: &Viewer,
    (session, summary): (&SessionId, &Summary),
) -> Vec<Wrote> {
    let Some(admin) = viewer.as_admin() else {
        return Vec::new();
    };
    match moments(context, admin, session, summary).await {
        Ok(moments) => {
            let wrote = moments.iter();
            let mut wrote: Vec<_> = wrote
                .filter_map(|moment| Wrote::of(moment, summary))
                .collect();
            wrote.sort_by(|one, other| (one.at_ms, &one.link).cmp(&(other.at_ms, &other.link)));
            // Several contacts may take part in one.
            wrote.dedup_by(|next, kept| next.link == kept.link);
            wrote
        }
        Err(error) => {
            tracing::warn!(%error, "where somebody wrote is not known");
            Vec::new()
        }
    }
}

async fn moments(
    context: &PageContext<'_>,
    admin: &SignedIn,
    session: &SessionId,
    summary: &Summary,
) -> Result<Vec<Moment>, mirror::Error> {
    let organization = &admin.sign_in.organization;
    let mirror = &context.state.mirror;
    let mirror = mirror.of(organization, &admin.connection.workspace);
    let contacts = mirror.moments().contacts_of_session(session, MAX_CONTACTS);
    // Intercom counts seconds.
    let end = summary.ended_at + SignedDuration::from_secs(1);
    let of = |contact: String| {
        let moments = mirror.moments();
        async move {
            let kind = MomentKind::Conversation;
            moments
                .of_contact(&contact, kind, Some(end), MAX_CONVERSATIONS, context.now)
                .await
        }
    };
    let found = contacts.await?.into_iter().map(of);
    Ok(futures::future::try_join_all(found).await?.concat())
}

impl Wrote {
    /// `None` of what began before the session.
    fn of(moment: &Moment, summary: &Summary) -> Option<Self> {
        let What::Conversation { title, .. } = &moment.what else {
            return None;
        };
        let second = |at: Timestamp| at.as_second();
        if second(moment.at) < second(summary.started_at) {
            return None;
        }
        let into = moment.at.duration_since(summary.started_at).as_millis();
        let id: String = form_urlencoded::byte_serialize(moment.id.as_bytes()).collect();
        let title = title.as_deref().unwrap_or("Wrote");
        Some(Self {
            at_ms: u64::try_from(into).unwrap_or(0),
            kind: "wrote",
            label: "Conversation",
            text: format::clip(title, MAX_TITLE_CHARS),
            link: format!("/conversations/{}", id.replace('+', "%20")),
        })
    }
}
