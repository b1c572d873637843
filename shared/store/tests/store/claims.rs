//! What anybody may say with the public write key: it finds sessions, and touches nobody else's.

use std::collections::BTreeSet;

use identity::{Alias, OrganizationId, PersonId, WorkspaceId};
use store::{
    ContactLookup, ContactQuery, ContactRole, Identification, PageRequest, PersonErasure,
    SessionPage,
};

use crate::fixture::{Fixture, names};

fn email(name: &str) -> Alias {
    Alias::email(&format!("{name}@shop.example")).unwrap()
}

fn user(id: &str) -> Alias {
    Alias::user_id(id).unwrap()
}

fn browser(id: &str) -> Alias {
    Alias::anonymous_id(id).unwrap()
}

/// A shop, and how its visitors are looked at.
struct Shop {
    fixture: Fixture,
    organization: OrganizationId,
    workspace: WorkspaceId,
}

impl Shop {
    async fn open() -> Self {
        let fixture = Fixture::start().await;
        let (organization, workspace) = fixture.connected("shop").await;
        Self {
            fixture,
            organization,
            workspace,
        }
    }

    async fn verified(&self, session: &str, aliases: &[Alias]) {
        let fixture = &self.fixture;
        fixture.identify(&self.organization, session, aliases).await;
        self.summarize(session).await;
    }

    async fn claimed(&self, session: &str, aliases: &[Alias]) {
        let fixture = &self.fixture;
        fixture.claim(&self.organization, session, aliases).await;
        self.summarize(session).await;
    }

    async fn summarize(&self, session: &str) {
        let fixture = &self.fixture;
        fixture
            .summarize(&self.organization, session, fixture.now)
            .await;
    }

    async fn look_up(&self, aliases: &[Alias]) -> ContactLookup {
        let query = ContactQuery {
            role: Some(ContactRole::User),
            ..ContactQuery::of(aliases)
        };
        let found = self.fixture.store.find_contact(&self.workspace, &query);
        found.await.unwrap()
    }

    async fn page(&self, contact: &ContactLookup, page: &PageRequest) -> SessionPage {
        let (people, claimed) = (contact.people(), contact.claimed_people());
        let sessions = self.fixture.store.of(&self.organization).sessions();
        let page = sessions.with_claims(&people, &claimed, page, self.fixture.now);
        page.await.unwrap()
    }

    /// Sessions of a contact that are surely theirs, and those that are claimed to be.
    async fn sessions(&self, aliases: &[Alias]) -> (BTreeSet<String>, BTreeSet<String>) {
        let contact = self.look_up(aliases).await;
        let surely = contact.people();
        let first = PageRequest {
            limit: 50,
            before: None,
        };
        let rows = self.page(&contact, &first).await.sessions.into_iter();
        let (surely, claimed): (Vec<_>, Vec<_>) =
            rows.partition(|row| surely.contains(&row.person));
        let names = |rows: Vec<_>| names(&rows).into_iter().map(str::to_owned).collect();
        (names(surely), names(claimed))
    }
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn a_claim_finds_its_session_and_joins_no_two_people() {
    let shop = Shop::open().await;
    shop.claimed("ada", &[user("1"), email("ada")]).await;
    shop.claimed("bob", &[user("2"), email("bob")]).await;
    // Somebody says that all of them are one.
    for (number, pair) in [
        [user("1"), email("bob")],
        [user("2"), email("ada")],
        [user("9"), email("ada")],
    ]
    .iter()
    .enumerate()
    {
        shop.claimed(&format!("fake-{number}"), pair).await;
    }
    let (surely, claimed) = shop.sessions(&[user("1"), email("ada")]).await;
    assert_eq!(surely, set(&[]));
    assert_eq!(claimed, set(&["ada", "fake-0"]), "the user id tells apart");
    let contact = shop.look_up(&[user("1"), email("ada")]).await;
    assert_eq!(contact.conflict, None, "nobody is silenced by claims");
}

#[tokio::test]
async fn two_accounts_with_one_address_are_told_apart_by_the_user_id_whoever_says_it() {
    for is_verified in [true, false] {
        let shop = Shop::open().await;
        for (session, id) in [("a", "A-1"), ("b", "B-2")] {
            let aliases = [email("team"), user(id)];
            match is_verified {
                true => shop.verified(session, &aliases).await,
                false => shop.claimed(session, &aliases).await,
            }
        }
        for (id, own) in [("A-1", "a"), ("B-2", "b")] {
            let (surely, claimed) = shop.sessions(&[user(id)]).await;
            let all: BTreeSet<String> = surely.union(&claimed).cloned().collect();
            assert_eq!(all, set(&[own]), "{is_verified}");
            assert_eq!(surely.is_empty(), !is_verified);
            let contact = shop.look_up(&[user(id)]).await;
            assert_eq!(contact.conflict, None, "{is_verified}");
        }
    }
}

#[tokio::test]
async fn claims_come_after_all_verified_sessions_however_many_and_page_by_page() {
    let shop = Shop::open().await;
    let contact = [user("1"), email("ada")];
    shop.verified("real-0", &contact).await;
    shop.verified("real-1", &contact[..1]).await;
    for number in 0..25 {
        let other = email(&format!("fake{number}"));
        let fake = match number % 2 {
            0 => [contact[0].clone(), contact[1].clone()],
            _ => [contact[0].clone(), other],
        };
        shop.claimed(&format!("fake-{number:02}"), &fake).await;
    }
    let contact = shop.look_up(&contact).await;
    for limit in [1, 2, 3, 10] {
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let page = shop.page(&contact, &PageRequest { limit, before }).await;
            assert!(page.sessions.len() <= limit);
            seen.extend(names(&page.sessions).into_iter().map(str::to_owned));
            // As it travels through a canvas.
            let next = page.next.map(|next| next.to_string());
            before = next.map(|next| store::SessionCursor::parse(&next).unwrap());
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen[..2], ["real-1", "real-0"], "{limit}");
        let distinct: BTreeSet<&String> = seen.iter().collect();
        assert_eq!((seen.len(), distinct.len()), (27, 27), "{limit}");
    }
}

