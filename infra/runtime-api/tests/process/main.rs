//! A program of ours under the Runtime API, well-behaved and not.

#![allow(clippy::unwrap_used, clippy::expect_used)] // Not only in the tests themselves.

use std::time::Duration;

use runtime_api::{Bootstrap, Error, FunctionError, Invocation, Payload, Process, events};

const MEGABYTE: usize = 1024 * 1024;

fn bootstrap(behaviour: &str) -> Bootstrap {
    Bootstrap::new(env!("CARGO_BIN_EXE_sample-bootstrap")).arg(behaviour)
}

fn start(behaviour: &str) -> Process {
    bootstrap(behaviour).start().unwrap()
}

fn invoke(process: &mut Process, event: &[u8]) -> Result<Vec<u8>, Error> {
    let answer = process.invoke(event, &Invocation::default())?;
    assert!(answer.latency > Duration::ZERO);
    Ok(answer.body)
}

#[test]
fn an_event_comes_back_as_an_answer_over_one_connection_or_many() {
    for behaviour in ["echo", "reconnect"] {
        let mut process = start(behaviour);
        let ready = process.wait_ready().unwrap();
        assert!(ready > Duration::ZERO);
        assert_eq!(process.wait_ready().unwrap(), ready, "measured once");
        for event in [&b"first"[..], b"", b"third"] {
            assert_eq!(invoke(&mut process, event).unwrap(), event);
        }
    }
}

#[test]
fn six_megabytes_pass_and_no_byte_more() {
    let mut process = start("echo");
    let mut event = vec![b'x'; 6 * MEGABYTE];
    assert_eq!(invoke(&mut process, &event).unwrap(), event);

    let limit = event.len();
    let mut growing = start("grow");
    let answer = invoke(&mut growing, &event);
    assert!(
        matches!(answer, Err(Error::TooLarge { payload: Payload::Answer, bytes, .. }) if bytes == limit + 1)
    );

    event.push(b'x');
    let answer = invoke(&mut process, &event);
    assert!(
        matches!(answer, Err(Error::TooLarge { payload: Payload::Event, bytes, .. }) if bytes == limit + 1)
    );
}

#[test]
fn a_binary_body_reaches_a_function_up_to_what_fits_an_event_in_base64() {
    let mut process = start("echo");
    let mut send = |bytes: usize| {
        let request = http::Request::post("/").body(vec![0x1f; bytes]).unwrap();
        let event = events::function_url(&request, jiff::Timestamp::UNIX_EPOCH).to_string();
        let answer = process.invoke(event.as_bytes(), &Invocation::default());
        let status = events::answered(answer).unwrap().status().as_u16();
        (status, event.len())
    };
    let (_, envelope) = send(0);
    // `,"body":""` comes with a body; "false" becomes "true".
    let room = events::MAX_BYTES - envelope - 9;
    let most = room / 4 * 3;
    assert!((4_700_000..4_718_592).contains(&most), "{most}");
    assert_eq!(send(most).0, 200);
    assert_eq!(send(most + 3).0, 413);
}

#[test]
fn repeated_events_are_timed_one_by_one() {
    let mut process = start("echo");
    let times = |process: &mut Process, times| {
        process
            .invoke_repeatedly(b"{}", times, &Invocation::default())
            .unwrap()
            .len()
    };
    assert_eq!(times(&mut process, 0), 0);
    assert_eq!(times(&mut process, 500), 500);
    assert_eq!(invoke(&mut process, b"after").unwrap(), b"after");
}

#[test]
fn an_invocation_carries_id_trace_and_deadline() {
    let mut process = start("headers");
    let invocation = Invocation {
        request_id: Some("request-1".to_owned()),
        trace_id: Some("Root=1-2-3;Sampled=1".to_owned()),
        timeout: Duration::from_secs(3),
    };
    let before = jiff::Timestamp::now().as_millisecond();
    let answer = process.invoke(b"{}", &invocation).unwrap();
    let headers = String::from_utf8(answer.body).unwrap();
    assert!(
        headers.contains("Lambda-Runtime-Aws-Request-Id: request-1"),
        "{headers}"
    );
    assert!(
        headers.contains("Lambda-Runtime-Trace-Id: Root=1-2-3;Sampled=1"),
        "{headers}"
    );
    assert!(headers.contains("function:sample-bootstrap"), "{headers}");
    let deadline = headers
        .lines()
        .find_map(|line| line.strip_prefix("Lambda-Runtime-Deadline-Ms: "));
    let left = deadline.unwrap().parse::<i64>().unwrap() - before;
    assert!((3_000..4_000).contains(&left), "{left}");
}

