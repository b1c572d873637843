//! What the receiver of a notification must know of it.

use jiff::Timestamp;
use serde_json::value::RawValue;

use super::fields::Fields;
use super::{MalformedNotification, Topic};

/// A notification whose item nobody has looked into. No `Debug`: the item is personal data.
pub struct Envelope<'a> {
    /// The topic as it is called; most are none of ours.
    pub topic: String,
    /// The workspace that it comes from; Intercom leaves it out of some `ping`s.
    pub app_id: Option<String>,
    /// The same for a delivery and its repetition; a `ping` has none.
    pub id: Option<String>,
    /// When it happened, by Intercom's clock.
    pub created_at: Option<Timestamp>,
    data: Option<&'a RawValue>,
}

impl<'a> Envelope<'a> {
    /// Reads the body of a request, whose signature has been verified.
    ///
    /// # Errors
    /// When it is not a JSON object with a topic, or a field of the envelope is of a wrong type.
    pub fn parse(body: &'a [u8]) -> Result<Self, MalformedNotification> {
        let fields = Fields::parse(body)?;
        let topic = fields.text("topic")?;
        let sent_at = fields.time("first_sent_at")?;
        Ok(Self {
            topic: topic.ok_or(MalformedNotification::Missing("topic"))?,
            app_id: fields.text("app_id")?,
            id: fields.text("id")?,
            created_at: fields.time("created_at")?.or(sent_at),
            data: fields.object("data", "data")?,
        })
    }

    /// Its topic; `None` for what is acknowledged and forgotten, such as a `ping`.
    ///
    /// # Errors
    /// When the app subscribes to the topic, but the notification says nothing, or not of which workspace.
    pub fn subscribed_topic(&self) -> Result<Option<Topic>, MalformedNotification> {
        let Some(topic) = Topic::parse(&self.topic) else {
            return Ok(None);
        };
        if self.app_id.is_none() {
            return Err(MalformedNotification::Missing("app_id"));
        }
        self.item()?;
        Ok(Some(topic))
    }

    /// The contact or conversation that it is about, unread.
    pub(super) fn item(&self) -> Result<&'a RawValue, MalformedNotification> {
        const ITEM: &str = "data.item";
        let missing = MalformedNotification::Missing(ITEM);
        let data = self.data.ok_or(missing)?;
        let item = Fields::parse(data.get().as_bytes())?.object("item", ITEM)?;
        item.ok_or(missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREATED: &str = r#"{"type":"notification_event","app_id":"abcd1234","topic":"contact.lead.created",
        "id":"notif_c2441832","created_at":1795176000,"first_sent_at":1795176001,"delivery_attempts":1,
        "delivery_status":"pending","delivered_at":0,"links":{},"self":null,
        "data":{"type":"notification_event_data","item":{"type":"contact","id":"5ba682d2"}}}"#;

    fn topic(body: &str) -> Result<Option<Topic>, MalformedNotification> {
        Envelope::parse(body.as_bytes())?.subscribed_topic()
    }

    #[test]
    fn an_envelope_says_what_happened_where_and_when() {
        let envelope = Envelope::parse(CREATED.as_bytes()).ok().unwrap();
        assert_eq!(envelope.topic, "contact.lead.created");
        assert_eq!(envelope.app_id.as_deref(), Some("abcd1234"));
        assert_eq!(envelope.id.as_deref(), Some("notif_c2441832"));
        assert_eq!(
            envelope.created_at.unwrap().to_string(),
            "2026-11-20T12:00:00Z"
        );
        assert_eq!(envelope.subscribed_topic(), Ok(Some(Topic::LeadCreated)));
    }

    #[test]
    fn what_is_for_nobody_need_not_say_more_than_its_topic() {
        for body in [
            r#"{"type":"notification_event","topic":"ping","id":null}"#,
            r#"{"topic":"company.created","app_id":null,"created_at":null,"data":{"item":[]}}"#,
            r#"{"topic":"ping","topic":"contact.tag.created"}"#,
        ] {
            assert_eq!(topic(body), Ok(None), "{body}");
        }
    }

    #[test]
    fn what_is_for_somebody_says_where_it_happened_and_to_whom() {
        use MalformedNotification::{Missing, WrongType};
        for (body, problem) in [
            (r#""data":{"item":{}}"#, Missing("app_id")),
            (r#""app_id":" ","data":{"item":{}}"#, Missing("app_id")),
            (r#""app_id":"a""#, Missing("data.item")),
            (r#""app_id":"a","data":null"#, Missing("data.item")),
            (r#""app_id":"a","data":{}"#, Missing("data.item")),
            (r#""app_id":"a","data":{"item":null}"#, Missing("data.item")),
            (
                r#""app_id":"a","data":{"item":["x"]}"#,
                WrongType("data.item"),
            ),
        ] {
            let body = format!(r#"{{"topic":"contact.merged",{body}}}"#);
            assert_eq!(topic(&body), Err(problem), "{body}");
        }
    }

    #[test]
    fn a_field_of_a_wrong_type_is_named() {
        for (field, value) in [
            ("topic", "7"),
            ("topic", "{}"),
            ("app_id", "12"),
            ("app_id", "[\"a\"]"),
            ("id", "false"),
            ("created_at", "\"yesterday\""),
            ("created_at", "{}"),
            ("first_sent_at", "true"),
            ("data", "\"item\""),
        ] {
            let body = format!(r#"{{"topic":"ping","{field}":{value}}}"#);
            let error = topic(&body).unwrap_err();
            assert_eq!(error, MalformedNotification::WrongType(field), "{body}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused_without_being_quoted() {
        use MalformedNotification::{Missing, NotAnObject};
        for (body, problem) in [
            (&b"[\"a@b.c\"]"[..], NotAnObject),
            (b"\"a@b.c\"", NotAnObject),
            (b"null", NotAnObject),
            (b"{}", Missing("topic")),
            (b"{\"topic\":\"\"}", Missing("topic")),
        ] {
            let error = Envelope::parse(body).err().unwrap();
            assert_eq!(error, problem);
        }
        for body in [&b""[..], b"{", b"a@b.c", b"{}x", b"{\"topic\":\"\xff\"}"] {
            let error = Envelope::parse(body).err().unwrap().to_string();
            assert!(error.starts_with("the body is not JSON"), "{error}");
            assert!(!error.contains("a@b.c"));
        }
    }

    #[test]
    fn an_item_nested_deeper_than_any_reader_goes_is_skipped() {
        let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
        let item = format!(r#"{{"id":"1","x":{open}{close}}}"#);
        let body = format!(r#"{{"topic":"contact.merged","app_id":"a","data":{{"item":{item}}}}}"#);
        assert_eq!(topic(&body), Ok(Some(Topic::ContactMerged)));
    }
}
