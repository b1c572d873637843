//! E-mail addresses that leads have typed.

use store::ContactRole::{Lead, User};

use super::{Shop, browser, by, by_id, email, says, user, visitor};

#[tokio::test]
async fn what_a_lead_typed_leads_to_its_sessions_unverified() {
    let shop = Shop::open().await;
    shop.record("s1", &[browser("home"), visitor("v")]).await;
    shop.apply(says("lead", 1).visitor("v").typed("ada")).await;
    let typed = identity::Alias::email(" ADA@Example.COM").unwrap();
    for role in [Lead, User] {
        shop.assert_unverified(&by(role, std::slice::from_ref(&typed)), &["s1"])
            .await;
    }
    shop.assert_finds(&by_id("lead"), &["s1"]).await;
}

#[tokio::test]
async fn whoever_is_known_to_have_the_address_is_not_the_lead() {
    let shop = Shop::open().await;
    shop.record("of-ada", &[browser("work"), user("ada"), email("ada")])
        .await;
    shop.record("of-lead", &[browser("home"), visitor("v")])
        .await;
    shop.apply(says("lead", 1).visitor("v").typed("ada")).await;

    let mut lead = by(Lead, &[visitor("v"), email("ada")]);
    lead.contact = by_id("lead").contact;
    shop.assert_finds(&lead, &["of-lead"]).await;
    shop.assert_finds(&by_id("lead"), &["of-lead"]).await;
    shop.assert_finds(&by(User, &[user("ada")]), &["of-ada"])
        .await;
    let (certain, unverified) = shop.shown(&by(User, &[email("ada")])).await;
    assert_eq!(
        (certain.concat(), unverified.concat()),
        ("of-ada".to_owned(), "of-lead".to_owned())
    );
    // Of a lead that nothing surer is known of, all that the address leads to is shown, marked.
    shop.assert_unverified(&by(Lead, &[email("ada")]), &["of-ada", "of-lead"])
        .await;
}

#[tokio::test]
async fn a_claim_grows_with_the_leads_sessions() {
    let shop = Shop::open().await;
    shop.apply(says("lead", 1).typed("ada")).await;
    shop.assert_unverified(&by(Lead, &[email("ada")]), &[])
        .await;
    shop.apply(says("lead", 2).visitor("v")).await;
    shop.record("s1", &[browser("home"), visitor("v")]).await;
    shop.record("s2", &[browser("phone"), visitor("v")]).await;
    shop.record("s3", &[browser("phone")]).await;
    shop.assert_unverified(&by(Lead, &[email("ada")]), &["s1", "s2", "s3"])
        .await;
}

#[tokio::test]
async fn a_claim_that_the_workspace_confirms_is_certain() {
    let shop = Shop::open().await;
    shop.record("s1", &[browser("home"), visitor("v")]).await;
    shop.apply(says("c", 1).visitor("v").typed("ada")).await;
    shop.apply(says("c", 2).email("ada")).await;
    shop.assert_finds(&by(User, &[email("ada")]), &["s1"]).await;
}

#[tokio::test]
async fn an_address_that_everybody_types_leads_to_nobody_and_stays_small() {
    let shop = Shop::open().await;
    for number in 0..60 {
        let name = number.to_string();
        shop.record(&name, &[visitor(&name)]).await;
        shop.apply(says(&name, 1).visitor(&name).typed("test"))
            .await;
    }
    shop.assert_unverified(&by(Lead, &[email("test")]), &[])
        .await;
    let rows = shop.fixture.dump().await;
    let row = rows.iter().find(|row| row.contains("#ALIAS#email#"));
    assert!(row.unwrap().len() < 5_000, "{}", row.unwrap().len());
    shop.assert_finds(&by_id("59"), &["59"]).await;
}
