//! Links that open something in the app that teammates work in.
//!
//! Intercom has no call that returns one. These are the addresses that its documentation and its own pages
//! use; they name a workspace, and each region has its own host.

use url::Url;

use crate::hosts::below;
use crate::{Hosts, Region};

/// What a link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linked<'a> {
    /// A contact, by Intercom's id.
    Contact(&'a str),
    /// The user with an e-mail.
    Email(&'a str),
    /// The user whom the workspace itself calls so.
    UserId(&'a str),
    /// A conversation, by Intercom's id.
    Conversation(&'a str),
    /// A company, by Intercom's id.
    Company(&'a str),
}

impl Hosts {
    /// The link to something of a workspace.
    #[must_use]
    pub fn link(&self, region: Region, workspace: &str, to: Linked<'_>) -> Url {
        let app = self.app(region);
        let show = |name: &str, value: &str| {
            let mut url = below(app.clone(), ["a", "apps", workspace, "users", "show"]);
            url.query_pairs_mut().append_pair(name, value);
            url
        };
        match to {
            // Seen in Intercom's own pages; no documentation names it.
            Linked::Company(id) => below(app, ["a", "apps", workspace, "companies", id]),
            Linked::Contact(id) => below(app, ["a", "apps", workspace, "users", id]),
            Linked::Email(email) => show("email", email),
            Linked::UserId(id) => show("user_id", id),
            Linked::Conversation(id) => {
                let path = ["a", "inbox", workspace, "inbox", "conversation", id];
                below(app, path)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_region_has_links_of_its_own() {
        let hosts = Hosts::default();
        for (region, to, expected) in [
            (
                Region::Us,
                Linked::Contact("6762f0d0"),
                "https://app.intercom.com/a/apps/acme/users/6762f0d0",
            ),
            (
                Region::Eu,
                Linked::Conversation("515"),
                "https://app.eu.intercom.com/a/inbox/acme/inbox/conversation/515",
            ),
            (
                Region::Au,
                Linked::Email("ada+1@b.example"),
                "https://app.au.intercom.com/a/apps/acme/users/show?email=ada%2B1%40b.example",
            ),
            (
                Region::Us,
                Linked::UserId("a/b?c"),
                "https://app.intercom.com/a/apps/acme/users/show?user_id=a%2Fb%3Fc",
            ),
            (
                Region::Us,
                Linked::Contact("../a?b"),
                "https://app.intercom.com/a/apps/acme/users/..%2Fa%3Fb",
            ),
        ] {
            assert_eq!(hosts.link(region, "acme", to).as_str(), expected);
        }
    }
}
