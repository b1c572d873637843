//! Everything that the pretend Intercom knows, and how it changes.

use jiff::Timestamp;

use super::start::Start;
use super::{Contact, Conversation};

/// The conversations, and the people in them. Lasts as long as the process.
#[derive(Debug)]
pub(super) struct Directory {
    /// The latest one first.
    conversations: Vec<Conversation>,
}

impl Directory {
    /// One that knows these.
    pub(super) fn new(conversations: Vec<Conversation>) -> Self {
        Self { conversations }
    }

    /// The latest one first.
    pub(super) fn conversations(&self) -> &[Conversation] {
        &self.conversations
    }

    /// The conversation with this id.
    pub(super) fn conversation(&self, id: &str) -> Option<&Conversation> {
        self.conversations.iter().find(|each| each.id == id)
    }

    /// Everybody once.
    pub(super) fn contacts(&self) -> Vec<&Contact> {
        let mut contacts: Vec<&Contact> = self
            .conversations
            .iter()
            .map(|each| &each.contact)
            .collect();
        contacts.sort_by(|one, other| one.id.cmp(&other.id));
        contacts.dedup_by(|one, other| one.id == other.id);
        contacts
    }

    /// The contact with this id.
    pub(super) fn contact(&self, id: &str) -> Option<&Contact> {
        let mut contacts = self.conversations.iter().map(|each| &each.contact);
        contacts.find(|contact| contact.id == id)
    }

    /// Begins a conversation.
    ///
    /// # Errors
    /// When the writer is nobody, or nowhere.
    pub(super) fn begin(
        &mut self,
        start: Start,
        now: Timestamp,
    ) -> Result<Conversation, super::start::Problem> {
        // Ids are never given twice, not even after a restart.
        let number = now.as_millisecond() + self.conversations.len() as i64;
        let begun = start.begin(number, now)?;
        self.conversations.insert(0, begun.clone());
        Ok(begun)
    }

    /// Changes a contact wherever they write.
    pub(super) fn update(&mut self, id: &str, change: impl Fn(&mut Contact)) {
        let contacts = self.conversations.iter_mut().map(|each| &mut each.contact);
        contacts.filter(|contact| contact.id == id).for_each(change);
    }
}