#[tokio::test]
async fn an_alias_that_is_flooded_keeps_what_was_there_and_what_is_verified() {
    let shop = Shop::open().await;
    shop.claimed("first", &[user("1")]).await;
    for number in 0..60 {
        let fake = [user("1"), email(&format!("fake{number}"))];
        let session = format!("fake-{number}");
        shop.fixture
            .claim(&shop.organization, &session, &fake)
            .await;
    }
    shop.verified("real", &[user("1")]).await;
    let contact = shop.look_up(&[user("1")]).await;
    assert!(
        contact.claims[0].people.len() <= 50,
        "no row grows for good"
    );
    shop.claimed("last", &[user("1"), email("ada")]).await;
    let (surely, claimed) = shop.sessions(&[user("1"), email("ada")]).await;
    assert_eq!((surely, claimed), (set(&["real"]), set(&["first", "last"])));
}

#[tokio::test]
async fn a_session_moves_as_more_is_said_of_it_and_stands_in_one_list() {
    let shop = Shop::open().await;
    let organization = &shop.organization;
    let contact = [user("1"), email("ada")];
    let all = |aliases: Vec<Alias>| {
        let shop = &shop;
        async move { shop.sessions(&aliases).await }
    };
    shop.claimed("s1", &[browser("b1")]).await;
    assert_eq!(all(contact.to_vec()).await, (set(&[]), set(&[])));

    let mut said = vec![browser("b1"), contact[0].clone()];
    shop.fixture.claim(organization, "s1", &said).await;
    assert_eq!(all(contact.to_vec()).await, (set(&[]), set(&["s1"])));

    said.push(contact[1].clone());
    shop.fixture.claim(organization, "s1", &said).await;
    assert_eq!(all(contact.to_vec()).await, (set(&[]), set(&["s1"])));

    shop.fixture
        .identify(organization, "s1", &contact[..1])
        .await;
    assert_eq!(all(contact.to_vec()).await, (set(&["s1"]), set(&[])));

    // What is claimed afterwards moves it nowhere.
    shop.fixture.claim(organization, "s1", &[user("2")]).await;
    shop.summarize("s1").await;
    assert_eq!(all(contact.to_vec()).await, (set(&["s1"]), set(&[])));
    let stored = shop.fixture.store.of(organization).sessions();
    let session = crate::fixture::id("s1");
    let stored = stored.read(&session, shop.fixture.now);
    let stored = stored.await.unwrap().unwrap();
    assert!(!stored.is_claimed);
    assert_eq!(stored.aliases.user_id.as_deref(), Some("1"));
}

