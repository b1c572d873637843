//! What the Inbox page shows of a contact: all that Intercom has been told of them.

use std::cmp::Reverse;

use intercom::fake::{Directory, FakeCompany, FakeContact, FakeEvent, Standing};
use serde::Serialize;
use serde_json::{Map, Value};

/// Most events on a card, the latest ones.
const EVENTS: usize = 20;

/// Most people in the list of those without a conversation.
const PEOPLE: usize = 30;

/// A contact with their companies and what they did.
#[derive(Serialize)]
pub(super) struct Card {
    contact: FakeContact,
    phone: Option<String>,
    signed_up_at: Option<i64>,
    last_seen_at: Option<i64>,
    unsubscribed_from_emails: bool,
    custom_attributes: Map<String, Value>,
    companies: Vec<Company>,
    /// The latest one first.
    events: Vec<FakeEvent>,
    /// How many there are in all.
    events_total: usize,
}

#[derive(Serialize)]
struct Company {
    company_id: String,
    name: Option<String>,
    plan: Option<String>,
    custom_attributes: Map<String, Value>,
}

impl Card {
    pub(super) fn of(directory: &Directory, contact: &FakeContact) -> Self {
        let second = |at: Option<jiff::Timestamp>| at.map(jiff::Timestamp::as_second);
        let companies = directory.companies().iter();
        let companies = companies.filter(|company| contact.companies.contains(&company.id));
        let mut events: Vec<&FakeEvent> = directory.events_of(&contact.id).collect();
        // Those of one second stay in the order in which they arrived.
        events.sort_by_key(|event| event.created_at);
        let latest = events.iter().rev().take(EVENTS);
        Self {
            contact: contact.clone(),
            phone: contact.phone.clone(),
            signed_up_at: second(contact.signed_up_at),
            last_seen_at: second(contact.last_seen_at),
            unsubscribed_from_emails: contact.unsubscribed_from_emails,
            custom_attributes: contact.custom_attributes.clone(),
            companies: companies.map(Company::of).collect(),
            events: latest.copied().cloned().collect(),
            events_total: events.len(),
        }
    }
}

impl Company {
    fn of(company: &FakeCompany) -> Self {
        Self {
            company_id: company.company_id.clone(),
            name: company.name.clone(),
            plan: company.plan.clone(),
            custom_attributes: company.custom_attributes.clone(),
        }
    }
}

/// Whoever is there and has begun no conversation, the latest first.
pub(super) fn people(directory: &Directory) -> Vec<FakeContact> {
    let writes = |contact: &FakeContact| {
        let mut conversations = directory.conversations().iter();
        conversations.any(|conversation| conversation.contact.id == contact.id)
    };
    let present = directory.contacts().into_iter();
    let present = present.filter(|contact| contact.standing == Standing::Present);
    let mut people: Vec<FakeContact> = present.filter(|it| !writes(it)).cloned().collect();
    people.sort_by_key(|contact| Reverse(contact.created_at));
    people.truncate(PEOPLE);
    people
}

#[cfg(test)]
mod tests {
    use intercom::fake::{FakeConversation, Role};
    use jiff::Timestamp;

    use super::*;

    fn contact(id: &str, second: i64) -> FakeContact {
        let at = Timestamp::from_second(second).unwrap();
        FakeContact::new(id.to_owned(), Role::User, at)
    }

    #[test]
    fn whoever_has_a_conversation_is_not_listed_again() {
        let mut directory = Directory::default();
        for (id, second) in [("c-1", 1), ("c-2", 2), ("c-3", 3), ("c-4", 4)] {
            directory.add_contact(contact(id, second));
        }
        directory.add_conversation(FakeConversation::new("7".to_owned(), contact("c-2", 2)));
        directory.update("c-3", |contact| contact.standing = Standing::Archived);
        let listed: Vec<_> = people(&directory).into_iter().map(|it| it.id).collect();
        assert_eq!(listed, ["c-4", "c-1"]);
    }

    #[test]
    fn a_card_shows_the_companies_of_the_contact_alone() {
        let mut directory = Directory::default();
        for id in ["1", "2"] {
            let company = FakeCompany::new(id.to_owned(), format!("acme-{id}"), Timestamp::MIN);
            directory.add_company(company);
        }
        let mut ada = contact("c-1", 1);
        ada.companies = vec!["2".to_owned()];
        let card = Card::of(&directory, &ada);
        let companies: Vec<_> = card.companies.iter().map(|it| &it.company_id).collect();
        assert_eq!(companies, ["acme-2"]);
    }
}
