//! `infra/COST.md`, as its tables.

/// The page.
pub(crate) struct Page(String);

impl Page {
    pub(crate) fn read() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/COST.md");
        Self(std::fs::read_to_string(path).unwrap())
    }

    /// The number beside a name, in whichever table it stands: a price or an assumption.
    pub(crate) fn number(&self, name: &str) -> f64 {
        let mut rows = self.0.lines().filter_map(|line| {
            let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
            (cells.next()? == name).then(|| cells.next()).flatten()
        });
        let cell = rows
            .next()
            .unwrap_or_else(|| panic!("no row names {name:?}"));
        let number = cell.trim_start_matches('$').replace(',', "");
        number
            .parse()
            .unwrap_or_else(|_| panic!("{name:?} is {cell:?}, which is no number"))
    }

    /// The page must hold these rows as they are.
    pub(crate) fn assert_holds(&self, what: &str, rows: &[String]) {
        let rows = rows.join("\n");
        assert!(
            self.0.contains(&rows),
            "infra/COST.md does not say any more what {what}. These are the rows:\n\n{rows}\n"
        );
    }
}

/// A number as the page writes it: no more digits than it has, thousands apart.
pub(crate) fn written(number: f64) -> String {
    let rounded = format!("{number:.4}");
    let (whole, fraction) = rounded.split_once('.').unwrap();
    let mut spelled = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            spelled.push(',');
        }
        spelled.push(digit);
    }
    match fraction.trim_end_matches('0') {
        "" => spelled,
        fraction => format!("{spelled}.{fraction}"),
    }
}