#[tokio::test]
async fn a_run_during_which_a_session_moves_leaves_it_in_one_list() {
    let shop = Shop::open().await;
    let (fixture, organization) = (&shop.fixture, &shop.organization);
    shop.claimed("s1", &[user("1")]).await;
    let running = fixture.begin(organization, "s1").await;
    fixture.identify(organization, "s1", &[user("1")]).await;
    let outrun = fixture.finish(&running, fixture.now).await.unwrap();
    assert_eq!(outrun, store::SaveOutcome::Outrun);
    shop.summarize("s1").await;
    let expected = (set(&["s1"]), set(&[]));
    assert_eq!(shop.sessions(&[user("1")]).await, expected);
    let rows = fixture.everything().await;
    let listed = rows
        .iter()
        .filter(|row| row.contains("PERSON#") && row.contains("SK=SESSION#"));
    assert_eq!(listed.count(), 1);
}

#[tokio::test]
async fn what_a_browser_did_before_somebody_said_who_it_is_is_claimed_too() {
    let shop = Shop::open().await;
    shop.claimed("before", &[browser("b1")]).await;
    shop.claimed("after", &[browser("b1"), user("1")]).await;
    let expected = (set(&[]), set(&["before", "after"]));
    assert_eq!(shop.sessions(&[user("1")]).await, expected);
    assert!(shop.look_up(&[user("1")]).await.shared.is_empty());

    // Somebody else uses it as well: then it may be either's, and their own sessions stay apart.
    shop.claimed("other", &[browser("b1"), user("2")]).await;
    for (id, own) in [("1", "after"), ("2", "other")] {
        let (_, claimed) = shop.sessions(&[user(id)]).await;
        assert_eq!(claimed, set(&["before", own]));
        let contact = shop.look_up(&[user(id)]).await;
        assert_eq!(contact.shared.len(), 1, "{id}");
        assert!(
            contact
                .claimed_people()
                .ends_with(&[contact.shared.iter().next().cloned().unwrap()])
        );
    }
}

#[tokio::test]
async fn what_stands_beside_a_signature_is_a_claim() {
    let shop = Shop::open().await;
    shop.verified("bob", &[email("bob")]).await;
    let said = Identification {
        verified: vec![user("evil")],
        claimed: vec![email("bob"), browser("b1")],
        is_signed: true,
    };
    shop.fixture.say_of(&shop.organization, "s1", &said).await;
    shop.summarize("s1").await;
    let bob = ContactQuery::of(&[email("bob")]);
    let bob = shop.fixture.store.find_contact(&shop.workspace, &bob);
    let bob = bob.await.unwrap();
    assert_eq!(bob.people().len(), 1);
    assert_eq!(bob.claimed_people().len(), 1);
    let (surely, _) = shop.sessions(&[user("evil")]).await;
    assert_eq!(surely, set(&["s1"]));
}

#[tokio::test]
async fn erasing_one_person_takes_nobody_along_that_a_claim_has_joined() {
    let shop = Shop::open().await;
    let people = 12;
    for number in 0..people {
        let own = [user(&format!("u{number}")), email(&number.to_string())];
        shop.verified(&format!("verified-{number}"), &own[..1])
            .await;
        shop.claimed(&format!("own-{number}"), &own).await;
        // A chain through everybody.
        let next = [own[0].clone(), email(&((number + 1) % people).to_string())];
        shop.claimed(&format!("chain-{number}"), &next).await;
    }
    let everything = shop.fixture.everything().await;
    let sessions = |rows: &BTreeSet<String>| -> BTreeSet<String> {
        let name = |row: &String| {
            let (_, rest) = row.split_once("#SESSION#")?;
            Some(rest.split_once(" SK=META")?.0.to_owned())
        };
        rows.iter().filter_map(name).collect()
    };
    let before = sessions(&everything);
    assert_eq!(before.len(), 3 * people);

    let erasure = |alias: Alias| {
        let erasures = shop.fixture.store.of(&shop.organization).erasures();
        erasures.begin(&alias, shop.fixture.now)
    };
    let preview = shop
        .fixture
        .store
        .preview_erasure(erasure(user("u3")), shop.fixture.now);
    let preview = preview.await.unwrap();
    assert_eq!((preview.sessions, preview.people), (3, 3));
    assert_eq!(preview.other_names, [""; 0]);
    shop.fixture.erase(&shop.organization, &user("u3")).await;
    let after = sessions(&shop.fixture.everything().await);
    let gone: BTreeSet<String> = before.difference(&after).cloned().collect();
    assert_eq!(gone, set(&["verified-3", "own-3", "chain-3"]));
}

