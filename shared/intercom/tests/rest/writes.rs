//! Contacts, companies, events and attributes, told to the fake Intercom by the client.

use intercom::Region;
use intercom::contact::Contact;
use intercom::fake::{Change, Closed, FakeAttribute, FakeIntercom, Options};
use intercom::oauth::AccessToken;
use intercom::request::Role;
use intercom::rest::{
    Advice, AttributeType, AttributeWrite, Client, CompanyWrite, ContactRole, ContactWrite, Detail,
    Done, Error, EventWrite, Metadata, Model,
};
use intercom::signature::ClientSecret;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::fixture::Fixture;

const US: Region = Region::Us;

pub(crate) fn token() -> AccessToken {
    AccessToken::parse("dG9r").unwrap()
}

pub(crate) fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub(crate) fn user(external_id: &str, email: &str) -> ContactWrite {
    ContactWrite {
        role: Some(ContactRole::User),
        external_id: text(external_id).filter(|it| !it.is_empty()),
        email: text(email).filter(|it| !it.is_empty()),
        ..ContactWrite::default()
    }
}

pub(crate) fn event(name: &str, created_at: i64, id: &str) -> EventWrite {
    EventWrite {
        event_name: name.to_owned(),
        created_at,
        id: text(id),
        ..EventWrite::default()
    }
}

pub(crate) fn attribute(name: &str, model: Model) -> AttributeWrite {
    AttributeWrite {
        name: name.to_owned(),
        model,
        data_type: AttributeType::Integer,
        description: None,
        messenger_writable: false,
    }
}

pub(crate) async fn created(client: &Client, contact: &ContactWrite) -> Contact {
    let created = client.create_contact(US, &token(), contact).await;
    created.ok().unwrap().value
}

/// What stands in the way.
fn detail<T>(result: Result<T, Error>) -> Detail {
    match result {
        Err(Error::Refused { refusal, .. }) => refusal.detail.unwrap(),
        _ => panic!("it was not refused"),
    }
}

fn status<T>(result: Result<T, Error>) -> u16 {
    match result {
        Err(Error::Refused { refusal, .. }) => refusal.status.as_u16(),
        _ => panic!("it was not refused"),
    }
}

fn event_names(intercom: &FakeIntercom, contact: &str) -> Vec<String> {
    let names = intercom.read("acme", |directory| {
        let events = directory.events_of(contact);
        events.map(|event| event.name.clone()).collect()
    });
    names.unwrap()
}

#[tokio::test]
async fn a_contact_is_made_found_and_changed() {
    let fixture = Fixture::start().await;
    let (client, token) = (fixture.client(), token());
    let made = created(&client, &user("o'hara/7", "Ada@b.example")).await;
    assert_eq!(made.role, Role::User);
    let found = client.find_contact_by_external_id(US, &token, "o'hara/7");
    let found = found.await.ok().unwrap();
    assert!(found.rate_limit.is_some());
    assert_eq!(found.value.unwrap().id, made.id);
    let searched = client.search_contacts_by_email(US, &token, "ada@b.example");
    assert_eq!(searched.await.ok().unwrap().items[0].id, made.id);

    let change = ContactWrite {
        last_seen_at: Some(1_795_176_000),
        ..ContactWrite::default()
    };
    let changed = client.update_contact(US, &token, &made.id, &change).await;
    let changed = changed.ok().unwrap().value;
    assert_eq!(
        changed.email,
        text("Ada@b.example"),
        "what is not said stays"
    );
    assert_eq!(changed.last_seen_at.unwrap().as_second(), 1_795_176_000);

    let nobody = client.find_contact_by_external_id(US, &token, "8").await;
    let nobody: Done<Option<Contact>> = nobody.ok().unwrap();
    assert!(nobody.value.is_none());
    assert_eq!(nobody.status, 404);
}

#[tokio::test]
async fn a_user_is_there_once_and_a_lead_as_often_as_one_likes() {
    let fixture = Fixture::start().await;
    let client = fixture.client();
    let made = created(&client, &user("7", "a@b.example")).await;
    for again in [
        user("7", ""),
        user("", "A@b.example"),
        user("8", "a@b.example"),
    ] {
        let taken = detail(client.create_contact(US, &token(), &again).await);
        let expected = Detail::Taken {
            contact: made.id.clone(),
            archived: false,
        };
        assert_eq!(taken, expected);
    }
    let other = created(&client, &user("8", "c@b.example")).await;
    let theirs = user("7", "");
    let taken = client
        .update_contact(US, &token(), &other.id, &theirs)
        .await;
    assert!(matches!(detail(taken), Detail::Taken { .. }));

    let lead = ContactWrite {
        role: Some(ContactRole::Lead),
        ..user("7", "a@b.example")
    };
    let first = created(&client, &lead).await;
    let second = created(&client, &lead).await;
    assert_ne!(first.external_id, second.external_id);
    let back = client.update_contact(US, &token(), &made.id, &lead).await;
    assert_eq!(detail(back), Detail::NotALead);
    let sign_up = user("9", "d@b.example");
    let signed_up = client
        .update_contact(US, &token(), &first.id, &sign_up)
        .await;
    let signed_up = signed_up.ok().unwrap().value;
    assert_eq!(
        (signed_up.role, signed_up.external_id),
        (Role::User, text("9"))
    );
}

