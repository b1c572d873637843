//! A contact, and the companies it belongs to.

use intercom::write::{ContactRole, ContactWrite};

use super::fields::{self, is_field};
use crate::attributes::Attributes;
use crate::notes::Notes;
use crate::plan::Identifiers;
use crate::{DropReason, Json, Plan, SourceSettings, Step, TrackedEvent, company};

/// Most custom attributes of people in a workspace.
const MAX_ATTRIBUTES: usize = 250;

pub(crate) fn plan(event: &TrackedEvent, settings: &SourceSettings) -> Result<Plan, DropReason> {
    let person = Identifiers::of(event, settings).somebody()?;
    let mut notes = Notes::default();
    let traits = &event.traits;
    let contact = ContactWrite {
        role: Some(ContactRole::User),
        external_id: person.external_id.clone(),
        email: fields::email(event, &mut notes),
        phone: fields::phone(traits, &mut notes),
        name: fields::name(traits, &mut notes),
        avatar: fields::avatar(traits, &mut notes),
        signed_up_at: fields::signed_up_at(traits, &mut notes),
        last_seen_at: fields::last_seen_at(event, settings, &mut notes),
        unsubscribed_from_emails: fields::unsubscribed_from_emails(event),
        custom_attributes: {
            let attributes = Attributes::new(settings.nested, MAX_ATTRIBUTES, &mut notes);
            let mut attributes = attributes.rest_of(traits, is_field);
            if settings.include_context {
                attributes = attributes.rest_of(&event.context.circumstances, |_| false);
            }
            attributes.finish()
        },
    };
    let mut steps = vec![Step::Contact(contact)];
    let said = [traits.get("company"), traits.get("companies")];
    let mut companies = said.into_iter().flatten().flat_map(|value| match value {
        Json::List(companies) => companies.as_slice(),
        Json::Null => &[],
        one => std::slice::from_ref(one),
    });
    for value in companies.by_ref().take(fields::MAX_COMPANIES) {
        match company::of_trait(value, settings, &mut notes) {
            Some((company, belongs)) => steps.push(Step::Company {
                company,
                member: Some(belongs),
            }),
            None => notes.company = true,
        }
    }
    notes.companies_cut = companies.next().is_some();
    Ok(Plan {
        person,
        steps,
        warnings: notes.into_warnings(),
    })
}
