use identity::OrganizationId;
use intercom::identity_verification::{UserClaims, sign_user_hash, sign_user_jwt};
use serde_json::{Value, json};
use store::{AllowedOrigins, RetentionDays};

use super::*;

fn secret(text: &str) -> IdentitySecret {
    IdentitySecret::parse(text).unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_second(1_000).unwrap()
}

fn grant(scope: KeyScope, require_signatures: bool) -> Grant {
    Grant {
        new_sessions_a_minute: None,
        organization: OrganizationId::parse("org_acme").unwrap(),
        scope,
        source: None,
        retention_days: RetentionDays::DEFAULT,
        allowed_origins: AllowedOrigins::default(),
        require_signatures,
        store_unmasked: false,
    }
}

fn hash(name: &str) -> String {
    sign_user_hash(&secret("good_secret"), name)
}

fn jwt(user_id: &str, email: Option<&str>, seconds: i64) -> String {
    let names = UserClaims {
        user_id: user_id.to_owned(),
        email: email.map(str::to_owned),
    };
    let expires_at = Timestamp::from_second(1_000 + seconds).unwrap();
    sign_user_jwt(&secret("good_secret"), &names, expires_at).unwrap()
}

/// Kinds and values that are verified and claimed, or the code of the refusal; for an organization with
/// these secrets.
fn judged(body: &Value, grant: &Grant, secrets: &[&str]) -> Result<[Vec<String>; 2], &'static str> {
    let said = Said::parse(body.to_string().as_bytes()).map_err(|error| error.code())?;
    let verdict = said.signature_for(grant.scope).map(|_| match secrets {
        [] => Verdict::Unjudged,
        secrets if secrets.iter().any(|text| said.fits(&secret(text))) => Verdict::Fits,
        _ => Verdict::Misfit,
    });
    let found = said.judged(verdict, grant, now());
    let written = |aliases: Vec<Alias>| {
        let written = aliases
            .iter()
            .map(|alias| format!("{}={}", alias.kind(), alias.value()));
        written.collect()
    };
    found
        .map(|found| [written(found.verified), written(found.claimed)])
        .map_err(|error| error.code())
}

/// What a case expects: verified names and claims.
fn believed(verified: &[&str], claimed: &[&str]) -> Result<[Vec<String>; 2], &'static str> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Ok([owned(verified), owned(claimed)])
}

#[test]
fn a_signature_verifies_what_it_covers_and_leaves_the_rest_a_claim() {
    let grant = grant(KeyScope::Write, false);
    for (body, expected) in [
        (
            json!({"user_id": "7", "email": "a@b.example", "anonymous_id": "x"}),
            believed(&[], &["email=a@b.example", "user_id=7", "anonymous_id=x"]),
        ),
        (
            json!({"user_id": "7", "email": "a@b.example", "user_hash": hash("7"), "anonymous_id": "x"}),
            believed(&["user_id=7"], &["email=a@b.example", "anonymous_id=x"]),
        ),
        (
            json!({"email": "A@b.example", "user_hash": hash("A@b.example")}),
            believed(&["email=a@b.example"], &[]),
        ),
        (
            json!({"user_id": "", "email": "a@b.example", "user_hash": hash("a@b.example").to_uppercase()}),
            believed(&["email=a@b.example"], &[]),
        ),
        (
            json!({"user_id": " 7", "user_hash": hash(" 7")}),
            believed(&["user_id=7"], &[]),
        ),
        (
            json!({"intercom_user_jwt": jwt("7", Some("a@b.example"), 60)}),
            believed(&["user_id=7", "email=a@b.example"], &[]),
        ),
        (
            json!({"intercom_user_jwt": jwt("7", None, 60), "email": "a@b.example", "visitor_id": "v"}),
            believed(&["user_id=7"], &["email=a@b.example", "visitor_id=v"]),
        ),
        (
            json!({"intercom_user_jwt": jwt("7", Some("a@b.example"), 60), "user_id": "7", "email": "c@d.example"}),
            believed(&["user_id=7", "email=a@b.example"], &["email=c@d.example"]),
        ),
        (
            json!({"intercom_user_jwt": jwt("7", None, 60), "user_hash": "00", "user_id": "7"}),
            believed(&["user_id=7"], &[]),
        ),
    ] {
        for secrets in [&["good_secret"][..], &["other", "good_secret"]] {
            assert_eq!(judged(&body, &grant, secrets), expected, "{body}");
        }
    }
}

