//! The page of a recording, and what its script asks for.

use lambda_http::http::{Method, StatusCode};
use serde_json::{Value, json};
use store::{AllowedOrigins, Preferences};

use crate::fixture::{Fixture, START, email, page};

async fn shop(chunks: &[(u32, Vec<Value>)]) -> (Fixture, String) {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("shop").await;
    let aliases = [email("ada@example.com")];
    fixture
        .record(&connection.organization, "s1", &aliases, chunks)
        .await;
    let cookie = fixture.cookie(&connection);
    (fixture, cookie)
}

#[tokio::test]
async fn the_page_tells_who_when_and_what_happened() {
    let (fixture, cookie) = shop(&[(0, page("https://shop.example/cart", 0))]).await;
    let answer = fixture.get("/sessions/s1?t=1", Some(&cookie)).await;
    for part in [
        "ada@example.com",
        "Nov 20, 2026 at 8:50AM",
        "Opened /cart",
        r#"href="/sessions/s1?t=0" data-at="0""#,
        r#"data-width="800" data-height="600""#,
        r#"href="/people/v_"#,
        "Copy share link",
    ] {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    assert!(!answer.body.contains("Live now"));
}

#[tokio::test]
async fn the_page_holds_nothing_inline_and_lets_nothing_in() {
    let (fixture, cookie) = shop(&[(0, page("https://shop.example/cart", 0))]).await;
    let answer = fixture.get("/sessions/s1", Some(&cookie)).await;
    let policy = answer.header("content-security-policy");
    for directive in [
        "default-src 'none'",
        "script-src 'self';",
        "connect-src 'self'",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(directive), "{directive}: {policy}");
    }
    assert!(!policy.contains("unsafe-eval"), "{policy}");
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-dns-prefetch-control", "off"),
        ("x-robots-tag", "noindex"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    let body = &answer.body;
    assert!(!body.contains("<style") && !body.contains(" style=") && !body.contains(" onclick"));
    let scripts: Vec<_> = body.split("<script").skip(1).collect();
    assert_eq!(scripts.len(), 1);
    let asset = answer.after(r#"<script src=""#);
    let script = fixture.get(&asset, None).await;
    assert_eq!(script.status, StatusCode::OK);
    assert!(script.header("cache-control").contains("immutable"));
    let style = answer.after(r#"<link rel="stylesheet" href=""#);
    let style = fixture.get(&style, None).await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    let gone = fixture.get("/sessions/assets/player.js", None).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

/// Whoever looks, by sign-in or by a link of the canvas.
#[tokio::test]
async fn media_are_loaded_from_the_allowed_sites_unless_the_organization_says_otherwise() {
    for (origins, load_foreign_media, sources) in [
        ("", false, ""),
        (
            "https://shop.example https://cdn.example",
            false,
            "https://cdn.example https://shop.example",
        ),
        ("https://shop.example", true, "https: https://shop.example"),
    ] {
        let fixture = Fixture::start().await;
        let connection = fixture.connect("shop").await;
        let preferences = Preferences {
            allowed_origins: AllowedOrigins::parse(origins).unwrap(),
            load_foreign_media,
            ..Preferences::default()
        };
        let connections = fixture.store().connections();
        let saved = connections
            .update_preferences(&connection, &preferences)
            .await;
        saved.unwrap();
        let organization = &connection.organization;
        let chunk = (0, page("https://elsewhere.example/", 0));
        fixture.record(organization, "s1", &[], &[chunk]).await;
        let connection = fixture
            .store()
            .connections()
            .get(&connection.workspace)
            .await;
        let connection = connection.unwrap().unwrap();
        let cookie = fixture.cookie(&connection);
        let linked = format!("/sessions/s1?key={}", fixture.key(&connection, "s1"));
        let signed_in = fixture.get("/sessions/s1", Some(&cookie)).await;
        let (linked, _) = fixture.browse(&linked).await;
        for answer in [signed_in, linked] {
            let policy = answer.header("content-security-policy");
            for directive in [
                format!("img-src data: blob: {sources};"),
                format!("font-src data: {sources};"),
                format!("media-src data: blob: {sources};"),
                "style-src 'self' 'unsafe-inline';".to_owned(),
            ] {
                assert!(policy.contains(&directive), "{directive}: {policy}");
            }
            let told = format!(r#"data-sources="{sources}""#);
            assert!(answer.body.contains(&told), "{told}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn what_was_recorded_cannot_add_to_the_page() {
    let url = r#"https://shop.example/"><script>alert(1)</script>"#;
    let (fixture, cookie) = shop(&[(0, page(url, 0))]).await;
    let answer = fixture.get("/sessions/s1", Some(&cookie)).await;
    assert!(!answer.body.contains("<script>"), "{}", answer.body);
}

#[tokio::test]
async fn the_index_names_the_pieces_and_what_is_missing() {
    let chunks = [
        (0, page("https://shop.example/", 0)),
        (3, page("https://shop.example/cart", 60_000)),
    ];
    let (fixture, cookie) = shop(&chunks).await;
    let answer = fixture.get("/sessions/s1/recording", Some(&cookie)).await;
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    let index = answer.json();
    let piece = |seq: u32, at: i64, bytes: &Value| {
        json!({ "seq": seq, "part": 0, "from_ms": START + at, "until_ms": START + at + 500,
                "bytes": bytes, "snapshot_ms": START + at + 10 })
    };
    let bytes = |number: usize| &index["pieces"][number]["bytes"];
    assert_eq!(
        index["pieces"],
        json!([piece(0, 0, bytes(0)), piece(3, 60_000, bytes(1))])
    );
    assert_eq!(index["missing"], json!([{ "from_seq": 1, "until_seq": 2 }]));
    assert_eq!(index["session_id"], "s1");
    assert_eq!(index["started_at_ms"], START);
    assert_eq!(index["duration_ms"], 60_500);
    assert_eq!(index["live"], false);
    assert_eq!(index["timeline"][0]["kind"], "page");
    assert_eq!(index["timeline"][1]["at_ms"], 500);
    assert_eq!(index["timeline"][1]["idle_ms"], 60_000);
}

#[tokio::test]
async fn a_piece_is_plain_events_that_a_browser_may_keep_for_itself() {
    let mut events = page("https://shop.example/", 0);
    events.reverse();
    events.push(events[0].clone());
    let (fixture, cookie) = shop(&[(0, events)]).await;
    let piece = "/sessions/s1/events/0/0";
    for encoding in ["", "gzip", "gzip, zstd"] {
        let headers = [("accept-encoding", encoding)];
        let answer = fixture
            .send(Method::GET, piece, Some(&cookie), "", &headers)
            .await;
        assert_eq!(
            answer.header("content-encoding"),
            encoding.split(", ").last().unwrap()
        );
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        assert_eq!(answer.header("vary"), "accept-encoding, cookie");
        assert_eq!(
            answer.json(),
            json!(page("https://shop.example/", 0)),
            "in order, once each"
        );
    }
    for nowhere in ["events/0/1", "events/1/0", "events/0/18446744073709551615"] {
        let answer = fixture
            .get(&format!("/sessions/s1/{nowhere}"), Some(&cookie))
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
}

#[tokio::test]
async fn what_was_stored_as_it_came_is_masked_when_it_is_shown() {
    let mut events = page("https://shop.example/", 0);
    let typed = json!({ "source": 5, "text": "kestrel-9471-secret", "isChecked": false, "id": 4 });
    let request = json!({ "tag": "fetch", "payload": { "url": "/api?token=tok-secret-771" } });
    events.push(json!({ "type": 3, "timestamp": START + 700, "data": typed }));
    events.push(json!({ "type": 5, "timestamp": START + 800, "data": request }));
    let (fixture, cookie) = shop(&[(0, events)]).await;
    let shown = fixture
        .get("/sessions/s1/events/0/0", Some(&cookie))
        .await
        .body;
    assert!(
        !shown.contains("kestrel") && !shown.contains("tok-secret"),
        "{shown}"
    );
    assert!(shown.contains("********************"), "{shown}");
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again_to_whoever_may_still_see_it() {
    let (fixture, cookie) = shop(&[(0, page("https://shop.example/", 0))]).await;
    for target in ["/sessions/s1/events/0/0", "/sessions/s1/recording"] {
        let first = fixture.get(target, Some(&cookie)).await;
        let tag = first.header("etag");
        let ask = async |tag: &str, cookie: Option<&str>| {
            let headers = [("if-none-match", tag)];
            fixture
                .send(Method::GET, target, cookie, "", &headers)
                .await
        };
        let known = ask(tag, Some(&cookie)).await;
        assert_eq!((known.status, &*known.body), (StatusCode::NOT_MODIFIED, ""));
        assert_eq!(known.header("etag"), tag);
        assert_eq!(known.header("cache-control"), "private, no-cache");
        let other = ask("W/\"other\"", Some(&cookie)).await;
        assert_eq!(other, first);
        for tag in [tag, "*"] {
            let closed = ask(tag, None).await;
            assert_eq!(closed.status, StatusCode::NOT_FOUND, "{target}");
        }
    }
}

#[tokio::test]
async fn what_does_not_fit_into_an_answer_is_refused_as_such() {
    let mut events = page("https://shop.example/", 0);
    // What does not compress: digits of a generator, too many for an answer even when packed.
    let mut state = 1_u64;
    let noise: String = (0..12_000_000)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            char::from(b'!' + u8::try_from(state >> 58).unwrap())
        })
        .filter(|character| !matches!(character, '"' | '\\'))
        .collect();
    let noise = json!({ "source": 99, "noise": noise });
    events.push(json!({ "type": 3, "timestamp": START + 600, "data": noise }));
    let (fixture, cookie) = shop(&[(0, events)]).await;
    let index = fixture.get("/sessions/s1/recording", Some(&cookie)).await;
    let last = index.json()["pieces"].as_array().unwrap().len() - 1;
    let headers = [("accept-encoding", "gzip")];
    let target = format!("/sessions/s1/events/0/{last}");
    let answer = fixture
        .send(Method::GET, &target, Some(&cookie), "", &headers)
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.json()["error"]["code"], "piece_too_large");
}

#[tokio::test]
async fn somebody_on_the_site_right_now_is_live() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("shop").await;
    let just_now = fixture.now().as_millisecond() - START - 5_000;
    let chunk = (0, page("https://shop.example/", just_now));
    fixture
        .record(&connection.organization, "s1", &[], &[chunk])
        .await;
    let cookie = fixture.cookie(&connection);
    let index = fixture.get("/sessions/s1/recording", Some(&cookie)).await;
    assert_eq!(index.json()["live"], true);
    let page = fixture.get("/sessions/s1", Some(&cookie)).await;
    assert!(page.body.contains("Live now") && page.body.contains("Anonymous visitor"));
}
