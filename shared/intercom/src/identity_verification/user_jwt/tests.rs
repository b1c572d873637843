use super::*;

const JWT: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoidXNlci00MiIsImVtYWlsIjoiYWRhQGV4YW1wbGUuY29tIiwiZXhwIjoxOTAwMDAwMDAwfQ.qrjSoQ7Q6DnJ6bSyxLVJfcNaMSt6YPW7wvt4OnqP_X4";

fn secret(text: &str) -> IdentitySecret {
    IdentitySecret::parse(text).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

/// A JWT of any header and payload, signed with the secret of the vector.
fn signed(header: &str, payload: &str) -> String {
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let signed = format!("{}.{}", encode(header), encode(payload));
    let mac = secret("messenger_secret").0.chain_update(&signed);
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{signed}.{signature}")
}

fn of_payload(payload: &str) -> Result<UserJwt, JwtError> {
    UserJwt::parse(&signed(r#"{"alg":"HS256"}"#, payload))
}

#[test]
fn the_published_vector_is_signed_and_verified() {
    let names = UserClaims {
        user_id: "user-42".to_owned(),
        email: Some("ada@example.com".to_owned()),
    };
    let secret = secret("messenger_secret");
    assert_eq!(
        sign_user_jwt(&secret, &names, at(1_900_000_000)),
        Ok(JWT.to_owned())
    );
    let jwt = UserJwt::parse(JWT).unwrap();
    assert!(jwt.is_signed_with(&secret));
    assert!(*jwt.names() == names);
}

#[test]
fn another_secret_and_any_other_byte_do_not_fit() {
    let fits = |jwt: &str, under: &str| {
        UserJwt::parse(jwt).is_ok_and(|jwt| jwt.is_signed_with(&secret(under)))
    };
    assert!(fits(JWT, "messenger_secret"));
    assert!(!fits(JWT, "another_secret"));
    for at in 0..JWT.len() {
        let mut other = JWT.as_bytes().to_vec();
        other[at] = if other[at] == b'A' { b'B' } else { b'A' };
        let other = String::from_utf8(other).unwrap();
        assert!(!fits(&other, "messenger_secret"), "{other}");
    }
}

#[test]
fn it_is_good_before_its_end_and_not_before_its_beginning() {
    for (payload, now, is_current) in [
        (r#"{"user_id":"7"}"#, 0, true),
        (r#"{"user_id":"7","exp":100}"#, 99, true),
        (r#"{"user_id":"7","exp":100}"#, 100, false),
        (r#"{"user_id":"7","exp":100.5}"#, 100, true),
        (r#"{"user_id":"7","exp":-1}"#, 0, false),
        (r#"{"user_id":"7","exp":null}"#, 0, true),
        (r#"{"user_id":"7","nbf":160}"#, 100, true),
        (r#"{"user_id":"7","nbf":161}"#, 100, false),
        (r#"{"user_id":"7","nbf":10,"exp":20}"#, 15, true),
    ] {
        let jwt = of_payload(payload).unwrap();
        assert_eq!(jwt.is_current(at(now)), is_current, "{payload} at {now}");
    }
}

#[test]
fn a_number_names_somebody_as_its_text() {
    for (payload, user_id, email) in [
        (r#"{"user_id":42}"#, "42", None),
        (
            r#"{"user_id":18446744073709551615}"#,
            "18446744073709551615",
            None,
        ),
        (r#"{"user_id":"7","email":null}"#, "7", None),
        (r#"{"user_id":"7","email":""}"#, "7", None),
        (r#"{"user_id":"7","email":["a@b.example"]}"#, "7", None),
        (
            r#"{"user_id":"7","email":"a@b.example","plan":{"x":1}}"#,
            "7",
            Some("a@b.example"),
        ),
    ] {
        let jwt = of_payload(payload).unwrap();
        assert_eq!(jwt.names().user_id, user_id, "{payload}");
        assert_eq!(jwt.names().email.as_deref(), email, "{payload}");
    }
}

#[test]
fn what_is_signed_otherwise_or_names_nobody_is_refused_however_well_it_is_signed() {
    let payload = r#"{"user_id":"7"}"#;
    let unsigned = signed(r#"{"alg":"none"}"#, payload);
    let unsigned = unsigned.rsplit_once('.').unwrap().0;
    for (jwt, error) in [
        (signed(r#"{"alg":"none"}"#, payload), JwtError::Algorithm),
        (format!("{unsigned}."), JwtError::Algorithm),
        (signed(r#"{"alg":"hs256"}"#, payload), JwtError::Algorithm),
        (signed(r#"{"alg":"HS512"}"#, payload), JwtError::Algorithm),
        (signed(r#"{"alg":"RS256"}"#, payload), JwtError::Algorithm),
        (
            signed(r#"{"alg":"HS256","crit":["b64"]}"#, payload),
            JwtError::Algorithm,
        ),
        (signed(r#"{"typ":"JWT"}"#, payload), JwtError::Malformed),
        (
            signed(r#"{"alg":"HS256","alg":"none"}"#, payload),
            JwtError::Malformed,
        ),
        (
            signed(r#"{"alg":"HS256"}"#, r#"{"user_id":"7","user_id":"8"}"#),
            JwtError::Malformed,
        ),
        (
            signed(r#"{"alg":"HS256"}"#, r#"{"user_id":"7","exp":"soon"}"#),
            JwtError::Malformed,
        ),
        (signed(r#"{"alg":"HS256"}"#, "[]"), JwtError::Malformed),
        (
            signed(r#"{"alg":"HS256"}"#, r#"{"email":"a@b.example"}"#),
            JwtError::NoUserId,
        ),
        (
            signed(r#"{"alg":"HS256"}"#, r#"{"user_id":" "}"#),
            JwtError::NoUserId,
        ),
        (
            signed(r#"{"alg":"HS256"}"#, r#"{"user_id":{"id":"7"}}"#),
            JwtError::NoUserId,
        ),
        (
            signed(r#"{"alg":"HS256"}"#, r#"{"user_id":true}"#),
            JwtError::NoUserId,
        ),
        (format!("{JWT}="), JwtError::Malformed),
        (format!("{JWT}.e30"), JwtError::Malformed),
        (format!(" {JWT}"), JwtError::Malformed),
        (String::new(), JwtError::Malformed),
        ("..".to_owned(), JwtError::Malformed),
        ("a".repeat(1 << 20), JwtError::Malformed),
        (
            signed(
                r#"{"alg":"HS256"}"#,
                &format!(r#"{{"user_id":"{}"}}"#, "7".repeat(9_000)),
            ),
            JwtError::Malformed,
        ),
    ] {
        assert_eq!(UserJwt::parse(&jwt).err(), Some(error), "{jwt:.90}");
    }
}

#[test]
fn deep_json_is_refused() {
    let deep = format!(r#"{{"user_id":"7","x":{}}}"#, "[".repeat(4_000));
    assert_eq!(of_payload(&deep).err(), Some(JwtError::Malformed));
}

#[test]
fn what_would_be_too_long_is_not_signed() {
    let names = UserClaims {
        user_id: "7".repeat(9_000),
        email: None,
    };
    let jwt = sign_user_jwt(&secret("messenger_secret"), &names, at(0));
    assert_eq!(jwt, Err(JwtError::Malformed));
}