#[test]
fn a_signature_that_fits_nothing_is_refused_with_all_that_came_with_it() {
    for body in [
        json!({"user_id": "8", "user_hash": hash("7")}),
        json!({"user_id": "7", "email": "a@b.example", "user_hash": hash("a@b.example")}),
        json!({"user_id": "7", "user_hash": "no hash"}),
        json!({"anonymous_id": "x", "user_hash": hash("x")}),
        json!({"intercom_user_jwt": jwt("7", None, 0)}),
        json!({"intercom_user_jwt": jwt("undefined", None, 60)}),
        json!({"intercom_user_jwt": jwt("7", None, 60), "user_id": "8"}),
        json!({"intercom_user_jwt": format!("{}A", jwt("7", None, 60))}),
    ] {
        for required in [false, true] {
            let grant = grant(KeyScope::Write, required);
            let refused = judged(&body, &grant, &["good_secret"]);
            assert_eq!(refused, Err("signature_invalid"), "{body}");
        }
    }
    let body = json!({"user_id": "7", "user_hash": hash("7")});
    let refused = judged(&body, &grant(KeyScope::Write, false), &["other"]);
    assert_eq!(refused, Err("signature_invalid"));
}

#[test]
fn without_a_secret_nothing_can_be_judged_and_names_are_claims() {
    for (body, expected) in [
        (
            json!({"user_id": "7", "user_hash": "no hash"}),
            believed(&[], &["user_id=7"]),
        ),
        (
            json!({"intercom_user_jwt": jwt("7", Some("a@b.example"), 60), "email": "a@b.example"}),
            believed(&[], &["user_id=7", "email=a@b.example"]),
        ),
        (
            json!({"intercom_user_jwt": jwt("7", None, -1)}),
            Err("signature_invalid"),
        ),
    ] {
        let found = judged(&body, &grant(KeyScope::Write, false), &[]);
        assert_eq!(found, expected, "{body}");
    }
}

#[test]
fn an_organization_that_requires_signatures_takes_unsigned_browsers_and_no_unsigned_people() {
    let grant = grant(KeyScope::Write, true);
    let required = Err("signature_required");
    for (body, secrets, expected) in [
        (
            json!({"user_id": "7"}),
            &["good_secret"][..],
            required.clone(),
        ),
        (
            json!({"email": "a@b.example"}),
            &["good_secret"],
            required.clone(),
        ),
        (
            json!({"email": "a@b.example", "anonymous_id": "x"}),
            &[],
            required.clone(),
        ),
        (
            json!({"user_id": "7", "user_hash": hash("7")}),
            &[],
            required.clone(),
        ),
        (
            json!({"intercom_user_jwt": jwt("7", None, 60)}),
            &[],
            required,
        ),
        (
            json!({"anonymous_id": "x", "visitor_id": "v"}),
            &["good_secret"],
            believed(&[], &["anonymous_id=x", "visitor_id=v"]),
        ),
        (
            json!({"user_id": "7", "email": "a@b.example", "user_hash": hash("7")}),
            &["good_secret"],
            believed(&["user_id=7"], &["email=a@b.example"]),
        ),
    ] {
        assert_eq!(
            judged(&body, &grant, secrets),
            expected,
            "{body} {secrets:?}"
        );
    }
}

#[test]
fn what_is_said_with_the_secret_key_is_verified_and_a_wrong_jwt_refused_all_the_same() {
    let grant = grant(KeyScope::Secret, true);
    let everything = believed(&["email=a@b.example", "user_id=7", "anonymous_id=x"], &[]);
    let wrong_hash =
        json!({"user_id": "7", "email": "a@b.example", "anonymous_id": "x", "user_hash": "00"});
    let with_jwt = json!({"intercom_user_jwt": jwt("7", None, 60), "email": "a@b.example"});
    for (body, secrets, expected) in [
        (&wrong_hash, &["good_secret"][..], everything),
        (
            &with_jwt,
            &["good_secret"],
            believed(&["user_id=7", "email=a@b.example"], &[]),
        ),
        (
            &with_jwt,
            &[],
            believed(&["user_id=7", "email=a@b.example"], &[]),
        ),
        (&with_jwt, &["other"], Err("signature_invalid")),
    ] {
        assert_eq!(
            judged(body, &grant, secrets),
            expected,
            "{body} {secrets:?}"
        );
    }
}
