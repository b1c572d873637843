//! Companies.

use intercom::company;

use crate::Company;
use crate::from_intercom::ids;

/// A company. Whether it is imported, the choices say.
#[must_use]
pub fn company(said: &company::Company) -> Company {
    Company {
        id: said.id.clone(),
        company_id: said.company_id.clone(),
        name: said.name.clone(),
        plan: said.plan.clone(),
        monthly_spend: said.monthly_spend,
        size: said.size,
        website: said.website.clone(),
        industry: said.industry.clone(),
        user_count: said.user_count,
        session_count: said.session_count,
        remote_created_at: said.remote_created_at,
        created_at: said.created_at,
        updated_at: said.updated_at,
        last_request_at: said.last_request_at,
        tags: ids(said.tags.as_ref()),
        segments: ids(said.segments.as_ref()),
        custom_attributes: said.custom_attributes.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    #[test]
    fn a_company_keeps_all_that_it_has() {
        let sent = json!({
            "type": "company", "id": "5f", "company_id": "42", "name": "Blue Sun", "plan": { "name": "pro" },
            "monthly_spend": 99, "size": 7, "user_count": 3, "session_count": 4, "last_request_at": 1_795_176_000,
            "tags": { "tags": [{ "id": "1", "name": "VIP" }] }, "segments": { "segments": [{ "id": "s" }] },
            "custom_attributes": { "region": "EU" },
        });
        let company = super::company(&from_value(sent).unwrap());
        assert_eq!(company.company_id.as_deref(), Some("42"));
        assert_eq!(company.plan.as_deref(), Some("pro"));
        assert_eq!((company.user_count, company.size), (Some(3), Some(7)));
        assert_eq!(
            (company.tags, company.segments),
            (vec!["1".to_owned()], vec!["s".to_owned()])
        );
        assert_eq!(company.custom_attributes["region"], "EU");
        assert!(company.last_request_at.is_some());
    }
}
