//! What somebody reads on the terminal when the bundle cannot start: one sentence, and exit code 1.

use std::fs;

use tokio::net::TcpListener;

use crate::bundle::command;

async fn refused(variables: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = command()
        .env("DATA_DIR", folder.path())
        .envs(variables.iter().copied())
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    let sentence = text.trim_end();
    assert!(
        !sentence.contains('\n') && sentence.ends_with('.'),
        "{text}"
    );
    sentence.to_owned()
}

#[tokio::test]
async fn what_stands_in_the_way_is_named_together_with_the_way_out() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let taken = listener.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    fs::write(&file, "").unwrap();
    let unwritable = file.join("below").display().to_string();
    for (variable, value, says) in [
        ("PORT", taken.as_str(), ["is taken", "PORT=9001 make run"]),
        ("PORT", "http", ["PORT", "a number from 0 to 65535"]),
        ("DATA_DIR", &unwritable, ["Cannot write in", "DATA_DIR"]),
        ("DEMO", "perhaps", ["DEMO", "1 or 0"]),
        (
            "SECRET_KEY",
            "local-write-key",
            ["SECRET_KEY", "another key than WRITE_KEY"],
        ),
    ] {
        let sentence = refused(&[(variable, value)]).await;
        for part in says {
            assert!(sentence.contains(part), "{variable}={value}: {sentence}");
        }
    }
}
