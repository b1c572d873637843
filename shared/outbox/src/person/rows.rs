//! The rows of what is known of people and companies at Intercom.

use identity::{OrganizationId, WorkspaceId};
use table::{Key, Spelling, digest};

use crate::lane::Lane;

/// Which contact of a workspace has this external id or e-mail address. Read before Intercom is asked.
pub(crate) const CONTACT: Spelling =
    Spelling::new("ORG#{organization}#KEY#{hash}", "CONTACT#{workspace}");

/// The key of [`CONTACT`].
pub(crate) fn contact(organization: &OrganizationId, workspace: &WorkspaceId, hash: &str) -> Key {
    Key::new(
        key_partition(organization, hash),
        format!("CONTACT#{workspace}"),
    )
}

/// The partition of everything that is found by an external id or e-mail address.
pub(crate) fn key_partition(organization: &OrganizationId, hash: &str) -> String {
    format!("ORG#{organization}#KEY#{hash}")
}

/// That a lane waits for whoever has this key. Read when it becomes known.
pub(crate) const WAITER: Spelling =
    Spelling::new("ORG#{organization}#KEY#{hash}", "WAITER#{workspace}#{lane}");

/// The key of [`WAITER`].
pub(crate) fn waiter(
    organization: &OrganizationId,
    hash: &str,
    (workspace, lane): (&WorkspaceId, &Lane),
) -> Key {
    Key::new(
        key_partition(organization, hash),
        format!("{}{lane}", waiter_prefix(workspace)),
    )
}

/// Begins the sort key of every [`WAITER`] of a workspace.
pub(crate) fn waiter_prefix(workspace: &WorkspaceId) -> String {
    format!("{}{workspace}#", WAITER.prefix())
}

/// When what was last told of a contact, so that nothing older overwrites it. Whoever writes to the
/// contact has it to themselves for the time.
pub(crate) const TOLD: Spelling = Spelling::new(
    "ORG#{organization}#AT_INTERCOM#{workspace}#{contact}",
    "TOLD",
);

/// The key of [`TOLD`].
pub(crate) fn told(organization: &OrganizationId, workspace: &WorkspaceId, contact: &str) -> Key {
    Key::new(contact_partition(organization, workspace, contact), "TOLD")
}

/// The partition of [`TOLD`] and [`SLOT`]. Intercom's ids may hold any character: hence the digest.
pub(crate) fn contact_partition(
    organization: &OrganizationId,
    workspace: &WorkspaceId,
    contact: &str,
) -> String {
    let contact = short(contact);
    format!("ORG#{organization}#AT_INTERCOM#{workspace}#{contact}")
}

/// Which event has a second of a contact and a name: Intercom keeps one of each.
pub(crate) const SLOT: Spelling = Spelling::new(
    "ORG#{organization}#AT_INTERCOM#{workspace}#{contact}",
    "SLOT#{event name}#{second}",
);

/// The key of [`SLOT`]. Intercom tells names apart neither by their case nor by `.`, `$` and `-`.
pub(crate) fn slot(
    organization: &OrganizationId,
    (workspace, contact): (&WorkspaceId, &str),
    (event_name, second): (&str, i64),
) -> Key {
    let name = event_name_digest(event_name);
    Key::new(
        contact_partition(organization, workspace, contact),
        format!("SLOT#{name}#{second}"),
    )
}

/// Stands for a name of events, as Intercom tells names apart.
pub(crate) fn event_name_digest(event_name: &str) -> String {
    let name = event_name.trim().to_lowercase();
    short(&name.replace(['.', '$'], "-"))
}

/// The same as [`TOLD`] of a company.
pub(crate) const COMPANY: Spelling = Spelling::new(
    "ORG#{organization}#COMPANY_AT_INTERCOM#{workspace}#{company}",
    "TOLD",
);

/// The key of [`COMPANY`]. `company`: what the workspace itself calls it.
pub(crate) fn company(
    organization: &OrganizationId,
    workspace: &WorkspaceId,
    company: &str,
) -> Key {
    let company = short(company);
    Key::new(
        format!("ORG#{organization}#COMPANY_AT_INTERCOM#{workspace}#{company}"),
        "TOLD",
    )
}

/// 128 bits of a digest, hexadecimal.
pub(crate) fn short(text: &str) -> String {
    let mut digits = digest(text.as_bytes());
    digits.truncate(32);
    digits
}

/// All of these.
pub(crate) const ROWS: [Spelling; 5] = [CONTACT, WAITER, TOLD, SLOT, COMPANY];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_spelled_as_their_rows_say() {
        let organization = OrganizationId::parse("org_a").unwrap();
        let workspace = WorkspaceId::parse("ab12").unwrap();
        let lane = Lane::parse(&"5d".repeat(16)).unwrap();
        let waiter_key = waiter(&organization, "0f", (&workspace, &lane));
        assert!(waiter_key.sort.starts_with(&waiter_prefix(&workspace)));
        let slot_of = |name| slot(&organization, (&workspace, "6#7"), (name, 1_795_176_000));
        assert_eq!(slot_of("Order.Done"), slot_of("order-done"));
        for (row, key) in [
            (CONTACT, contact(&organization, &workspace, "0f")),
            (WAITER, waiter_key),
            (TOLD, told(&organization, &workspace, "6#7")),
            (SLOT, slot_of("a#b")),
            (COMPANY, company(&organization, &workspace, "6#7")),
        ] {
            assert!(row.spells(&key), "{row:?} {key:?}");
        }
    }
}
