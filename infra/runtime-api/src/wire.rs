//! The little of HTTP/1.1 that runtimes speak: requests in, answers out, over connections that stay open.

use std::io::{self, BufRead, Read, Write};
use std::time::Instant;

/// Longest request line or header line; runtimes send a few hundred bytes.
const MAX_LINE: u64 = 64 * 1024;
/// Longest body that is read. More than Lambda passes on, so that what is too large is told apart from what
/// is broken.
const MAX_BODY: usize = 32 * 1024 * 1024;

/// A request of a runtime.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
    /// When its first line had arrived.
    pub(crate) began: Instant,
}

impl Request {
    /// The next request on a connection; `None` when its other end is closed.
    pub(crate) fn read(connection: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some(line) = read_line(connection)? else {
            return Ok(None);
        };
        let began = Instant::now();
        let mut words = line.split(' ');
        let (Some(method), Some(path)) = (words.next(), words.next()) else {
            return Err(malformed("request line"));
        };
        let mut length = 0;
        let mut chunked = false;
        loop {
            let header = read_line(connection)?.ok_or_else(|| malformed("headers"))?;
            if header.is_empty() {
                break;
            }
            let (name, value) = header.split_once(':').ok_or_else(|| malformed("header"))?;
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().map_err(|_| malformed("length"))?;
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                chunked = value.trim().eq_ignore_ascii_case("chunked");
            }
        }
        let mut body = Vec::new();
        if chunked {
            while read_chunk(connection, &mut body)? {}
        } else {
            append(connection, &mut body, length)?;
        }
        Ok(Some(Self {
            method: method.to_owned(),
            path: path.to_owned(),
            body,
            began,
        }))
    }
}

/// Writes an answer in one piece.
pub(crate) fn answer(
    connection: &mut impl Write,
    status: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(512 + body.len());
    write!(bytes, "HTTP/1.1 {status}\r\n")?;
    for (name, value) in headers {
        write!(bytes, "{name}: {value}\r\n")?;
    }
    write!(bytes, "Content-Type: application/json\r\n")?;
    write!(bytes, "Content-Length: {}\r\n\r\n", body.len())?;
    bytes.extend_from_slice(body);
    connection.write_all(&bytes)
}

fn read_line(connection: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    connection.take(MAX_LINE).read_line(&mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    let line = line.strip_suffix("\r\n").ok_or_else(|| malformed("line"))?;
    Ok(Some(line.to_owned()))
}

/// Appends a chunk, and says whether there may be more.
fn read_chunk(connection: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<bool> {
    let line = read_line(connection)?.ok_or_else(|| malformed("chunk"))?;
    let size = line.split(';').next().unwrap_or_default();
    let size = usize::from_str_radix(size.trim(), 16).map_err(|_| malformed("chunk"))?;
    append(connection, body, size)?;
    // After a chunk an empty line; after the last one there may be trailers before it.
    loop {
        let line = read_line(connection)?.ok_or_else(|| malformed("chunk"))?;
        if line.is_empty() {
            return Ok(size > 0);
        }
    }
}

fn append(connection: &mut impl Read, body: &mut Vec<u8>, length: usize) -> io::Result<()> {
    let start = body.len();
    let end = start.checked_add(length).filter(|end| *end <= MAX_BODY);
    body.resize(end.ok_or_else(|| malformed("length"))?, 0);
    connection.read_exact(&mut body[start..])
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("malformed {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> io::Result<Option<Request>> {
        Request::read(&mut &*bytes)
    }

    #[test]
    fn a_body_comes_with_its_length_or_in_chunks() {
        let whole = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET";
        let chunks = b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: t\r\n\r\nGET";
        for mut bytes in [&whole[..], chunks] {
            let request = Request::read(&mut bytes).unwrap().unwrap();
            assert_eq!((&*request.method, &*request.path), ("POST", "/a"));
            assert_eq!(request.body, b"hello");
            assert_eq!(bytes, b"GET", "the next request is left alone");
        }
    }

    #[test]
    fn a_closed_connection_is_no_request_and_half_of_one_is_an_error() {
        assert!(read(b"").unwrap().is_none());
        for half in [
            &b"POST"[..],
            b"POST /a HTTP/1.1\r\n",
            b"POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf",
            b"POST /a HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
            b"POST /a HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        ] {
            assert!(read(half).is_err(), "{}", String::from_utf8_lossy(half));
        }
    }
}
