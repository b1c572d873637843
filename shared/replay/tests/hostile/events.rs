//! Events as a recorder might write them, or somebody who means harm.

/// Milliseconds since 1970 when the events begin.
pub(crate) const START: u64 = 1_795_215_107_989;

/// An event of this type.
pub(crate) fn event(kind: u8, at: u64, data: &str) -> String {
    format!(r#"{{"type":{kind},"data":{data},"timestamp":{at}}}"#)
}

/// The address of a page.
pub(crate) fn meta(at: u64, href: &str) -> String {
    event(
        4,
        at,
        &format!(r#"{{"href":{href:?},"width":1280,"height":800}}"#),
    )
}

/// A page whose body has these nodes.
pub(crate) fn page(nodes: &str) -> String {
    let body = element("body", 3, nodes);
    let html = element("html", 2, &body);
    let document = format!(r#"{{"type":0,"childNodes":[{html}],"id":1}}"#);
    event(
        2,
        START,
        &format!(r#"{{"node":{document},"initialOffset":{{"left":0,"top":0}}}}"#),
    )
}

/// An element with these child nodes.
pub(crate) fn element(tag: &str, id: u64, children: &str) -> String {
    format!(
        r#"{{"type":2,"tagName":"{tag}","attributes":{{}},"childNodes":[{children}],"id":{id}}}"#
    )
}

/// A click on the node.
pub(crate) fn click(at: u64, id: u64) -> String {
    event(
        3,
        at,
        &format!(r#"{{"source":2,"type":2,"id":{id},"x":5,"y":5}}"#),
    )
}

/// Nodes added: the parent's id, the next sibling's, and the node.
pub(crate) fn added<'a>(
    at: u64,
    adds: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>,
) -> String {
    let adds = adds.into_iter().map(|(parent, next, node)| {
        format!(r#"{{"parentId":{parent},"nextId":{next},"node":{node}}}"#)
    });
    let adds = adds.collect::<Vec<_>>().join(",");
    event(
        3,
        at,
        &format!(r#"{{"source":0,"texts":[],"attributes":[],"removes":[],"adds":[{adds}]}}"#),
    )
}

/// An error on the console.
pub(crate) fn logged(at: u64, text: &str) -> String {
    let data = serde_json::json!({"plugin": "rrweb/console@1",
        "payload": {"level": "error", "trace": [], "payload": [format!("{text:?}")]}});
    event(6, at, &data.to_string())
}

/// Events as the payload of a chunk.
pub(crate) fn payload(events: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", events.into_iter().collect::<Vec<_>>().join(","))
}

/// A text as packers write it: compressed, each byte a character.
pub(crate) fn packed(text: &str) -> String {
    latin1(
        flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best()),
        text,
        |encoder| encoder.finish(),
    )
}

/// The same with gzip, as it stands in `cv` fields.
pub(crate) fn gzipped(text: &str) -> String {
    latin1(
        flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best()),
        text,
        |encoder| encoder.finish(),
    )
}

fn latin1<W: std::io::Write>(
    mut encoder: W,
    text: &str,
    finish: impl FnOnce(W) -> std::io::Result<Vec<u8>>,
) -> String {
    encoder.write_all(text.as_bytes()).unwrap();
    finish(encoder)
        .unwrap()
        .into_iter()
        .map(char::from)
        .collect()
}
