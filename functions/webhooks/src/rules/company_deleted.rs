//! A company is gone for good (`company.deleted`).
//!
//! The notification holds Intercom's id alone. Its people go too, unless they belong to another company.

use intercom::webhook::{MirroredItem, MirroredNotification};
use notification::Change;

/// What the notification says of what is mirrored; `None` when its item is another topic's.
pub fn rule(notification: &MirroredNotification) -> Option<Vec<Change>> {
    let MirroredItem::Company(company) = &notification.item else {
        return None;
    };
    Some(vec![Change::CompanyGone(company.id.clone())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_is_gone_by_intercoms_id() {
        let body = r#"{"app_id":"acme","topic":"company.deleted","id":"n1","created_at":1795175940,"data":{"item":{"id":"co1","type":"company","deleted":true}}}"#;
        let notification = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
        let changes = rule(&notification).unwrap();
        assert!(matches!(&*changes, [Change::CompanyGone(id)] if id == "co1"));
    }
}
