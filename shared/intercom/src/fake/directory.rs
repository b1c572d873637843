//! Everything that the fake Intercom knows of a workspace's contacts.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::attribute::FakeAttribute;
use super::company::FakeCompany;
use super::data_event::FakeEvent;
use super::{FakeAdmin, FakeContact, FakeConversation, FakeSegment, FakeTag};
use crate::write::Model;

/// The contacts and conversations of a workspace, its companies, its data events, its attributes.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// Contacts that have begun no conversation. Those who have stand in it.
    contacts: Vec<FakeContact>,
    /// The latest one first.
    conversations: Vec<FakeConversation>,
    companies: Vec<FakeCompany>,
    /// In the order in which they arrived. Shared by the copies that are kept for searches.
    events: Vec<Arc<FakeEvent>>,
    attributes: Vec<FakeAttribute>,
    admins: Vec<FakeAdmin>,
    tags: Vec<FakeTag>,
    segments: Vec<FakeSegment>,
    /// Ids of conversations that are gone, and since when; the latest one last.
    deleted_conversations: Vec<(String, Timestamp)>,
    /// Ids of contacts that were merged into others, with theirs.
    merged: BTreeMap<String, String>,
    /// How many things have been made here.
    made: u32,
}

impl Directory {
    /// One that knows these conversations, the latest one first.
    #[must_use]
    pub fn new(conversations: Vec<FakeConversation>) -> Self {
        Self {
            conversations,
            ..Self::default()
        }
    }

    /// The latest one first.
    #[must_use]
    pub fn conversations(&self) -> &[FakeConversation] {
        &self.conversations
    }

    /// The conversation with this id.
    #[must_use]
    pub fn conversation(&self, id: &str) -> Option<&FakeConversation> {
        self.conversations.iter().find(|each| each.id == id)
    }

    /// Everybody once, in the order of their ids.
    #[must_use]
    pub fn contacts(&self) -> Vec<&FakeContact> {
        let mut contacts: Vec<&FakeContact> = self.every_contact().collect();
        contacts.sort_by(|one, other| one.id.cmp(&other.id));
        contacts.dedup_by(|one, other| one.id == other.id);
        contacts
    }

    /// The contact with this id.
    #[must_use]
    pub fn contact(&self, id: &str) -> Option<&FakeContact> {
        self.every_contact().find(|contact| contact.id == id)
    }

    /// Adds a contact who has begun no conversation.
    pub fn add_contact(&mut self, contact: FakeContact) {
        self.contacts.push(contact);
    }

    /// Adds a conversation, as the latest one.
    pub fn add_conversation(&mut self, conversation: FakeConversation) {
        self.conversations.insert(0, conversation);
    }

    pub(super) fn conversation_mut(&mut self, id: &str) -> Option<&mut FakeConversation> {
        self.conversations.iter_mut().find(|each| each.id == id)
    }

    /// Deletes a conversation for good; whoever wrote it stays.
    pub fn delete_conversation(&mut self, id: &str, now: Timestamp) {
        let Some(position) = self.conversations.iter().position(|each| each.id == id) else {
            return;
        };
        let gone = self.conversations.remove(position);
        if self.contact(&gone.contact.id).is_none() {
            self.contacts.push(gone.contact);
        }
        self.deleted_conversations.push((gone.id, now));
    }

    /// Ids of conversations that are gone, and since when; the latest one last.
    #[must_use]
    pub fn deleted_conversations(&self) -> &[(String, Timestamp)] {
        &self.deleted_conversations
    }

    /// Teammates besides the one who has allowed the app.
    #[must_use]
    pub fn admins(&self) -> &[FakeAdmin] {
        &self.admins
    }

    /// Adds a teammate.
    pub fn add_admin(&mut self, admin: FakeAdmin) {
        self.admins.push(admin);
    }

    /// The tags that there are.
    #[must_use]
    pub fn tags(&self) -> &[FakeTag] {
        &self.tags
    }

    /// Adds a tag, which nobody has yet.
    pub fn add_tag(&mut self, tag: FakeTag) {
        self.tags.push(tag);
    }

    /// The segments that there are.
    #[must_use]
    pub fn segments(&self) -> &[FakeSegment] {
        &self.segments
    }

    /// Adds a segment, which nobody is in yet.
    pub fn add_segment(&mut self, segment: FakeSegment) {
        self.segments.push(segment);
    }

    /// How many people a company has, by Intercom's id of it.
    #[must_use]
    pub fn people_of(&self, company: &str) -> usize {
        self.contacts_of(company).len()
    }

