//! The recorded sessions of somebody, on their time line.

use identity::{Alias, ContactId};
use jiff::Timestamp;
use mirror::{AsOf, Contact, Moment, SessionLine, What};
use store::{ContactQuery, ContactRole, PageRequest, SessionRow};

use crate::import::{Importer, Stop};

/// Most sessions that somebody brings along.
const NEWEST: usize = 50;

impl Importer<'_> {
    /// Puts the sessions of a contact's people on the time line: what is certain, then what is claimed.
    pub(super) async fn join_sessions(
        &self,
        contact: &Contact,
        now: Timestamp,
    ) -> Result<(), Stop> {
        let (organization, workspace) = (&self.connection.organization, &self.connection.workspace);
        let store = &self.state.store;
        let found = store.find_contact(workspace, &query(contact)).await?;
        let page = PageRequest {
            limit: NEWEST,
            before: None,
        };
        let sessions = store.of(organization).sessions();
        for (people, is_claimed) in [(found.people(), false), (found.claimed_people(), true)] {
            if people.is_empty() {
                continue;
            }
            let listed = sessions.of_people(&people, &page, now).await?;
            for row in &listed.sessions {
                self.put_session(&contact.id, row, is_claimed, now).await?;
            }
        }
        Ok(())
    }

    async fn put_session(
        &self,
        contact: &str,
        row: &SessionRow,
        is_claimed: bool,
        now: Timestamp,
    ) -> Result<(), Stop> {
        let summary = &row.summary;
        let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let problems = summary.problems.iter();
        let moment = Moment {
            at: summary.started_at,
            id: row.session_id.to_string(),
            contact: contact.to_owned(),
            what: What::Session(SessionLine {
                story: summary.story.clone(),
                duration_ms: summary.duration_ms,
                rage_clicks: count(summary.counts.rage_clicks),
                errors: count(summary.counts.known_errors()),
                is_claimed,
                problems: problems
                    .map(|problem| problem.fingerprint.to_string())
                    .collect(),
            }),
        };
        let kept_days = i64::from(self.connection.preferences.retention_days.get());
        let expires = row.received_at.as_second() + kept_days * 86_400;
        let as_of = AsOf::new(Some(row.received_at), now);
        self.mirror
            .moments()
            .put(&moment, as_of, expires, now)
            .await?;
        Ok(())
    }
}

/// Whatever may lead to their people, surest first.
fn query(contact: &Contact) -> ContactQuery {
    let external_id = contact.external_id.as_deref();
    let named = external_id.and_then(|id| match contact.is_user {
        true => Alias::user_id(id).ok(),
        false => Alias::visitor_id(id).ok(),
    });
    let email = contact.email.as_deref();
    let email = email.and_then(|email| Alias::email(email).ok());
    ContactQuery {
        contact: ContactId::parse(&contact.id).ok(),
        role: Some(match contact.is_user {
            true => ContactRole::User,
            false => ContactRole::Lead,
        }),
        aliases: named.into_iter().chain(email).collect(),
        conversation: None,
    }
}
