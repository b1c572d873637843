//! Whose a contact is: their company, and which problems its people had, from our copy of Intercom's data.

use std::collections::BTreeSet;

use identity::ContactId;
use jiff::Timestamp;
use mirror::{Mirror, MomentKind, What};
use replay::Fingerprint;
use store::Connection;

/// Most companies of a contact of which one is chosen. Intercom allows a thousand; hardly anybody has more.
const MAX_COMPANIES: usize = 5;

/// Sessions of a company that are looked through for who had a problem, the latest.
const MAX_SESSIONS: usize = 50;

/// The company of a contact, and what its other people met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Account {
    /// Its name.
    pub(crate) name: String,
    /// The name of its plan.
    pub(crate) plan: Option<String>,
    /// Problems of other people of it, with ids of their contacts.
    pub(crate) problems: BTreeSet<(String, String)>,
}

impl Account {
    /// How many others of the company had one of these problems in its latest sessions.
    pub(crate) fn colleagues_with(&self, asked: &[Fingerprint]) -> usize {
        let asked: BTreeSet<String> = asked.iter().map(ToString::to_string).collect();
        let had = self.problems.iter();
        let had = had.filter(|(problem, _)| asked.contains(problem));
        had.map(|(_, contact)| contact)
            .collect::<BTreeSet<_>>()
            .len()
    }
}

/// The company that a contact belongs to; of several always the same one. A panel without it is still one, so
/// a table that does not answer is passed over. Reads a query, then a query and a batch side by side; of a
/// contact without a company the one query.
pub(crate) async fn read(
    mirror: &Mirror,
    connection: &Connection,
    contact: &ContactId,
    now: Timestamp,
) -> Option<Account> {
    match try_to(mirror, connection, contact, now).await {
        Ok(account) => account,
        Err(error) => {
            tracing::warn!(%error, "the company of a contact is not known");
            None
        }
    }
}

async fn try_to(
    mirror: &Mirror,
    connection: &Connection,
    contact: &ContactId,
    now: Timestamp,
) -> Result<Option<Account>, mirror::Error> {
    let mirror = mirror.of(&connection.organization, &connection.workspace);
    let contact = contact.as_str();
    let mut companies = mirror.memberships().companies_of(contact, now).await?;
    companies.truncate(MAX_COMPANIES);
    let Some(first) = companies.first() else {
        return Ok(None);
    };
    let moments = mirror.moments();
    let kind = MomentKind::Session;
    let (found, sessions) = tokio::try_join!(
        mirror.companies().get_all(&companies, now),
        moments.of_company(first, kind, None, MAX_SESSIONS, now),
    )?;
    let Some(company) = found.into_iter().next() else {
        return Ok(None);
    };
    let is_read = company.id == *first;
    let mut problems = BTreeSet::new();
    for moment in sessions.into_iter().filter(|_| is_read) {
        // What anybody may have said counts for nobody.
        if let What::Session(session) = moment.what
            && moment.contact != contact
            && !session.is_claimed
        {
            let had = session.problems.into_iter();
            problems.extend(had.map(|problem| (problem, moment.contact.clone())));
        }
    }
    let name = company.name.or(company.company_id);
    Ok(Some(Account {
        name: name.unwrap_or_else(|| "Company without a name".to_owned()),
        plan: company.plan,
        problems,
    }))
}