#[test]
fn a_function_sees_what_lambda_sets_and_what_was_asked_for_and_nothing_else() {
    let mut process = bootstrap("environment")
        .name("canvas")
        .memory(512)
        .env("TABLE_NAME", "recapt")
        .env("AWS_REGION", "eu-west-1")
        .start()
        .unwrap();
    let variables = String::from_utf8(invoke(&mut process, b"{}").unwrap()).unwrap();
    for variable in [
        "AWS_LAMBDA_FUNCTION_NAME=canvas",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512",
        "AWS_REGION=eu-west-1",
        "TABLE_NAME=recapt",
    ] {
        assert!(
            variables.lines().any(|line| line == variable),
            "{variables}"
        );
    }
    assert!(!variables.contains("CARGO"), "{variables}");
}

#[test]
fn an_error_of_the_function_is_told_and_the_next_event_is_served() {
    let mut process = start("fail");
    for _ in 0..2 {
        let Err(Error::Function(error)) = invoke(&mut process, b"{}") else {
            panic!("an error");
        };
        let expected = FunctionError {
            error_type: "Retryable".to_owned(),
            error_message: "the table is away".to_owned(),
        };
        assert_eq!(error, expected);
    }
}

#[test]
fn a_start_that_fails_says_what_was_printed() {
    let exited = start("exit").wait_ready().unwrap_err();
    assert!(
        matches!(&exited, Error::Exited { status, .. } if status.code() == Some(3)),
        "{exited}"
    );
    assert!(
        exited.to_string().contains("cannot read the configuration"),
        "{exited}"
    );

    let refused = start("refuse").wait_ready().unwrap_err();
    assert!(
        matches!(&refused, Error::Init { error, .. } if error.error_type == "Config"),
        "{refused}"
    );

    let missing = Bootstrap::new("/nowhere/bootstrap").start().unwrap_err();
    assert!(
        missing.to_string().contains("/nowhere/bootstrap"),
        "{missing}"
    );
}

#[test]
fn a_process_that_dies_over_an_event_is_noticed_at_once_and_stays_dead() {
    let mut process = start("die");
    for _ in 0..2 {
        let error = invoke(&mut process, b"{}").unwrap_err();
        assert!(
            matches!(&error, Error::Exited { status, .. } if status.code() == Some(4)),
            "{error}"
        );
        assert!(error.to_string().contains("dying"), "{error}");
    }
    assert_eq!(process.lines(), ["starting", "dying"]);
}

#[test]
fn a_function_that_takes_too_long_is_killed() {
    let mut process = start("sleep");
    let timeout = Duration::from_millis(100);
    let invocation = Invocation {
        timeout,
        ..Invocation::default()
    };
    let error = process.invoke(b"{}", &invocation).unwrap_err();
    assert!(
        matches!(error, Error::TimedOut { after, .. } if after == timeout),
        "{error}"
    );
    assert!(matches!(
        invoke(&mut process, b"{}"),
        Err(Error::Exited { .. })
    ));
}

#[test]
fn memory_and_cpu_time_are_those_of_the_process() {
    let mut process = start("burn");
    process.wait_ready().unwrap();
    let before = process.cpu_time().unwrap();
    let latency = process
        .invoke(b"{}", &Invocation::default())
        .unwrap()
        .latency;
    let used = process.cpu_time().unwrap() - before;
    assert!(
        used > Duration::from_millis(1) && used <= latency * 2,
        "{used:?} of {latency:?}"
    );
    let resident = process.resident_bytes().unwrap();
    assert!((100_000..50_000_000).contains(&resident), "{resident}");
}

#[test]
fn a_quota_stretches_the_work_as_lambda_does() {
    let mut process = start("burn");
    process.wait_ready().unwrap();
    let burn = |process: &mut Process| {
        process
            .invoke(b"{}", &Invocation::default())
            .unwrap()
            .latency
    };
    let free = burn(&mut process);
    match process.throttle(256) {
        // A quarter of a CPU would be 4; a machine that is busy with other tests slows both.
        Ok(()) => {
            let throttled = burn(&mut process);
            assert!(throttled > free * 2, "{throttled:?} rather than {free:?}");
        }
        Err(error @ Error::QuotaUnsupported(_)) => println!("Skipped: {error}."),
        Err(error) => panic!("{error}"),
    }
}