#[tokio::test]
async fn an_erasure_follows_what_is_verified_and_says_so_before() {
    let shop = Shop::open().await;
    shop.verified("both", &[user("1"), email("ada")]).await;
    shop.verified("by-id", &[user("1")]).await;
    shop.claimed("fake", &[user("1"), email("stranger")]).await;
    shop.claimed("stranger", &[email("stranger")]).await;
    let erasure = shop.fixture.store.of(&shop.organization).erasures();
    let erasure = erasure.begin(&email("ada"), shop.fixture.now);
    let preview = shop
        .fixture
        .store
        .preview_erasure(erasure, shop.fixture.now);
    let preview = preview.await.unwrap();
    assert_eq!(preview.other_names, ["1"]);
    assert_eq!(preview.sessions, 3);
    shop.fixture.erase(&shop.organization, &email("ada")).await;
    let left = (set(&[]), set(&["stranger"]));
    assert_eq!(shop.sessions(&[email("stranger")]).await, left);
    assert_eq!(shop.sessions(&[user("1")]).await, (set(&[]), set(&[])));
}

#[tokio::test]
async fn erasing_a_claimed_person_takes_what_was_claimed_with_exactly_these_names() {
    let shop = Shop::open().await;
    shop.verified("real", &[user("1")]).await;
    shop.claimed("fake", &[user("1"), email("ada")]).await;
    shop.claimed("other", &[email("ada")]).await;
    let contact = shop.look_up(&[user("1")]).await;
    let fake: Vec<PersonId> = contact.claimed_people();
    let now = shop.fixture.now;
    let erasure = PersonErasure::of_person(&shop.organization, &fake[0], now);
    shop.fixture.finish_erasure(erasure).await;
    assert_eq!(
        shop.sessions(&[user("1")]).await,
        (set(&["real"]), set(&[]))
    );
    let (_, claimed) = shop.sessions(&[email("ada")]).await;
    assert_eq!(claimed, set(&["other"]));
}

#[tokio::test]
async fn erasing_one_of_two_accounts_with_one_address_leaves_the_other() {
    let shop = Shop::open().await;
    for (session, id) in [("a", "A-1"), ("b", "B-2")] {
        shop.verified(session, &[email("team"), user(id)]).await;
    }
    shop.fixture.erase(&shop.organization, &user("A-1")).await;
    assert_eq!(shop.sessions(&[user("A-1")]).await.0, set(&[]));
    assert_eq!(shop.sessions(&[user("B-2")]).await.0, set(&["b"]));
}

#[tokio::test]
async fn a_claim_of_an_erased_name_ends_no_verified_session() {
    let shop = Shop::open().await;
    shop.claimed("mine", &[email("me")]).await;
    shop.verified("real", &[user("1")]).await;
    shop.fixture.erase(&shop.organization, &email("me")).await;
    let said = Identification::claimed(&[email("me")]);
    shop.fixture.say_of(&shop.organization, "real", &said).await;
    assert_eq!(shop.sessions(&[user("1")]).await.0, set(&["real"]));
}

#[tokio::test]
async fn no_row_grows_for_good_whatever_is_claimed() {
    let shop = Shop::open().await;
    for number in 0..60 {
        let names = [email("ada"), user(&format!("u{number}")), browser("b1")];
        shop.fixture.claim(&shop.organization, "s1", &names).await;
    }
    let rows = shop.fixture.everything().await;
    let longest = rows
        .iter()
        .filter(|row| row.contains("ALIAS#"))
        .map(String::len);
    assert!(longest.max().unwrap_or(0) < 16_000);
    shop.verified("real", &[email("ada")]).await;
    assert_eq!(shop.sessions(&[email("ada")]).await.0, set(&["real"]));
}

#[tokio::test]
async fn a_signature_proves_who_somebody_is_and_not_whose_a_session_is() {
    let shop = Shop::open().await;
    shop.verified("ada", &[user("1")]).await;
    shop.verified("bob", &[user("2")]).await;
    let said = Identification {
        verified: vec![user("2")],
        is_signed: true,
        ..Identification::default()
    };
    shop.fixture.say_of(&shop.organization, "ada", &said).await;
    assert_eq!(shop.sessions(&[user("1")]).await.0, set(&["ada"]));
    assert_eq!(shop.sessions(&[user("2")]).await.0, set(&["bob"]));
}
