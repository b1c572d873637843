//! The words of a message for one person.

use audience::template::Context;
use audience::{Field, OwnField, Template};
use proptest::prelude::*;

use crate::person::{Person, ada, text};

fn rendered(source: &str, person: &Person) -> String {
    Template::parse(source)
        .unwrap()
        .render(person, Context::Html)
}

#[test]
fn variables_are_filled_in_and_fallbacks_stand_where_nothing_is_known() {
    let nobody = Person::default();
    for (source, for_ada, for_nobody) in [
        (
            "Hey {{ first_name | fallback:\"there\"}}",
            "Hey Ada",
            "Hey there",
        ),
        (
            "Hey {{first_name|fallback:'there'}}!",
            "Hey Ada!",
            "Hey there!",
        ),
        (
            "{{ first_name | fallback:\u{201c}you\u{201d} }}",
            "Ada",
            "you",
        ),
        ("{{ first_name | fallback:&quot;you&quot; }}", "Ada", "you"),
        ("{{ first_name }}.", "Ada.", "."),
        ("{{ last_name }}", "King Lovelace", ""),
        (
            "{{ email }} {{ user_id | fallback:\"-\" }}",
            "ada@engine.example -",
            " -",
        ),
        (
            "{{ company.name | fallback:\"your company\" }}",
            "Engine &amp; Sons",
            "your company",
        ),
        ("{{ custom.seats }} seats", "12 seats", " seats"),
        ("since {{ signed_up_at }}", "since Oct 1, 2026", "since "),
        ("{{ first_name | fallback:\"}} |\" }}", "Ada", "}} |"),
        (
            "no variables } }} {",
            "no variables } }} {",
            "no variables } }} {",
        ),
    ] {
        assert_eq!(rendered(source, &ada()), for_ada, "{source}");
        assert_eq!(rendered(source, &nobody), for_nobody, "{source}");
    }
}

#[test]
fn what_is_no_template_is_told_where() {
    for (source, told) in [
        ("Hi {{ first_name", "character 4: `{{` has no `}}`"),
        (
            "é{{ shoe }}",
            "character 2: there is no such variable; see the list in docs/messages.md",
        ),
        (
            "{{ owner_id }}",
            "character 1: there is no such variable; see the list in docs/messages.md",
        ),
        (
            "{{ first_name | upper }}",
            "character 1: after the variable only `| fallback:\"…\"` can stand",
        ),
        (
            "{{ first_name | fallback:x }}",
            "character 1: after the variable only `| fallback:\"…\"` can stand",
        ),
    ] {
        assert_eq!(Template::parse(source).unwrap_err().to_string(), told);
    }
    assert!(Template::parse(&"a".repeat(70_000)).is_err());
    assert!(Template::parse(&"{{email}}".repeat(101)).is_err());
}

#[test]
fn a_subject_is_one_line() {
    let person = Person(vec![(
        Field::Own(OwnField::Name),
        text("Eve\r\nBcc: all@b.example"),
    )]);
    let subject = Template::parse("For {{ name }}\n!").unwrap();
    let rendered = subject.render(&person, Context::Line);
    assert_eq!(rendered, "For Eve Bcc: all@b.example !");
}

#[test]
fn variables_without_a_fallback_are_named() {
    let template = Template::parse("{{ first_name }} {{ email | fallback:\"x\" }} {{ custom.a }}");
    let template = template.unwrap();
    let named: Vec<_> = template
        .without_fallback()
        .map(ToString::to_string)
        .collect();
    assert_eq!(named, ["first_name", "custom.a"]);
}

proptest! {
    /// No value of anybody's is markup, or a variable of its own.
    #[test]
    fn a_value_is_text_and_nothing_else(value in ".{0,60}|[<>&\"'{}| a-z]{0,60}") {
        let person = Person(vec![(Field::Own(OwnField::Name), text(&value))]);
        let rendered = rendered("<p title=\"{{ name }}\">{{ name }}</p>", &person);
        let inner = rendered.strip_prefix("<p title=\"").unwrap().strip_suffix("</p>").unwrap();
        let (one, other) = inner.split_once("\">").unwrap();
        prop_assert_eq!(one, other);
        prop_assert!(!other.contains(['<', '>', '"', '\'']));
    }

    #[test]
    fn any_text_is_a_template_or_an_error(source in "([{}|\"' a-z:]|first_name|fallback){0,40}") {
        if let Ok(template) = Template::parse(&source) {
            let _ = template.render(&ada(), Context::Html);
            let _ = template.render(&ada(), Context::Line);
        }
    }
}
