//! What visitors' names are signed with: kept sealed, bounded, replaced.

use identity::OrganizationId;
use store::{
    Error, IdentitySecrets, IdentityVerification, KEY_OVERLAP, KeyReplacement, MAX_IDENTITY_KEYS,
    MAX_MESSENGER_SECRETS, MessengerPlatform, NewMessengerSecret,
};

use crate::fixture::{Fixture, TABLE};

fn organization() -> OrganizationId {
    OrganizationId::parse("org_shop").unwrap()
}

fn secret(platform: MessengerPlatform, text: &str) -> NewMessengerSecret {
    NewMessengerSecret::parse(platform, text).unwrap()
}

fn of<'a>(fixture: &'a Fixture, organization: &'a OrganizationId) -> IdentityVerification<'a> {
    fixture.store.of(organization).identity_verification()
}

fn texts(secrets: &IdentitySecrets) -> Vec<&str> {
    secrets.texts().map(store::SecretText::expose).collect()
}

#[tokio::test]
async fn several_secrets_are_good_at_once_and_the_newest_of_the_web_signs() {
    let fixture = Fixture::start().await;
    let shop = organization();
    let verification = of(&fixture, &shop);
    let empty = verification.read(fixture.now).await.unwrap();
    assert!(empty.is_empty() && empty.signing().is_none());

    let made = verification.with_key([7; 32], fixture.now).await.unwrap();
    let key = made.signing().unwrap().expose().to_owned();
    assert!(key.starts_with("rk_identity_"), "{key}");
    for (number, platform, text) in [
        (1, MessengerPlatform::Web, "web-secret-1"),
        (2, MessengerPlatform::Web, "web-secret-2"),
        (3, MessengerPlatform::Ios, "ios-secret-1"),
        // Pasted once more.
        (4, MessengerPlatform::Web, "web-secret-1"),
    ] {
        let new = secret(platform, text);
        let added = verification.add(&new, [number; 8], fixture.now);
        added.await.unwrap();
    }
    let read = verification.read(fixture.now).await.unwrap();
    assert_eq!(
        texts(&read),
        ["ios-secret-1", "web-secret-2", "web-secret-1", &key]
    );
    assert_eq!(read.signing().unwrap().expose(), "web-secret-2");

    let newest = read.messenger[1].id.clone();
    for _ in 0..2 {
        verification.remove(&newest).await.unwrap();
    }
    let read = verification.read(fixture.now).await.unwrap();
    assert_eq!(texts(&read), ["ios-secret-1", "web-secret-1", &key]);
    fixture.calls.take();
    verification.read(fixture.now).await.unwrap();
    assert_eq!(fixture.calls.take().len(), 1, "one read");
}

#[tokio::test]
async fn a_key_is_made_once_and_a_replaced_one_goes_on_working_as_long_as_an_api_key() {
    let fixture = Fixture::start().await;
    let shop = organization();
    let verification = of(&fixture, &shop);
    let first = verification.with_key([1; 32], fixture.now).await.unwrap();
    let again = verification.with_key([2; 32], fixture.now).await.unwrap();
    assert_eq!(first, again);
    let old = &first.keys[0];

    let replaced = verification.replace_key(&old.id, [3; 32], fixture.now);
    assert_eq!(replaced.await.unwrap(), KeyReplacement::Done);
    let twice = verification.replace_key(&old.id, [4; 32], fixture.now);
    assert_eq!(twice.await.unwrap(), KeyReplacement::Outrun);

    let read = verification.read(fixture.now).await.unwrap();
    assert_eq!(read.keys.len(), 2);
    assert_eq!(read.keys[0].expires_at, None);
    assert_eq!(read.signing(), Some(&read.keys[0].text));
    assert_eq!(read.keys[1].text, old.text);
    assert_eq!(read.keys[1].expires_at, Some(fixture.now + KEY_OVERLAP));
    let after = verification.read(fixture.now + KEY_OVERLAP).await.unwrap();
    assert_eq!(texts(&after), [read.keys[0].text.expose()]);
}