#[tokio::test]
async fn an_archived_user_is_in_the_way_until_it_is_fetched_back() {
    let fixture = Fixture::start().await;
    let (client, token) = (fixture.client(), token());
    let made = created(&client, &user("7", "a@b.example")).await;
    client
        .archive_contact(US, &token, &made.id)
        .await
        .ok()
        .unwrap();
    let found = client.find_contact_by_external_id(US, &token, "7").await;
    assert!(found.ok().unwrap().value.is_none());
    let change = ContactWrite::default();
    let put = client.update_contact(US, &token, &made.id, &change).await;
    assert_eq!(status(put), 404);
    let taken = detail(client.create_contact(US, &token, &user("7", "")).await);
    let archived = Detail::Taken {
        contact: made.id.clone(),
        archived: true,
    };
    assert_eq!(taken, archived);
    for _ in 0..2 {
        let back = client.unarchive_contact(US, &token, &made.id).await;
        back.ok().unwrap();
    }
    let put = client.update_contact(US, &token, &made.id, &change).await;
    assert_eq!(put.ok().unwrap().value.id, made.id);
}

#[tokio::test]
async fn a_deleted_user_is_gone_at_once_or_after_a_while() {
    for takes in [SignedDuration::ZERO, SignedDuration::from_hours(1)] {
        let secret = ClientSecret::parse("s3cr=t").unwrap();
        let fixture = Fixture::with(Options {
            deletion_takes: takes,
            ..Options::new("client & id", secret)
        })
        .await;
        let (client, token) = (fixture.client(), token());
        let made = created(&client, &user("7", "")).await;
        client
            .delete_contact(US, &token, &made.id)
            .await
            .ok()
            .unwrap();
        if takes.is_zero() {
            client
                .delete_contact(US, &token, &made.id)
                .await
                .ok()
                .unwrap();
            assert_ne!(created(&client, &user("7", "")).await.id, made.id);
        } else {
            let taken = detail(client.create_contact(US, &token, &user("7", "")).await);
            assert!(matches!(taken, Detail::Taken { archived: true, .. }));
            let back = client.unarchive_contact(US, &token, &made.id).await;
            assert_eq!(detail(back), Detail::NotRestorable);
        }
    }
}

#[tokio::test]
async fn whoever_was_merged_is_not_found_under_the_old_id() {
    let fixture = Fixture::start().await;
    let (client, token) = (fixture.client(), token());
    let lead = ContactWrite {
        role: Some(ContactRole::Lead),
        ..ContactWrite::default()
    };
    let lead = created(&client, &lead).await.id;
    let made = created(&client, &user("7", "")).await.id;
    let told = client
        .send_event(US, &token, &event("looked", 10, &lead))
        .await;
    told.ok().unwrap();
    let merge = Change::MergeInto(made.clone());
    fixture.intercom.change("acme", &lead, merge).unwrap();
    let change = ContactWrite::default();
    let put = client.update_contact(US, &token, &lead, &change).await;
    assert_eq!(status(put), 404);
    assert_eq!(event_names(&fixture.intercom, &made), ["looked"]);
}

#[tokio::test]
async fn a_company_is_there_once_and_people_come_and_go() {
    let fixture = Fixture::start().await;
    let (client, token) = (fixture.client(), token());
    let acme = CompanyWrite {
        company_id: "6 & co".to_owned(),
        plan: text("pro"),
        monthly_spend: Some(100),
        ..CompanyWrite::default()
    };
    let company = client.upsert_company(US, &token, &acme).await.ok().unwrap();
    let again = client.upsert_company(US, &token, &acme).await.ok().unwrap();
    assert!(company.value == again.value);
    let found = client
        .find_company(US, &token, "6 & co")
        .await
        .ok()
        .unwrap();
    assert_eq!(found.value.unwrap().id, company.value.id);
    let none = client.find_company(US, &token, "7").await.ok().unwrap();
    assert!(none.value.is_none());

    let contact = created(&client, &user("7", "")).await.id;
    let company = company.value.id;
    let companies = |intercom: &FakeIntercom| {
        let companies = intercom.read("acme", |it| it.contact(&contact).unwrap().companies.clone());
        companies.unwrap()
    };
    for _ in 0..2 {
        let attached = client.attach_company(US, &token, &contact, &company).await;
        attached.ok().unwrap();
        assert_eq!(companies(&fixture.intercom), std::slice::from_ref(&company));
    }
    for _ in 0..2 {
        let detached = client.detach_company(US, &token, &contact, &company).await;
        detached.ok().unwrap();
        assert!(companies(&fixture.intercom).is_empty());
    }
    let nowhere = client.attach_company(US, &token, &contact, "made-up").await;
    assert_eq!(status(nowhere), 404);
}

