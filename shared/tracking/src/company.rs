//! What is said of a company, in an identify's traits or a group's.

use intercom::write::CompanyWrite;

use crate::attributes::Attributes;
use crate::notes::Notes;
use crate::settings::SourceSettings;
use crate::{Fields, Json};

/// Most custom attributes of companies in a workspace.
const MAX_ATTRIBUTES: usize = 100;
/// Largest amount that Intercom keeps.
const MAX_SPEND: f64 = 2_147_483_647.0;

/// Longest id, bytes.
const MAX_ID_BYTES: usize = 255;

const CREATED: [&str; 5] = [
    "createdAt",
    "created_at",
    "created",
    "remoteCreatedAt",
    "remote_created_at",
];
const SPEND: [&str; 2] = ["monthlySpend", "monthly_spend"];
const SIZE: [&str; 4] = ["employees", "size", "employeeCount", "employee_count"];

/// The company of that id.
pub(crate) fn of_group(
    company_id: &str,
    traits: &Fields,
    settings: &SourceSettings,
    notes: &mut Notes,
) -> CompanyWrite {
    let is_taken = |key: &str| key == "name" || key == "remove" || is_field(key);
    company(company_id.to_owned(), traits, is_taken, settings, notes)
}

/// A company in an identify: an object, or its name alone. `None` without an id and a name.
pub(crate) fn of_trait(
    value: &Json,
    settings: &SourceSettings,
    notes: &mut Notes,
) -> Option<(CompanyWrite, bool)> {
    let Json::Object(fields) = value else {
        let name = value.to_text()?;
        let write = CompanyWrite {
            company_id: id_of_name(&name).to_string(),
            name: Some(notes.fit("company", name)),
            ..CompanyWrite::default()
        };
        return Some((write, true));
    };
    let id = fields
        .first_of(&["id", "company_id", "companyId"])
        .and_then(Json::to_text)
        .filter(|id| id.len() <= MAX_ID_BYTES);
    let name = || fields.get("name").and_then(Json::to_text);
    let company_id = id.or_else(|| Some(id_of_name(&name()?).to_string()))?;
    let is_taken = |key: &str| {
        matches!(key, "id" | "company_id" | "companyId" | "name" | "remove") || is_field(key)
    };
    let belongs = fields.get("remove").and_then(Json::as_flag) != Some(true);
    Some((
        company(company_id, fields, is_taken, settings, notes),
        belongs,
    ))
}

fn company(
    company_id: String,
    traits: &Fields,
    is_taken: impl Fn(&str) -> bool,
    settings: &SourceSettings,
    notes: &mut Notes,
) -> CompanyWrite {
    let mut whole_of = |keys: &[&'static str]| {
        let said = traits.first_of(keys)?;
        let number = whole(said);
        if number.is_none() {
            notes.fields.push(keys[0]);
        }
        number
    };
    CompanyWrite {
        company_id,
        size: whole_of(&SIZE),
        monthly_spend: whole_of(&SPEND),
        name: notes.text(traits, &["name"]),
        plan: notes.text(traits, &["plan"]),
        website: notes.text(traits, &["website"]),
        industry: notes.text(traits, &["industry"]),
        remote_created_at: notes.seconds(traits, &CREATED),
        custom_attributes: Attributes::new(settings.nested, MAX_ATTRIBUTES, notes)
            .rest_of(traits, is_taken)
            .finish(),
    }
}

/// Whether Intercom has a field for it.
fn is_field(key: &str) -> bool {
    matches!(key, "plan" | "website" | "industry")
        || CREATED.contains(&key)
        || SPEND.contains(&key)
        || SIZE.contains(&key)
}

/// A whole number that Intercom can hold.
fn whole(value: &Json) -> Option<i64> {
    let number = value.as_number()?.round();
    #[allow(clippy::cast_possible_truncation)] // It is whole, and small.
    (0.0..=MAX_SPEND).contains(&number).then_some(number as i64)
}

/// The id of a company that has only a name: Segment's, so that companies that it made are found again. It is
/// the 32-bit hash of the npm package `string-hash`, over UTF-16 from the end.
pub(crate) fn id_of_name(name: &str) -> u32 {
    let units: Vec<u16> = name.encode_utf16().collect();
    let fold = |hash: u32, unit: &u16| hash.wrapping_mul(33) ^ u32::from(*unit);
    units.iter().rev().fold(5_381, fold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_companys_name_gives_the_id_that_segment_gave_it() {
        assert_eq!(id_of_name("Acme Inc"), 3_302_265_675);
        assert_eq!(id_of_name("Segment"), 2_017_828_326);
    }
}