#[tokio::test]
async fn there_are_never_more_than_can_be_tried_on_a_signature() {
    let fixture = Fixture::start().await;
    let shop = organization();
    let verification = of(&fixture, &shop);
    let mut refused = Vec::new();
    for number in 0..=MAX_MESSENGER_SECRETS {
        let new = secret(MessengerPlatform::Web, &format!("secret-{number}"));
        let added = verification.add(&new, [u8::try_from(number).unwrap(); 8], fixture.now);
        refused.extend(added.await.err());
    }
    let mut keys = verification
        .with_key([0; 32], fixture.now)
        .await
        .unwrap()
        .keys;
    for number in 1..=MAX_IDENTITY_KEYS {
        let bytes = [u8::try_from(number).unwrap(); 32];
        let replaced = verification.replace_key(&keys[0].id, bytes, fixture.now);
        refused.extend(replaced.await.err());
        keys = verification.read(fixture.now).await.unwrap().keys;
    }
    assert!(
        matches!(
            refused[..],
            [
                Error::TooManyKeys {
                    most: MAX_MESSENGER_SECRETS
                },
                Error::TooManyKeys {
                    most: MAX_IDENTITY_KEYS
                },
            ]
        ),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_provisioned_secret_follows_the_configuration_and_not_against_an_admin() {
    let fixture = Fixture::start().await;
    let shop = organization();
    let verification = of(&fixture, &shop);
    let read = async || {
        let secrets = verification.read(fixture.now).await.unwrap();
        texts(&secrets)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let provision = async |text: &str| {
        let new = secret(MessengerPlatform::Web, text);
        verification
            .provision(&new, [9; 8], fixture.now)
            .await
            .unwrap();
    };
    provision("configured-1").await;
    provision("configured-1").await;
    assert_eq!(read().await, ["configured-1"]);
    provision("configured-2").await;
    assert_eq!(read().await, ["configured-2"]);

    let id = verification.read(fixture.now).await.unwrap().messenger[0]
        .id
        .clone();
    verification.remove(&id).await.unwrap();
    provision("configured-2").await;
    assert!(read().await.is_empty(), "an admin has removed it");
}

#[tokio::test]
async fn no_secret_stands_in_clear_and_none_opens_for_another_organization() {
    let fixture = Fixture::start().await;
    let shop = organization();
    let verification = of(&fixture, &shop);
    let pasted = secret(MessengerPlatform::Android, "android-secret");
    verification
        .add(&pasted, [1; 8], fixture.now)
        .await
        .unwrap();
    let made = verification.with_key([7; 32], fixture.now).await.unwrap();
    let dump = fixture.dump().await.join("\n");
    assert!(dump.contains("IDENTITY"), "{dump}");
    for text in texts(&made) {
        assert!(!dump.contains(text) && !format!("{made:?}").contains(text));
    }

    let mut row = fixture
        .client
        .scan()
        .table_name(TABLE)
        .send()
        .await
        .unwrap()
        .items()[0]
        .clone();
    let thief = OrganizationId::parse("org_thief").unwrap();
    row.insert("PK".to_owned(), table::text(format!("ORG#{thief}")));
    let put = fixture.client.put_item().table_name(TABLE);
    put.set_item(Some(row)).send().await.unwrap();
    let opened = of(&fixture, &thief).read(fixture.now).await;
    assert!(matches!(
        opened,
        Err(Error::Table(table::Error::Corrupt { .. }))
    ));
}

#[tokio::test]
async fn changes_at_the_same_time_end_as_if_they_had_come_one_after_the_other() {
    let fixture = Fixture::start().await;
    let shop = organization();
    let changes = (0..6).map(async |number: u8| {
        let new = secret(MessengerPlatform::Web, &format!("secret-{number}"));
        let verification = of(&fixture, &shop);
        verification
            .add(&new, [number; 8], fixture.now)
            .await
            .unwrap();
        verification
            .with_key([number; 32], fixture.now)
            .await
            .unwrap()
    });
    let made = futures::future::join_all(changes).await;
    let read = of(&fixture, &shop).read(fixture.now).await.unwrap();
    assert_eq!((read.messenger.len(), read.keys.len()), (6, 1));
    for secrets in made {
        assert_eq!(secrets.keys, read.keys, "everybody was given the same key");
    }
}
