//! `POST /v1/sync/check`: what would be in the way of an import, before it begins.

use api::Error;
use identity::Alias;
use intercom::contact::Contact;
use intercom::links::Linked;
use intercom::request::Role;
use intercom::rest::{self, Advice};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use notification::{Access, AccessError};
use platform::http::{ApiError, json};
use serde::Serialize;
use store::{Connection, ContactQuery, Grant};

use crate::State;
use crate::sync::{ours, workspace};

/// Pages of companies and of people that are looked at: as many as somebody waits for.
const MAX_PAGES: usize = 10;

/// Most examples.
const MAX_EXAMPLES: usize = 50;

/// People whose names are compared with ours.
const MAX_COMPARED: usize = 150;

#[derive(Default, Serialize)]
struct Check {
    people: People,
    companies: Companies,
    examples: Vec<Example>,
    warnings: Vec<String>,
}

#[derive(Default, Serialize)]
struct People {
    total: u64,
    without_user_id: u64,
    /// Of the first 150: those whom we know by their e-mail, and by another user id.
    other_user_id: u64,
}

#[derive(Default, Serialize)]
struct Companies {
    total: u64,
    without_company_id: u64,
}

#[derive(Serialize)]
struct Example {
    kind: &'static str,
    problem: &'static str,
    id: String,
    name: Option<String>,
    link: String,
}

/// Whoever looks, and what was found so far.
struct Checker<'a> {
    state: &'a State,
    connection: &'a Connection,
    access: Access,
    found: Check,
}

pub(crate) async fn check(
    state: &State,
    grant: &Grant,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let connection = workspace(state, grant, request).await?;
    let now = state.clock.now();
    let access = Access::of(&connection, &state.store, &state.import.secrets, now);
    let access = access.await.map_err(|error| match error {
        AccessError::Store(error) => Error::from(error),
        AccessError::Secrets(_) | AccessError::Token(_) => not_connected().into(),
    })?;
    let mut checker = Checker {
        state,
        connection: &connection,
        access: access.ok_or_else(not_connected)?,
        found: Check::default(),
    };
    checker.companies().await?;
    checker.people().await?;
    checker.events().await?;
    Ok(json(StatusCode::OK, &checker.found))
}

impl Checker<'_> {
    async fn companies(&mut self) -> Result<(), Error> {
        let mut next = Some(1);
        let mut said = 0;
        for _ in 0..MAX_PAGES {
            let Some(number) = next else { break };
            let access = &self.access;
            let call =
                self.state
                    .import
                    .intercom
                    .list_companies(access.region, &access.token, number);
            let page = match call.await {
                Ok(page) => page,
                Err(error) => return self.refused("companies", &error),
            };
            said = page.total.unwrap_or_default();
            for company in &page.items {
                self.found.companies.total += 1;
                if company.company_id.is_none() {
                    self.found.companies.without_company_id += 1;
                    let (region, workspace) =
                        (self.access.region, self.connection.workspace.as_str());
                    let link =
                        self.state
                            .hosts
                            .link(region, workspace, Linked::Company(&company.id));
                    let example = ("company", "no_company_id");
                    self.example(example, &company.id, company.name.clone(), link.to_string());
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
            let access = &self.access;
            let intercom = &self.state.import.intercom;
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
            async move { self.state.store.find_contact(workspace, &query).await }
        };
        let is_known = |found: &store::ContactLookup| {
            !found.people().is_empty() || !found.claimed_people().is_empty()
        };
        let by_email = find(email).await?;
        Ok(is_known(&by_email) && !is_known(&find(id).await?))
    }

    async fn events(&mut self) -> Result<(), Error> {
        let organization = &self.connection.organization;
        let mirror = &self.state.import.mirror;
        let mirror = mirror.of(organization, &self.connection.workspace);
        if !mirror.choices().await.map_err(ours)?.events {
            return Ok(());
        }
        let sources = self.state.store.of(organization).sources().list().await?;
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
        let (region, workspace) = (self.access.region, self.connection.workspace.as_str());
        let link = self
            .state
            .hosts
            .link(region, workspace, Linked::Contact(&user.id));
        let name = user.name.clone().or_else(|| user.email.clone());
        self.example(("person", problem), &user.id, name, link.to_string());
    }

    fn example(
        &mut self,
        (kind, problem): (&'static str, &'static str),
        id: &str,
        name: Option<String>,
        link: String,
    ) {
        if self.found.examples.len() < MAX_EXAMPLES {
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
            Advice::RetryLater { .. } => {
                let message =
                    "Intercom does not answer, or asks us to wait: try again in a minute.";
                Err(ApiError::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "intercom_unavailable",
                    message,
                )
                .into())
            }
            Advice::Reconnect => Err(not_connected().into()),
        }
    }
}

fn not_connected() -> ApiError {
    let message = "Intercom does not let us into this workspace: an admin has to connect it again.";
    ApiError::new(StatusCode::CONFLICT, "not_connected", message)
}
