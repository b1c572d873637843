//! In whatever order, and however often, Intercom and recorders say what they say: it amounts to the same.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{Alias, ContactEmail, Presence, Statement};
use proptest::prelude::*;
use store::{ContactQuery, ContactRole, Recordings, Store};
use test_support::master_key;

use super::{Shop, browser, by, by_id, email, says, user, visitor};
use crate::fixture::{Fixture, TABLE};

/// What a row of an alias leads to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    people: BTreeSet<String>,
    claimants: BTreeSet<String>,
    identities: BTreeSet<String>,
    closed: bool,
}

impl Shop {
    /// What every alias leads to.
    pub(crate) async fn aliases(&self) -> BTreeMap<String, Shown> {
        let rows = self.rows().await;
        let rows = rows.iter().filter(|row| text(row, "SK") == "ALIAS");
        rows.map(|row| (text(row, "PK"), shown(row))).collect()
    }

    /// What is known of every contact.
    pub(crate) async fn contacts(&self) -> BTreeMap<String, AttributeValue> {
        let rows = self.rows().await;
        let rows = rows.iter().filter(|row| text(row, "SK") == "CONTACT");
        rows.map(|row| (text(row, "PK"), row["facts"].clone()))
            .collect()
    }

    async fn rows(&self) -> Vec<std::collections::HashMap<String, AttributeValue>> {
        let scan = self.fixture.client.scan().table_name(&self.fixture.table);
        let rows = scan.into_paginator().items().send();
        rows.collect::<Result<_, _>>().await.unwrap()
    }
}

fn text(row: &std::collections::HashMap<String, AttributeValue>, name: &str) -> String {
    row[name].as_s().unwrap().clone()
}

fn shown(row: &std::collections::HashMap<String, AttributeValue>) -> Shown {
    let set = |name: &str| -> BTreeSet<String> {
        let set = row.get(name).map(|set| set.as_ss().unwrap().clone());
        set.unwrap_or_default().into_iter().collect()
    };
    let released = set("released");
    let claims = set("claims").into_iter();
    let claimants = claims.filter_map(|claim| {
        let (contact, person) = claim.split_once('#').unwrap();
        (!released.contains(contact)).then(|| person.to_owned())
    });
    Shown {
        people: set("people"),
        claimants: claimants.collect(),
        identities: set("identities"),
        closed: row
            .get("closed")
            .is_some_and(|closed| *closed.as_bool().unwrap()),
    }
}

/// What may be said.
#[derive(Debug, Clone)]
enum Said {
    ByIntercom(Box<Statement>),
    /// Of the session of that number.
    ByRecorder(usize, Vec<Alias>),
}

const CONTACTS: [&str; 2] = ["one", "two"];
const NAMES: [&str; 2] = ["ada", "bob"];

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&NAMES[..])
}

/// Anything that Intercom may say of two contacts.
fn statement() -> impl Strategy<Value = Statement> {
    let maybe = || prop::option::weighted(0.4, name());
    let presence = prop::sample::select(vec![
        Presence::Present,
        Presence::Archived,
        Presence::Deleted,
    ]);
    let contact = prop::sample::select(&CONTACTS[..]);
    let facts = (
        maybe(),
        maybe(),
        maybe(),
        any::<bool>(),
        prop::bool::weighted(0.2),
    );
    (
        contact,
        0_i64..4,
        facts,
        prop::option::weighted(0.2, presence),
    )
        .prop_map(
            |(contact, at, (visits, is, mails, typed, absorbs), presence)| {
                let mut statement = says(contact, at).0;
                statement.visitor_id = visits.map(visitor);
                statement.user_id = is.map(user);
                statement.email = mails.map(email).map(match typed {
                    true => ContactEmail::OfLead,
                    false => ContactEmail::OfUser,
                });
                let other = CONTACTS.into_iter().find(|other| *other != contact);
                statement.absorbed = other.filter(|_| absorbs).map(super::contact);
                statement.presence = presence;
                statement
            },
        )
}

/// Anything that a recorder may say of a session.
fn identification() -> impl Strategy<Value = Vec<Alias>> {
    let alias = (0..4, name()).prop_map(|(kind, name)| match kind {
        0 => browser(name),
        1 => visitor(name),
        2 => user(name),
        _ => email(name),
    });
    prop::collection::vec(alias, 1..4)
}

/// The same, but nobody's e-mail address is ever said of anybody else: where that is said, whether an address
/// proves something depends on what was known when it was asked.
fn consistent(said: &[Said]) -> bool {
    said.iter().all(|said| match said {
        Said::ByIntercom(statement) => match (&statement.user_id, &statement.email) {
            (Some(user_id), Some(ContactEmail::OfUser(address))) => is_one(user_id, address),
            _ => true,
        },
        Said::ByRecorder(_, aliases) => {
            let users = aliases
                .iter()
                .filter(|alias| **alias == user("ada") || **alias == user("bob"));
            let addresses = || {
                aliases
                    .iter()
                    .filter(|alias| **alias == email("ada") || **alias == email("bob"))
            };
            users
                .clone()
                .all(|user| addresses().all(|address| is_one(user, address)))
        }
    })
}

