//! What would be in the way of an import from Intercom, before it begins: people without a user id, companies
//! without a company id, ids that differ from ours, permissions that are missing.

use identity::Alias;
use intercom::Hosts;
use intercom::contact::Contact;
use intercom::links::Linked;
use intercom::request::Role;
use intercom::rest::{self, Advice};
use mirror::Mirror;
use notification::Access;
use serde::Serialize;
use store::{Connection, ContactQuery, Store};

/// Pages of companies and of people that are looked at: as many as somebody waits for.
const MAX_PAGES: usize = 10;

/// Most examples.
const MAX_EXAMPLES: usize = 50;

/// People whose names are compared with ours.
const MAX_COMPARED: usize = 150;

/// What was found, as callers of the API see it.
#[derive(Debug, Default, Serialize)]
pub struct Check {
    /// Users: leads have no user id.
    pub people: People,
    /// Companies with people, and those without.
    pub companies: Companies,
    /// Some of what was counted, at most 50.
    pub examples: Vec<Example>,
    /// Sentences for whoever is about to begin an import.
    pub warnings: Vec<String>,
}

/// Users at Intercom.
#[derive(Debug, Default, Serialize)]
pub struct People {
    /// Those that were looked at.
    pub total: u64,
    /// Those without an id of the workspace's own.
    pub without_user_id: u64,
    /// Of the first 150: those whom we know by their e-mail, and by another user id.
    pub other_user_id: u64,
}

/// Companies at Intercom.
#[derive(Debug, Default, Serialize)]
pub struct Companies {
    /// As many as Intercom says, or were looked at.
    pub total: u64,
    /// Those without an id of the workspace's own.
    pub without_company_id: u64,
}

/// Somebody or something that was counted.
#[derive(Debug, Serialize)]
pub struct Example {
    /// `company` or `person`.
    pub kind: &'static str,
    /// `no_company_id`, `no_user_id` or `other_user_id`.
    pub problem: &'static str,
    /// Intercom's.
    pub id: String,
    /// What it is called, or else an e-mail address.
    pub name: Option<String>,
    /// Where teammates see it in Intercom.
    pub link: String,
}

/// Why nothing was found out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The table, with what is copied of Intercom.
    #[error(transparent)]
    Mirror(#[from] mirror::Error),
    /// Intercom does not take our token any more: an admin has to connect the workspace again.
    #[error("Intercom does not let us into the workspace")]
    NotConnected,
    /// It can be tried again in a minute.
    #[error("Intercom does not answer, or asks us to wait")]
    Unavailable,
}

/// What it takes to look.
#[derive(Clone, Copy)]
pub struct Preflight<'a> {
    /// Whom we know, and from where events come.
    pub store: &'a Store,
    /// What is chosen.
    pub mirror: &'a Mirror,
    /// Where is looked.
    pub intercom: &'a rest::Client,
    /// Where teammates see Intercom.
    pub hosts: &'a Hosts,
}

/// Whoever looks, and what was found so far.
struct Checker<'a> {
    by: Preflight<'a>,
    connection: &'a Connection,
    access: &'a Access,
    found: Check,
}

impl Preflight<'_> {
    /// Looks at the first ten pages of the workspace's companies and people. Changes nothing.
    ///
    /// # Errors
    /// [`Error::NotConnected`] and [`Error::Unavailable`] when Intercom does not answer as asked, the others
    /// when the table does not. A permission that is missing is a warning.
    pub async fn check(self, connection: &Connection, access: &Access) -> Result<Check, Error> {
        let mut checker = Checker {
            by: self,
            connection,
            access,
            found: Check::default(),
        };
        checker.companies().await?;
        checker.people().await?;
        checker.events().await?;
        Ok(checker.found)
    }
}

