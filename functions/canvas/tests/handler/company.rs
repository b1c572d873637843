//! Whose the contact is, as the panel says it.

use identity::{Alias, OrganizationId, WorkspaceId};
use mirror::{AsOf, Company, Moment, SessionLine, What};
use store::ConnectionStatus::Connected;

use crate::fixture::{Fixture, fingerprint, request};

/// Long after everything here.
const KEPT: i64 = 4_000_000_000;

const EMAIL: &str = "ada@example.com";

/// Ada's workspace with one session of hers, and her company, of which others had these problems.
async fn acme(had: &[(&str, &str, bool)]) -> Fixture {
    let fixture = Fixture::start().await;
    let organization: OrganizationId = fixture.connect("shop", Connected).await;
    let ada = Alias::email(EMAIL).unwrap();
    fixture.record(&organization, &ada, 1).await;
    let workspace = WorkspaceId::parse("shop").unwrap();
    let mirror = fixture.state.mirror.of(&organization, &workspace);
    let now = fixture.now();
    let company = Company {
        id: "1".to_owned(),
        name: Some("Acme".to_owned()),
        plan: Some("Pro".to_owned()),
        ..Company::default()
    };
    let companies = mirror.companies();
    companies.put(&company, AsOf::at(now), KEPT).await.unwrap();
    for contact in ["c1", "c2", "c3", "c4"] {
        let belongs = mirror.memberships();
        let set = belongs.set((contact, "1"), true, AsOf::at(now), now);
        set.await.unwrap();
    }
    for (number, (contact, problem, is_claimed)) in had.iter().enumerate() {
        let moment = Moment {
            at: now,
            id: format!("of-others-{number}"),
            contact: (*contact).to_owned(),
            what: What::Session(SessionLine {
                story: String::new(),
                duration_ms: 1,
                rage_clicks: 1,
                errors: 0,
                is_claimed: *is_claimed,
                problems: vec![(*problem).to_owned()],
            }),
        };
        let moments = mirror.moments();
        let put = moments.put(&moment, AsOf::at(now), KEPT, now);
        put.await.unwrap();
    }
    fixture.calls();
    fixture
}

#[tokio::test]
async fn the_company_its_plan_and_how_many_colleagues_had_the_problem_are_one_line() {
    let same = fingerprint().to_string();
    let other = "00000000000000b2";
    for (had, said) in [
        (&[][..], "**Acme** · Pro"),
        // Another problem, the contact's own, and what anybody may have said.
        (
            &[
                ("c2", other, false),
                ("c1", &same, false),
                ("c3", &same, true),
            ],
            "**Acme** · Pro",
        ),
        (
            &[
                ("c2", &same, false),
                ("c2", &same, false),
                ("c3", &same, false),
            ],
            "**Acme** · Pro · 2 colleagues had the same problem",
        ),
    ] {
        let fixture = acme(had).await;
        let canvas = fixture.initialize(&request("shop", EMAIL)).await;
        assert_eq!(canvas.text(), said);
    }
}

#[tokio::test]
async fn nobody_sees_another_organizations_company() {
    let fixture = acme(&[]).await;
    let rival = fixture.connect("rival", Connected).await;
    let ada = Alias::email(EMAIL).unwrap();
    fixture.record(&rival, &ada, 1).await;
    let canvas = fixture.initialize(&request("rival", EMAIL)).await;
    assert_eq!(canvas.text(), "");
}

#[tokio::test]
async fn a_company_costs_two_queries_and_a_batch() {
    let fixture = acme(&[]).await;
    fixture.initialize(&request("shop", EMAIL)).await;
    // Beside what a panel without one costs: whose the contact is, the companies, what their people met.
    let expected = [["BatchGetItem"; 3].as_slice(), &["Query"; 4]].concat();
    assert_eq!(fixture.calls(), expected);
}
