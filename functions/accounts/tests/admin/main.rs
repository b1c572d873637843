//! The page of problems over an embedded table.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod accounts_pages;

use accounts::State;
use identity::OrganizationId;
use intercom::{Hosts, HttpsUrl};
use jiff::SignedDuration;
use lambda_http::Body;
use lambda_http::http::{HeaderMap, Request};
use mirror::Mirror;
use pages::addresses::Pages;
use pages::sign_in::SignIn;
use pages::signed::Signer;
use platform::secrets::Secrets;
use replay::MomentKind;
use store::{Connection, SignInId};
use test_support::{TABLE, TestStack, environment, master_key, new_connection, problem};

/// The page, and an admin of a workspace.
struct Admin {
    stack: TestStack,
    state: State,
    connection: Connection,
}

impl Admin {
    async fn start() -> Self {
        let stack = TestStack::start().await;
        let host = HttpsUrl::parse("https://app.example.com").unwrap();
        Self {
            state: State {
                store: stack.store.clone(),
                mirror: Mirror::new(&stack.table, TABLE, master_key()),
                hosts: Hosts::default(),
                secrets: test_support::secrets(),
                pages: Pages::on(&host),
                clock: stack.clock.clone(),
            },
            connection: connect(&stack, "shop").await,
            stack,
        }
    }

    fn cookie(&self, connection: &Connection) -> String {
        let now = self.stack.now();
        let sign_in = SignIn {
            id: SignInId::from_random([7; 16]),
            organization: connection.organization.clone(),
            workspace: connection.workspace.clone(),
            admin: connection.connected_by.clone().unwrap(),
            epoch: connection.epoch,
            issued_at: now,
        };
        let signer = Signer::of(&Secrets::of_environment(&environment())).unwrap();
        let cookie = sign_in.cookie(&HeaderMap::new(), &signer, now).unwrap();
        cookie
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned()
    }

    async fn ask(&self, method: &str, target: &str, cookie: &str) -> (u16, String) {
        let request = Request::builder()
            .method(method)
            .uri(format!("https://app.example.com{target}"))
            .header("cookie", cookie)
            .body(Body::Empty)
            .unwrap();
        let response = accounts::handle(&self.state, request).await;
        let body = String::from_utf8_lossy(response.body()).into_owned();
        (response.status().as_u16(), body)
    }

    /// What the admin sees.
    async fn see(&self, target: &str) -> String {
        let (status, page) = self
            .ask("GET", target, &self.cookie(&self.connection))
            .await;
        assert_eq!(status, 200, "{target}: {page}");
        page
    }

    /// So many people have a problem.
    async fn happens(&self, kind: MomentKind, number: u64, people: usize) {
        let day = self.stack.now().as_second();
        let organization: &OrganizationId = &self.connection.organization;
        for person in 0..people {
            let session = format!("s-{day}-{number}-{person}");
            let problems = [problem(kind, number)];
            self.stack.brings(organization, &session, &problems).await;
        }
    }

    fn pass(&self, days: i64) {
        self.stack
            .clock
            .advance(SignedDuration::from_hours(24 * days));
    }
}

async fn connect(stack: &TestStack, workspace: &str) -> Connection {
    let new = new_connection(workspace, "Shop");
    let connections = stack.store.connections();
    connections.connect(&new, stack.now()).await.unwrap()
}

/// The numbers of the problems on a page, in order.
fn numbers(page: &str) -> Vec<u64> {
    let links = page.split("href=\"/problems/").skip(1);
    links
        .map(|link| u64::from_str_radix(&link[..16], 16).unwrap())
        .collect()
}