    /// The people of a company, by Intercom's id of it, in the order of their ids.
    #[must_use]
    pub fn contacts_of(&self, company: &str) -> Vec<&FakeContact> {
        let mut contacts = self.contacts();
        contacts.retain(|contact| contact.companies.iter().any(|each| each == company));
        contacts
    }

    /// Forgets a contact who has begun no conversation, as if it had never been there.
    pub fn remove_contact(&mut self, id: &str) {
        self.contacts.retain(|contact| contact.id != id);
    }

    /// Changes a contact wherever it stands.
    pub fn update(&mut self, id: &str, change: impl Fn(&mut FakeContact)) {
        let writers = self.conversations.iter_mut().map(|each| &mut each.contact);
        let contacts = self.contacts.iter_mut().chain(writers);
        contacts.filter(|contact| contact.id == id).for_each(change);
    }

    /// In the order in which they were made.
    #[must_use]
    pub fn companies(&self) -> &[FakeCompany] {
        &self.companies
    }

    /// The company that the workspace itself calls so.
    #[must_use]
    pub fn company(&self, company_id: &str) -> Option<&FakeCompany> {
        let mut companies = self.companies.iter();
        companies.find(|each| each.company_id == company_id)
    }

    /// Adds a company.
    pub fn add_company(&mut self, company: FakeCompany) {
        self.companies.push(company);
    }

    /// The company with this id of Intercom's, to be changed.
    pub fn company_mut(&mut self, id: &str) -> Option<&mut FakeCompany> {
        self.companies.iter_mut().find(|each| each.id == id)
    }

    /// Deletes a company, by Intercom's id; its people stay.
    pub fn remove_company(&mut self, id: &str) {
        self.companies.retain(|each| each.id != id);
        let writers = self.conversations.iter_mut().map(|each| &mut each.contact);
        for contact in self.contacts.iter_mut().chain(writers) {
            contact.companies.retain(|company| company != id);
        }
    }

    /// Every data event, in the order in which they arrived.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &FakeEvent> {
        self.events.iter().map(AsRef::as_ref)
    }

    /// Those of a contact, in the order in which they arrived.
    pub fn events_of(&self, contact: &str) -> impl DoubleEndedIterator<Item = &FakeEvent> {
        self.events().filter(move |event| event.contact == contact)
    }

    /// Adds something that a contact did.
    pub fn add_event(&mut self, event: FakeEvent) {
        self.events.push(Arc::new(event));
    }

    /// The custom attributes, in the order in which they became known.
    #[must_use]
    pub fn attributes(&self) -> &[FakeAttribute] {
        &self.attributes
    }

    /// The custom attribute of people or companies with this name.
    #[must_use]
    pub fn attribute(&self, model: Model, name: &str) -> Option<&FakeAttribute> {
        let mut attributes = self.attributes.iter();
        attributes.find(|each| each.model == model && each.name == name)
    }

    /// Makes a custom attribute known.
    pub fn add_attribute(&mut self, attribute: FakeAttribute) {
        self.attributes.push(attribute);
    }

    /// The contact that this one was merged into.
    #[must_use]
    pub fn merged_into(&self, id: &str) -> Option<&str> {
        self.merged.get(id).map(String::as_str)
    }

    /// Takes note of a contact's end. What they did becomes the other one's.
    pub(super) fn merge(&mut self, from: &str, into: &str) {
        self.merged.insert(from.to_owned(), into.to_owned());
        for event in &mut self.events {
            if event.contact == from {
                Arc::make_mut(event).contact = into.to_owned();
            }
        }
    }

    /// Another number for each thing that is made.
    pub(super) fn next_number(&mut self) -> u32 {
        self.made += 1;
        self.made
    }

    /// An id such as Intercom's, which no other thing has or had: not even before a restart, when everything
    /// was forgotten here and others remember it.
    pub(super) fn next_id(&mut self, now: Timestamp) -> String {
        let number = self.next_number();
        let (second, nanosecond) = (now.as_second(), now.subsec_nanosecond());
        format!("{second:08x}{nanosecond:08x}{number:08x}")
    }

    /// As [`Self::contacts`], in no order; whoever has begun conversations comes once for each of them.
    pub fn every_contact(&self) -> impl Iterator<Item = &FakeContact> {
        let writers = self.conversations.iter().map(|each| &each.contact);
        self.contacts.iter().chain(writers)
    }
}
