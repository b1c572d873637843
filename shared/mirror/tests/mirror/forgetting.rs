//! Erasing somebody, and forgetting a workspace.

use identity::{Alias, OrganizationId, WorkspaceId};
use mirror::{Choices, DataEvent, Forgotten, MomentKind, Named};

use crate::fixture::{Fixture, KEPT, as_of, at, company, contact, conversation, part, session};

/// A company of two people, each with a session, a conversation and an event.
async fn fill(fixture: &Fixture) {
    let here = fixture.here();
    here.choose(&Choices::everything()).await.unwrap();
    let said = company("1", "One", 1);
    here.companies().put(&said, as_of(1), KEPT).await.unwrap();
    for (id, other) in [("c1", "c2"), ("c2", "c1")] {
        let said = contact(id, &format!("{id}@b.example"), 1);
        here.contacts().put(&said, as_of(1), at(9)).await.unwrap();
        let belongs = here.memberships();
        belongs.set((id, "1"), true, as_of(1), at(9)).await.unwrap();
        let moment = session(&format!("s-{id}"), id, 1, 0);
        let moments = here.moments();
        moments.put(&moment, as_of(1), KEPT, at(9)).await.unwrap();
        let alone = (format!("v-{id}"), vec![id]);
        let together = (format!("group-{id}"), vec![id, other]);
        for (number, contacts) in [alone, together] {
            let said = conversation(&number, &contacts, 1);
            let conversations = here.conversations();
            let parts = [part("p1", "secret", 1, 1)];
            let put = conversations.put((&said, &parts), as_of(1), KEPT, at(9));
            put.await.unwrap();
        }
        let event = DataEvent {
            id: format!("e-{id}"),
            name: "placed-order".to_owned(),
            created_at: Some(at(1)),
            contact: Some(id.to_owned()),
            ..DataEvent::default()
        };
        let events = here.events();
        events.put(&event, at(1), KEPT, at(9)).await.unwrap();
    }
    let tag = Named {
        id: "1".to_owned(),
        name: "VIP".to_owned(),
    };
    here.vocabulary().put_tags(&[tag], at(1)).await.unwrap();
}

#[tokio::test]
async fn whoever_is_erased_leaves_nothing_and_does_not_come_back() {
    let fixture = Fixture::start().await;
    fill(&fixture).await;
    let here = fixture.here();
    here.erase_contact("c1", at(10)).await.unwrap();
    here.erase_contact("c1", at(11)).await.unwrap();

    let said = contact("c1", "c1@b.example", 60);
    here.contacts().put(&said, as_of(60), at(61)).await.unwrap();
    let alias = Alias::email("c1@b.example").unwrap();
    assert!(
        here.contacts()
            .find(&alias, at(61))
            .await
            .unwrap()
            .is_empty()
    );
    assert!(here.contacts().get("c1", at(61)).await.unwrap().is_none());
    let conversations = here.conversations();
    assert!(conversations.get("v-c1", at(61)).await.unwrap().is_none());
    // What others take part in stays, without what the person wrote.
    for group in ["group-c1", "group-c2"] {
        assert!(conversations.get(group, at(61)).await.unwrap().is_some());
        assert!(conversations.parts(group, at(61)).await.unwrap().is_empty());
    }
    assert_eq!(conversations.parts("v-c2", at(61)).await.unwrap().len(), 1);
    for kind in MomentKind::ALL {
        let moments = here.moments();
        let of_company = moments.of_company("1", kind, None, 50, at(61)).await;
        let of_company = of_company.unwrap();
        assert!(!of_company.is_empty(), "{kind:?} of the other one");
        assert!(
            of_company.iter().all(|moment| moment.contact != "c1"),
            "{kind:?}"
        );
    }
}

#[tokio::test]
async fn a_workspace_that_is_forgotten_leaves_what_was_chosen_and_nothing_else() {
    let fixture = Fixture::start().await;
    fill(&fixture).await;
    let here = fixture.here();
    let mut steps = 0;
    while here.forget_step(at(20)).await.unwrap() == Forgotten::More {
        steps += 1;
        assert!(steps < 50);
    }
    let left = fixture.keys().await;
    let left: Vec<_> = left
        .iter()
        .filter(|key| !key.contains("#NOTED_SESSION#"))
        .collect();
    assert_eq!(left, ["ORG#org_a#MIRROR#ab12#CHOICES CHOICES"]);
}

#[tokio::test]
async fn nobody_sees_another_workspaces_or_organizations() {
    let fixture = Fixture::start().await;
    fill(&fixture).await;
    let organization = |id| OrganizationId::parse(id).unwrap();
    let workspace = |id| WorkspaceId::parse(id).unwrap();
    for (other, place) in [("org_b", "ab12"), ("org_a", "cd34")] {
        let (other, place) = (organization(other), workspace(place));
        let there = fixture.mirror.of(&other, &place);
        assert!(there.companies().list(at(9)).await.unwrap().is_empty());
        assert!(there.companies().get("1", at(9)).await.unwrap().is_none());
        assert!(there.contacts().get("c1", at(9)).await.unwrap().is_none());
        let alias = Alias::email("c1@b.example").unwrap();
        assert!(
            there
                .contacts()
                .find(&alias, at(9))
                .await
                .unwrap()
                .is_empty()
        );
        let conversations = there.conversations();
        assert!(conversations.get("v-c1", at(9)).await.unwrap().is_none());
        assert!(conversations.parts("v-c1", at(9)).await.unwrap().is_empty());
        assert_eq!(there.choices().await.unwrap(), Choices::default());
        assert!(there.vocabulary().tags(at(9)).await.unwrap().is_empty());
        // And forgets nothing of it.
        assert_eq!(there.forget_step(at(9)).await.unwrap(), Forgotten::All);
    }
    assert_eq!(
        fixture.here().companies().list(at(9)).await.unwrap().len(),
        1
    );
}
