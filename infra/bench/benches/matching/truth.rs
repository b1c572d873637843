//! Who really is who, as far as browsers and accounts tell.

use std::collections::HashMap;

use crate::world::Visitor;

/// Browsers and accounts that belong together: whoever is signed in at a browser, and all who sit there.
#[derive(Default)]
pub(crate) struct Truth {
    /// Towards the one that stands for all that belong together.
    parents: HashMap<Node, Node>,
    /// Accounts of those that a node stands for; missing where there is none.
    accounts: HashMap<Node, usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Browser(usize),
    Account(usize),
}

impl Truth {
    /// Somebody came.
    pub(crate) fn note(&mut self, visitor: &Visitor) {
        let browser = self.root(Node::Browser(visitor.device));
        if let Some(account) = visitor.account {
            let account = Node::Account(account);
            if !self.parents.contains_key(&account) && !self.accounts.contains_key(&account) {
                self.accounts.insert(account, 1);
            }
            let account = self.root(account);
            if account != browser {
                let accounts = self.accounts.remove(&account).unwrap_or_default();
                *self.accounts.entry(browser).or_default() += accounts;
                self.parents.insert(account, browser);
            }
        }
    }

    /// Whether a session belongs to whoever wrote: it is the same human, or the two share a browser or an
    /// account that no other account has anything to do with, so that nobody can tell them apart. Several
    /// accounts can be told apart, and have to be.
    pub(crate) fn are_one(&self, writer: &Visitor, other: &Visitor) -> bool {
        let root = |visitor: &Visitor| match visitor.account {
            Some(account) => self.root(Node::Account(account)),
            None => self.root(Node::Browser(visitor.device)),
        };
        let (writers, others) = (root(writer), root(other));
        let accounts = self.accounts.get(&writers).copied().unwrap_or_default();
        writer.human == other.human || (writers == others && accounts <= 1)
    }

    fn root(&self, mut node: Node) -> Node {
        while let Some(parent) = self.parents.get(&node) {
            node = *parent;
        }
        node
    }
}
