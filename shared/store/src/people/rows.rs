//! The rows of people: their aliases, and what Intercom says of contacts.

use identity::{AliasHash, AliasName, ConversationId, OrganizationId, PersonId};
use table::{Key, Spelling, digest};

/// An alias: the people that have it. Read by the canvas and by identifying.
pub(crate) const ALIAS: Spelling = Spelling::new("ORG#{organization}#ALIAS#{kind}#{hash}", "ALIAS");

/// The key of [`ALIAS`].
pub(crate) fn alias(organization: &OrganizationId, name: &AliasName) -> Key {
    Key::new(format!("ORG#{organization}#ALIAS#{name}"), "ALIAS")
}

/// An alias of a person: [`ALIAS`] reversed; holds nothing else. Read by linking.
pub(crate) const PERSON_ALIAS: Spelling =
    Spelling::new("ORG#{organization}#PERSON#{person}", "ALIAS#{kind}#{hash}");

/// Begins the sort key of every [`PERSON_ALIAS`].
pub(crate) const ALIAS_PREFIX: &str = "ALIAS#";

/// The key of [`PERSON_ALIAS`].
pub(crate) fn alias_of_person(
    organization: &OrganizationId,
    person: &PersonId,
    name: &AliasName,
) -> Key {
    Key::new(
        person_partition(organization, person),
        format!("{ALIAS_PREFIX}{name}"),
    )
}

/// An alias that a contact is only said to have; holds nothing else. The partition is that of the contact's
/// stand-in. Read by linking, in one query with [`PERSON_ALIAS`].
pub(crate) const PERSON_CLAIM: Spelling =
    Spelling::new("ORG#{organization}#PERSON#{person}", "CLAIM#{kind}#{hash}");

/// Begins the sort key of every [`PERSON_CLAIM`].
pub(crate) const CLAIM_PREFIX: &str = "CLAIM#";
/// Sorts after every claim, and before every session.
pub(crate) const AFTER_CLAIMS: &str = "CLAIM$";

/// The key of [`PERSON_CLAIM`]. `contact`: a contact's stand-in.
pub(crate) fn claim(organization: &OrganizationId, contact: &PersonId, name: &AliasName) -> Key {
    Key::new(
        person_partition(organization, contact),
        format!("{CLAIM_PREFIX}{name}"),
    )
}

/// The partition of everything that a person has, sessions included.
pub(crate) fn person_partition(organization: &OrganizationId, person: &PersonId) -> String {
    format!("ORG#{organization}#PERSON#{person}")
}

/// The alias that a sort key of [`PERSON_ALIAS`] names.
pub(crate) fn parse_alias_of_person(sort: &str) -> Option<AliasName> {
    AliasName::parse(sort.strip_prefix(ALIAS_PREFIX)?).ok()
}

/// The alias that a sort key of [`PERSON_CLAIM`] names.
pub(crate) fn parse_claim(sort: &str) -> Option<AliasName> {
    AliasName::parse(sort.strip_prefix(CLAIM_PREFIX)?).ok()
}

/// What Intercom has said of a contact, hashed, and a possible match. Read by applying a statement in one
/// batch with [`ALIAS`], and by the canvas in its first batch.
pub(crate) const CONTACT: Spelling = Spelling::new("ORG#{organization}#CONTACT#{hash}", "CONTACT");

/// The key of [`CONTACT`]. `contact`: hash of the alias that a contact is.
pub(crate) fn contact(organization: &OrganizationId, contact: &AliasHash) -> Key {
    Key::new(contact_partition(organization, contact), "CONTACT")
}

/// When and on which page (sealed) a conversation began. Read by the canvas in its first batch.
pub(crate) const CONVERSATION: Spelling = Spelling::new(
    "ORG#{organization}#CONTACT#{hash}",
    "CONVERSATION#{sha256 of its id}",
);

/// Begins the sort key of every [`CONVERSATION`].
pub(crate) const CONVERSATION_PREFIX: &str = "CONVERSATION#";

/// The key of [`CONVERSATION`].
pub(crate) fn conversation(
    organization: &OrganizationId,
    contact: &AliasHash,
    conversation: &ConversationId,
) -> Key {
    // Digested because an id of Intercom's may hold any character.
    let digest = digest(conversation.as_str().as_bytes());
    Key::new(
        contact_partition(organization, contact),
        format!("{CONVERSATION_PREFIX}{digest}"),
    )
}

/// The partition of [`CONTACT`] and [`CONVERSATION`].
pub(crate) fn contact_partition(organization: &OrganizationId, contact: &AliasHash) -> String {
    format!("ORG#{organization}#CONTACT#{contact}")
}

/// All of these.
pub(crate) const ROWS: [Spelling; 5] = [ALIAS, PERSON_ALIAS, PERSON_CLAIM, CONTACT, CONVERSATION];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_spelled_as_their_rows_say() {
        let owner = OrganizationId::parse("org_a").unwrap();
        let person = PersonId::parse("p_1").unwrap();
        let hash = AliasHash::parse(&"5d".repeat(32)).unwrap();
        let begun = ConversationId::parse("7#8").unwrap();
        let name = AliasName::email(&hash);
        for (row, key) in [
            (ALIAS, alias(&owner, &name)),
            (PERSON_ALIAS, alias_of_person(&owner, &person, &name)),
            (PERSON_CLAIM, claim(&owner, &person, &name)),
            (CONTACT, contact(&owner, &hash)),
            (CONVERSATION, conversation(&owner, &hash, &begun)),
        ] {
            assert!(row.spells(&key), "{row:?} {key:?}");
        }
        assert_eq!(PERSON_ALIAS.prefix(), ALIAS_PREFIX);
        assert_eq!(PERSON_CLAIM.prefix(), CLAIM_PREFIX);
        assert_eq!(CONVERSATION.prefix(), CONVERSATION_PREFIX);
        let sort = alias_of_person(&owner, &person, &name).sort;
        assert_eq!(parse_alias_of_person(&sort), Some(name.clone()));
        let sort = claim(&owner, &person, &name).sort;
        assert_eq!(parse_claim(&sort), Some(name));
    }
}