#[tokio::test]
async fn problems_are_shown_with_how_many_had_them_where_and_a_recording() {
    let admin = Admin::start().await;
    admin.happens(MomentKind::JsError, 1, 1).await;
    admin.happens(MomentKind::RageClick, 2, 12).await;
    let page = admin.see("/problems").await;
    assert_eq!(numbers(&page), [2, 1]);
    for said in [
        "Problem number 2",
        "12 people",
        "12 sessions",
        "1 person",
        "Rage click",
        "/cart",
        "Firefox 145",
        "?t=15\"",
        "aria-current=\"page\">Problems",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let page = admin.see("/problems/0000000000000002").await;
    assert_eq!(page.matches("Watch at 0:20").count(), 5);
    for said in [
        "12 people",
        "Of each day the first five",
        "0000000000000002",
        "Nov 20, 2026",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
}

#[tokio::test]
async fn new_and_growing_ones_and_kinds_can_be_chosen() {
    let admin = Admin::start().await;
    admin.happens(MomentKind::JsError, 1, 2).await;
    admin.happens(MomentKind::JsError, 2, 9).await;
    admin.pass(5);
    admin.happens(MomentKind::JsError, 1, 3).await;
    admin.happens(MomentKind::JsError, 2, 1).await;
    admin.happens(MomentKind::DeadClick, 3, 1).await;
    for (target, expected) in [
        ("/problems", vec![2, 1, 3]),
        ("/problems?days=1", vec![1, 3, 2]),
        ("/problems?days=1&show=new", vec![3]),
        ("/problems?show=growing", vec![1]),
        ("/problems?kind=dead_click", vec![3]),
        // What nobody offers counts as not said.
        ("/problems?kind=page&days=9&show=all&from=x", vec![2, 1, 3]),
    ] {
        let mut found = numbers(&admin.see(target).await);
        let mut expected = expected;
        if target.contains("days=1") && !target.contains("show") {
            // Two of them are equally frequent.
            found[1..].sort_unstable();
            expected[1..].sort_unstable();
        }
        assert_eq!(found, expected, "{target}");
    }
    let page = admin.see("/problems?days=1&show=new").await;
    assert!(
        page.contains("<input type=\"hidden\" name=\"show\" value=\"new\">"),
        "{page}"
    );
    assert!(
        page.contains(">New</span>") && !page.contains(">Growing</span>"),
        "{page}"
    );
}

#[tokio::test]
async fn more_than_a_page_are_shown_page_by_page() {
    let admin = Admin::start().await;
    for number in 0..3 {
        let problems: Vec<_> = (0..10)
            .map(|more| problem(MomentKind::JsError, 1 + 10 * number + more))
            .collect();
        let session = format!("s-{number}");
        admin
            .stack
            .brings(&admin.connection.organization, &session, &problems)
            .await;
    }
    let page = admin.see("/problems").await;
    assert_eq!(numbers(&page).len(), 25);
    assert!(page.contains("href=\"/problems?from=25\""), "{page}");
    let rest = admin.see("/problems?from=25").await;
    assert_eq!(numbers(&rest).len(), 5);
    assert!(rest.contains("First page"), "{rest}");
}

#[tokio::test]
async fn where_there_is_nothing_a_page_says_why() {
    let admin = Admin::start().await;
    for (target, said) in [
        ("/problems", "Nothing went wrong"),
        ("/problems?show=new", "Nothing new went wrong"),
        ("/problems?show=growing", "Nothing is growing"),
        ("/problems?kind=rage_click", "None of these"),
        ("/problems?from=25", "No further problems"),
    ] {
        let page = admin.see(target).await;
        assert!(page.contains(said), "{target}: {page}");
    }
}

#[tokio::test]
async fn only_an_admin_of_the_organization_sees_them() {
    let admin = Admin::start().await;
    admin.happens(MomentKind::JsError, 1, 1).await;
    let rival = connect(&admin.stack, "rival").await;
    let (own, rival) = (admin.cookie(&admin.connection), admin.cookie(&rival));
    let one = "/problems/0000000000000001";
    for (method, target, cookie, expected) in [
        ("GET", one, &*own, 200),
        ("GET", "/problems", "", 403),
        ("GET", one, "", 403),
        ("GET", one, "recapt_session=forged", 403),
        ("GET", one, &rival, 404),
        ("GET", "/problems/0000000000000009", &own, 404),
        ("GET", "/problems/x", &own, 404),
        ("GET", "/problems/a/b", &own, 404),
        ("POST", "/problems", &own, 405),
    ] {
        let (status, page) = admin.ask(method, target, cookie).await;
        assert_eq!(status, expected, "{method} {target}: {page}");
        assert_eq!(
            page.contains("Problem number 1"),
            expected == 200,
            "{target}"
        );
        if status == 403 {
            assert!(
                page.contains("Sign in") && page.contains("wanted="),
                "{page}"
            );
        }
    }
    let (status, page) = admin.ask("GET", "/problems", &rival).await;
    assert_eq!((status, numbers(&page)), (200, vec![]));
}