impl Checker<'_> {
    async fn companies(&mut self) -> Result<(), Error> {
        let mut next = Some(1);
        let mut said = 0;
        for _ in 0..MAX_PAGES {
            let Some(number) = next else { break };
            let access = self.access;
            let intercom = self.by.intercom;
            let call = intercom.list_companies(access.region, &access.token, number);
            let page = match call.await {
                Ok(page) => page,
                Err(error) => return self.refused("companies", &error),
            };
            said = page.total.unwrap_or_default();
            for company in &page.items {
                self.found.companies.total += 1;
                if company.company_id.is_none() {
                    self.found.companies.without_company_id += 1;
                    let link = Linked::Company(&company.id);
                    let example = ("company", "no_company_id");
                    self.example(example, &company.id, company.name.clone(), link);
                }
            }
            next = page.next;
        }
        let companies = &mut self.found.companies;
        if next.is_some() {
            let warning = format!(
                "Only the first {} companies were looked at.",
                companies.total
            );
            self.found.warnings.push(warning);
        }
        companies.total = companies.total.max(said);
        if self.found.companies.total == 0 {
            self.found.warnings.push(
                "The workspace has no companies with people: there is nothing to import but conversations. \
                 Companies come to Intercom with its Messenger, its API, or a source's group calls."
                    .to_owned(),
            );
        }
        Ok(())
    }

    async fn people(&mut self) -> Result<(), Error> {
        let mut cursor = None;
        let mut compared = 0;
        for _ in 0..MAX_PAGES {
            let access = self.access;
            let intercom = self.by.intercom;
            let call = intercom.list_contacts(access.region, &access.token, cursor.as_ref());
            let page = match call.await {
                Ok(page) => page,
                Err(error) => return self.refused("people", &error),
            };
            let users = page
                .items
                .iter()
                .filter(|contact| contact.role == Role::User);
            for user in users {
                self.found.people.total += 1;
                match &user.external_id {
                    None => {
                        self.found.people.without_user_id += 1;
                        self.person(user, "no_user_id");
                    }
                    Some(id) if compared < MAX_COMPARED => {
                        compared += 1;
                        if self.has_another_id(user, id).await? {
                            self.found.people.other_user_id += 1;
                            self.person(user, "other_user_id");
                        }
                    }
                    Some(_) => {}
                }
            }
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
        let warning = format!(
            "Only the first {} people were looked at.",
            self.found.people.total
        );
        self.found.warnings.push(warning);
        Ok(())
    }

    /// Whether sessions of ours lead to the e-mail, and none to the user id.
    async fn has_another_id(&self, user: &Contact, id: &str) -> Result<bool, Error> {
        let email = user
            .email
            .as_deref()
            .and_then(|email| Alias::email(email).ok());
        let (Some(email), Ok(id)) = (email, Alias::user_id(id)) else {
            return Ok(false);
        };
        let workspace = &self.connection.workspace;
        let find = |alias: Alias| {
            let query = ContactQuery::of(&[alias]);
            async move { self.by.store.find_contact(workspace, &query).await }
        };
        let is_known = |found: &store::ContactLookup| {
            !found.people().is_empty() || !found.claimed_people().is_empty()
        };
        let by_email = find(email).await?;
        Ok(is_known(&by_email) && !is_known(&find(id).await?))
    }

    async fn events(&mut self) -> Result<(), Error> {
        let organization = &self.connection.organization;
        let mirror = self.by.mirror;
        let mirror = mirror.of(organization, &self.connection.workspace);
        if !mirror.choices().await?.events {
            return Ok(());
        }
        let sources = self.by.store.of(organization).sources().list().await?;
        if sources.iter().any(|source| !source.id.is_site()) {
            self.found.warnings.push(
                "Events come from a source as well as from Intercom: what a source sends to Intercom comes back \
                 from there. Ignore the names that your sources send."
                    .to_owned(),
            );
        }
        Ok(())
    }

    fn person(&mut self, user: &Contact, problem: &'static str) {
        let name = user.name.clone().or_else(|| user.email.clone());
        let link = Linked::Contact(&user.id);
        self.example(("person", problem), &user.id, name, link);
    }

    fn example(
        &mut self,
        (kind, problem): (&'static str, &'static str),
        id: &str,
        name: Option<String>,
        link: Linked<'_>,
    ) {
        if self.found.examples.len() < MAX_EXAMPLES {
            let (region, workspace) = (self.access.region, self.connection.workspace.as_str());
            let link = self.by.hosts.link(region, workspace, link).to_string();
            self.found.examples.push(Example {
                kind,
                problem,
                id: id.to_owned(),
                name,
                link,
            });
        }
    }

    /// What Intercom does not show: a permission is missing, or it does not answer.
    fn refused(&mut self, what: &str, error: &rest::Error) -> Result<(), Error> {
        match error.advice() {
            Advice::GiveUp => {
                let warning =
                    format!("Intercom does not let us read {what}: the app lacks the permission.");
                self.found.warnings.push(warning);
                Ok(())
            }
            Advice::RetryLater { .. } => Err(Error::Unavailable),
            Advice::Reconnect => Err(Error::NotConnected),
        }
    }
}
