//! Everything that the fake Intercom knows of a workspace's contacts.

use super::{FakeContact, FakeConversation};

/// The contacts and conversations of a workspace.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// Contacts that have begun no conversation. Those who have stand in it.
    contacts: Vec<FakeContact>,
    /// The latest one first.
    conversations: Vec<FakeConversation>,
}

impl Directory {
    /// One that knows these conversations, the latest one first.
    #[must_use]
    pub fn new(conversations: Vec<FakeConversation>) -> Self {
        Self {
            contacts: Vec::new(),
            conversations,
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
        let mut contacts: Vec<&FakeContact> = self.all_contacts().collect();
        contacts.sort_by(|one, other| one.id.cmp(&other.id));
        contacts.dedup_by(|one, other| one.id == other.id);
        contacts
    }

    /// The contact with this id.
    #[must_use]
    pub fn contact(&self, id: &str) -> Option<&FakeContact> {
        self.all_contacts().find(|contact| contact.id == id)
    }

    /// Adds a contact who has begun no conversation.
    pub fn add_contact(&mut self, contact: FakeContact) {
        self.contacts.push(contact);
    }

    /// Adds a conversation, as the latest one.
    pub fn add_conversation(&mut self, conversation: FakeConversation) {
        self.conversations.insert(0, conversation);
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

    fn all_contacts(&self) -> impl Iterator<Item = &FakeContact> {
        let writers = self.conversations.iter().map(|each| &each.contact);
        self.contacts.iter().chain(writers)
    }
}