#[tokio::test]
async fn an_event_is_kept_once_a_second_with_its_first_ten_keys() {
    let fixture = Fixture::start().await;
    let (client, token) = (fixture.client(), token());
    let contact = created(&client, &user("7", "a@b.example")).await.id;
    let keys = (0..12).map(|number| (format!("k{}", 11 - number), json!(number)));
    let bought = EventWrite {
        metadata: keys.collect(),
        ..event("Bought.it", 10, &contact)
    };
    let by_email = EventWrite {
        id: None,
        email: text("A@b.example"),
        ..event("bought-it", 10, "")
    };
    let later = EventWrite {
        id: None,
        user_id: text("7"),
        ..event("bought-it", 11, "")
    };
    for event in [&bought, &by_email, &later] {
        let told = client.send_event(US, &token, event).await.ok().unwrap();
        assert_eq!(told.status, 202);
    }
    assert_eq!(event_names(&fixture.intercom, &contact), ["bought-it"; 2]);
    let first: Metadata = fixture
        .intercom
        .read("acme", |it| it.events().next().unwrap().metadata.clone())
        .unwrap();
    let kept: Vec<&str> = first.0.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(
        kept,
        ["k11", "k10", "k9", "k8", "k7", "k6", "k5", "k4", "k3", "k2"]
    );

    let of_nobody = event("bought", 10, "made-up");
    assert_eq!(status(client.send_event(US, &token, &of_nobody).await), 404);
    for name in 0..119 {
        let told = event(&format!("name-{name}"), 10, &contact);
        client.send_event(US, &token, &told).await.ok().unwrap();
    }
    let one_more = event("one more", 10, &contact);
    assert_eq!(status(client.send_event(US, &token, &one_more).await), 422);
}

#[tokio::test]
async fn an_attribute_has_to_be_known_before_it_is_written() {
    let fixture = Fixture::start().await;
    let (client, token) = (fixture.client(), token());
    let mut write = user("7", "");
    write.custom_attributes.insert("seats".to_owned(), json!(3));
    let unknown = detail(client.create_contact(US, &token, &write).await);
    let named = |unknown| Detail::Attribute {
        name: "seats".to_owned(),
        unknown,
    };
    assert_eq!(unknown, named(true));
    let seats = attribute("seats", Model::Contact);
    let made = client.create_attribute(US, &token, &seats).await;
    assert!(made.ok().unwrap().value.custom);
    let of_company = attribute("seats", Model::Company);
    assert_eq!(
        status(client.create_attribute(US, &token, &of_company).await),
        400
    );
    let listed = client.list_attributes(US, &token, Model::Contact).await;
    let listed = listed.ok().unwrap().value.into_iter();
    let custom: Vec<_> = listed
        .filter(|each| each.custom)
        .map(|each| each.name)
        .collect();
    assert_eq!(custom, ["seats"]);
    created(&client, &write).await;
    write
        .custom_attributes
        .insert("seats".to_owned(), json!("three"));
    write.external_id = text("8");
    assert_eq!(
        detail(client.create_contact(US, &token, &write).await),
        named(false)
    );
}

#[tokio::test]
async fn a_workspace_that_is_closed_says_why() {
    let fixture = Fixture::start().await;
    let client = fixture.client();
    for (closed, expected) in [
        (Closed::IpAllowlist, Detail::IpAllowlist),
        (Closed::Plan, Detail::Plan),
        (Closed::Scope, Detail::Scope),
    ] {
        fixture.intercom.close("acme", Some(closed));
        let refused = client.create_contact(US, &token(), &user("7", "")).await;
        let advice = refused.as_ref().err().unwrap().advice();
        assert_eq!((advice, detail(refused)), (Advice::GiveUp, expected));
    }
    fixture.intercom.close("acme", None);
    created(&client, &user("7", "")).await;
}

#[tokio::test]
async fn a_known_attribute_can_be_put_into_a_directory() {
    let fixture = Fixture::start().await;
    let known = FakeAttribute::new(1, Model::Contact, "plan", "string");
    fixture
        .intercom
        .write("acme", |it| it.add_attribute(known))
        .unwrap();
    let mut write = user("7", "");
    write
        .custom_attributes
        .insert("plan".to_owned(), json!("pro"));
    let id = created(&fixture.client(), &write).await.id;
    let kept: Value = fixture
        .intercom
        .read("acme", |it| {
            json!(it.contact(&id).unwrap().custom_attributes)
        })
        .unwrap();
    assert_eq!(kept, json!({ "plan": "pro" }));
}