fn is_one(user_id: &Alias, address: &Alias) -> bool {
    NAMES
        .iter()
        .any(|name| *user_id == user(name) && *address == email(name))
}

/// A shop of its own in the same database: the same names are the same rows.
async fn reopened(shop: &Shop, table: String) -> Shop {
    let client = shop.fixture.client.clone();
    store::create_table(&client, &table).await.unwrap();
    let store = Store::new(client.clone(), &table, master_key());
    let fixture = Fixture {
        recordings: Recordings::new(store.clone(), shop.fixture.bucket.clone()),
        store,
        client,
        bucket: shop.fixture.bucket.clone(),
        calls: shop.fixture.calls.clone(),
        now: shop.fixture.now,
        table,
    };
    let (organization, workspace) = fixture.connected("shop").await;
    Shop {
        fixture,
        organization,
        workspace,
    }
}

impl Shop {
    async fn play(&self, said: &[Said]) {
        for said in said {
            match said {
                Said::ByIntercom(statement) => {
                    self.try_apply(statement).await.unwrap();
                }
                Said::ByRecorder(session, aliases) => {
                    let session = format!("s{session}");
                    self.fixture
                        .identify(&self.organization, &session, aliases)
                        .await;
                }
            }
        }
    }

    /// What is found by every alias there is.
    async fn found(&self) -> Vec<(Vec<String>, Vec<String>)> {
        let mut queries: Vec<ContactQuery> = CONTACTS.iter().map(|id| by_id(id)).collect();
        for name in NAMES {
            for alias in [browser(name), visitor(name), user(name), email(name)] {
                for role in [ContactRole::User, ContactRole::Lead] {
                    queries.push(by(role, std::slice::from_ref(&alias)));
                }
            }
        }
        let mut found = Vec::new();
        for query in queries {
            found.push(self.shown(&query).await);
        }
        found
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    }
}

/// Said in order, and the same said in another order and some of it repeated.
fn twice_told<T: Clone + std::fmt::Debug + 'static>(
    said: impl Strategy<Value = Vec<T>>,
) -> impl Strategy<Value = (Vec<T>, Vec<T>)> {
    said.prop_flat_map(|said| {
        let repeats = prop::sample::subsequence(said.clone(), 0..=said.len().min(3));
        let again = repeats.prop_flat_map({
            let said = said.clone();
            move |repeats| Just([said.clone(), repeats].concat()).prop_shuffle()
        });
        (Just(said), again)
    })
}

#[test]
fn in_any_order_statements_make_the_same_rows() {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::open());
    let case = std::cell::Cell::new(0);
    let recorded = prop::collection::vec(identification(), 0..4);
    let told = twice_told(prop::collection::vec(statement(), 1..7));
    proptest!(config(24), |(recorded in recorded, (said, again) in told)| {
        let recorded: Vec<Said> = recorded.into_iter().enumerate()
            .map(|(session, aliases)| Said::ByRecorder(session, aliases))
            .collect();
        let mut rows = Vec::new();
        for statements in [said, again] {
            case.set(case.get() + 1);
            let statements: Vec<Said> = statements.into_iter()
                .map(|statement| Said::ByIntercom(Box::new(statement)))
                .collect();
            rows.push(runtime.block_on(async {
                let shop = reopened(&shop, format!("{TABLE}-{}", case.get())).await;
                shop.play(&recorded).await;
                shop.play(&statements).await;
                (shop.aliases().await, shop.contacts().await)
            }));
        }
        prop_assert_eq!(&rows[0], &rows[1]);
    });
}

#[test]
fn in_any_order_with_what_is_recorded_the_same_sessions_are_found() {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::open());
    let case = std::cell::Cell::new(0);
    let by_intercom = statement().prop_map(|statement| Said::ByIntercom(Box::new(statement)));
    let by_recorder = (0_usize..3, identification())
        .prop_map(|(session, aliases)| Said::ByRecorder(session, aliases));
    let said = prop::collection::vec(prop_oneof![by_intercom, by_recorder], 2..8)
        .prop_filter("everybody has an address of their own", |said| {
            consistent(said)
        });
    proptest!(config(16), |((said, again) in twice_told(said))| {
        let mut found = Vec::new();
        for said in [said, again] {
            case.set(case.get() + 1);
            found.push(runtime.block_on(async {
                let shop = reopened(&shop, format!("{TABLE}-{}", case.get())).await;
                for session in 0..3 {
                    let (fixture, organization) = (&shop.fixture, &shop.organization);
                    fixture.summarize(organization, &format!("s{session}"), fixture.now).await;
                }
                shop.play(&said).await;
                shop.found().await
            }));
        }
        prop_assert_eq!(&found[0], &found[1]);
    });
}
