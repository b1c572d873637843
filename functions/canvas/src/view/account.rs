//! Whose somebody is: the company, its plan, and how many of its people had the same problem.

use intercom::canvas::{Markdown, Text};
use pages::format;
use replay::Fingerprint;

use crate::account::Account;

/// Longest name of a company, and of its plan, characters: the line must not wrap for them.
const MAX_NAME_CHARS: usize = 28;
const MAX_PLAN_CHARS: usize = 20;

/// `Acme · Pro · 2 colleagues had the same problem`, given the problems of the session that is told.
pub(super) fn draw(account: &Account, told: &[Fingerprint]) -> Text {
    let plan = account.plan.as_deref();
    let plan = plan.map(|plan| format::clip(plan, MAX_PLAN_CHARS));
    let colleagues = match account.colleagues_with(told) {
        0 => None,
        1 => Some("1 colleague had the same problem".to_owned()),
        colleagues => Some(format!("{colleagues} colleagues had the same problem")),
    };
    let more = [plan, colleagues].into_iter().flatten();
    let more = more.map(|more| format!(" · {more}"));
    let text = Markdown::new().bold(&format::clip(&account.name, MAX_NAME_CHARS));
    Text::paragraph(text.plain(&more.collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(number: u64) -> Fingerprint {
        Fingerprint::parse(&format!("{number:016x}")).unwrap()
    }

    fn account(plan: Option<&str>, had: &[(u64, &str)]) -> Account {
        let problem = |(number, contact): &(u64, &str)| {
            (fingerprint(*number).to_string(), (*contact).to_owned())
        };
        Account {
            name: "Ac*me".to_owned(),
            plan: plan.map(str::to_owned),
            problems: had.iter().map(problem).collect(),
        }
    }

    #[test]
    fn colleagues_are_counted_once_and_not_named() {
        let told = [fingerprint(1), fingerprint(2)];
        for (plan, had, said) in [
            (None, &[][..], "**Ac∗me**"),
            (Some("Pro"), &[(3, "c2")], "**Ac∗me** · Pro"),
            (
                Some("Pro"),
                &[(1, "c2"), (2, "c2"), (3, "c3")],
                "**Ac∗me** · Pro · 1 colleague had the same problem",
            ),
            (
                None,
                &[(1, "c2"), (2, "c3")],
                "**Ac∗me** · 2 colleagues had the same problem",
            ),
        ] {
            let drawn = serde_json::to_value(draw(&account(plan, had), &told)).unwrap();
            assert_eq!(drawn["text"], said);
        }
    }
}
