//! Sessions found by a part of an address, by words of a problem, and by length.

use replay::{Fingerprint, MomentKind, Problem};
use store::{AddressFilter, MinLength, ProblemFilter};

use super::*;

fn with_problems(labels: impl IntoIterator<Item = String>, minutes: u64, at: Timestamp) -> Summary {
    let problems = labels.into_iter().map(|label| Problem {
        fingerprint: Fingerprint::parse("0123456789abcdef").unwrap(),
        kind: MomentKind::JsError,
        label,
        first_at_ms: 0,
        last_at_ms: 0,
        count: 1,
    });
    Summary {
        problems: problems.collect(),
        duration_ms: minutes * 60_000,
        ..on("/", at)
    }
}

#[tokio::test]
async fn sessions_are_found_by_a_part_of_an_address_by_words_of_a_problem_and_by_length() {
    let fixture = Fixture::start().await;
    let at = |hours| fixture.now - SignedDuration::from_hours(hours);
    let coupon = ["TypeError: coupon.apply is not a function".to_owned()];
    let many = (0..100).map(|number| format!("unheard of {number:03}{}", "x".repeat(9)));
    // Of more words than the index holds.
    fixture
        .run("noisy", None, &with_problems(many, 0, at(1)))
        .await;
    fixture
        .run("coupon", None, &with_problems(coupon, 6, at(2)))
        .await;
    fixture
        .run("quiet", None, &with_problems([], 31, at(3)))
        .await;
    // Before it has a summary; after that; by anybody; and twice.
    fixture
        .identify(organization(), "early", &[email("ada")])
        .await;
    fixture.run("early", None, &on("/", at(4))).await;
    for _ in 0..2 {
        fixture
            .identify(organization(), "quiet", &[email("adam")])
            .await;
    }
    let claimed = Identification::claimed(&[Alias::email("bob@else.example").unwrap()]);
    let sessions = fixture.store.of(organization()).sessions();
    let session = identity::SessionId::parse("coupon").unwrap();
    let claim = sessions.identify(&session, &claimed, RETENTION_DAYS, fixture.now);
    claim.await.unwrap();

    let all = SessionFilter::default;
    let at_address = |text| SessionFilter {
        address: AddressFilter::parse(text),
        ..all()
    };
    let with_problem = |text| SessionFilter {
        problem: ProblemFilter::parse(text),
        ..all()
    };
    let of_length = |length| SessionFilter {
        length: Some(length),
        ..all()
    };
    for (filter, expected) in [
        (at_address("ada"), &["quiet", "early"][..]),
        (at_address("adam@"), &["quiet"]),
        (at_address("@shop.example"), &["quiet", "early"]),
        (at_address("else.exa"), &["coupon"]),
        (at_address("dam"), &[]),
        (with_problem("coupon function"), &["coupon"]),
        (with_problem("099x"), &["noisy"]),
        (with_problem("coupon 099x"), &[]),
        (of_length(MinLength::Minute), &["coupon", "quiet"]),
        (of_length(MinLength::HalfHour), &["quiet"]),
    ] {
        for limit in [1, 50] {
            assert_eq!(fixture.all(&filter, limit).await, expected, "{filter:?}");
        }
    }
    // What a later run writes leaves the addresses that others have added.
    let before = with_problems([], 31, at(3));
    let mut after = before.clone();
    after.counts.rage_clicks = 1;
    fixture.run("quiet", Some(&before), &after).await;
    assert_eq!(fixture.all(&at_address("adam"), 50).await, ["quiet"]);
    let other = OrganizationId::parse("org_other").unwrap();
    let theirs = fixture.store.of(&other).sessions();
    let theirs = theirs.latest_since(date(2026, 11, 1), fixture.now).await;
    assert_eq!(theirs.unwrap(), None);
    let latest = sessions.latest_since(date(2026, 11, 1), fixture.now).await;
    assert_eq!(latest.unwrap().unwrap().as_str(), "noisy");
}
