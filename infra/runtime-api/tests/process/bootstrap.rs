//! A function of the standard library alone, which behaves as its first argument says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::{env, io, thread, time::Duration};

const VERSION: &str = "/2018-06-01/runtime";

fn main() -> io::Result<ExitCode> {
    println!("starting");
    let behaviour = env::args().nth(1).unwrap_or_default();
    let mut api = Api::connect()?;
    match behaviour.as_str() {
        "exit" => {
            eprintln!("cannot read the configuration");
            return Ok(ExitCode::from(3));
        }
        "refuse" => {
            let error = r#"{"errorType":"Config","errorMessage":"no TABLE_NAME"}"#;
            api.post("/init/error", error.as_bytes())?;
            thread::sleep(Duration::from_secs(60));
        }
        _ => {}
    }
    loop {
        let (headers, event) = api.request("GET", "/invocation/next", &[])?;
        let id = value(&headers, "lambda-runtime-aws-request-id");
        let response = format!("/invocation/{id}/response");
        match behaviour.as_str() {
            "echo" => api.post(&response, &event)?,
            "reconnect" => {
                api.post(&response, &event)?;
                api = Api::connect()?;
            }
            "headers" => api.post(&response, headers.join("\n").as_bytes())?,
            "environment" => {
                let variables: Vec<_> = env::vars()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                api.post(&response, variables.join("\n").as_bytes())?;
            }
            "fail" => {
                let error = r#"{"errorType":"Retryable","errorMessage":"the table is away"}"#;
                api.post(&format!("/invocation/{id}/error"), error.as_bytes())?;
            }
            "die" => {
                println!("dying");
                return Ok(ExitCode::from(4));
            }
            "grow" => api.post(&response, &vec![b' '; event.len() + 1])?,
            "burn" => {
                let mut sum = 0_u64;
                for n in 0..20_000_000_u64 {
                    sum = std::hint::black_box(sum.wrapping_add(n));
                }
                api.post(&response, sum.to_string().as_bytes())?;
            }
            _ => thread::sleep(Duration::from_secs(60)),
        }
    }
}

/// One connection that stays open.
struct Api {
    connection: BufReader<TcpStream>,
}

impl Api {
    fn connect() -> io::Result<Self> {
        let address = env::var("AWS_LAMBDA_RUNTIME_API").map_err(io::Error::other)?;
        let connection = BufReader::new(TcpStream::connect(address)?);
        Ok(Self { connection })
    }

    fn post(&mut self, path: &str, body: &[u8]) -> io::Result<()> {
        self.request("POST", path, body).map(drop)
    }

    fn request(
        &mut self,
        method: &str,
        path: &str,
        body: &[u8],
    ) -> io::Result<(Vec<String>, Vec<u8>)> {
        let length = body.len();
        let head = format!("{method} {VERSION}{path} HTTP/1.1\r\nContent-Length: {length}\r\n\r\n");
        // In one piece: two small writes would wait for an acknowledgement in between.
        let request = [head.as_bytes(), body].concat();
        self.connection.get_mut().write_all(&request)?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.connection.read_line(&mut line)?;
            if line.trim_end().is_empty() {
                break;
            }
            headers.push(line.trim_end().to_owned());
        }
        let length = value(&headers, "content-length")
            .parse()
            .map_err(io::Error::other)?;
        let mut body = vec![0; length];
        self.connection.read_exact(&mut body)?;
        Ok((headers, body))
    }
}

fn value<'a>(headers: &'a [String], name: &str) -> &'a str {
    let pairs = headers.iter().filter_map(|header| header.split_once(": "));
    let mut values = pairs.filter(|(found, _)| found.eq_ignore_ascii_case(name));
    values.next().map(|(_, value)| value).unwrap_or_default()
}
