//! Metadata in a form: the field, and what was typed into it.

use domain::name::{Lines, Metadata, unix_newlines, unless_changed};
use domain::problem::Check;
use domain::{Failure, Field, Problem};

use crate::form::{Control, FieldSpec, Rule};

/// The field, with the metadata that the resource has.
pub fn field(present: &str) -> FieldSpec {
    FieldSpec::new(Field::Metadata, Control::TextArea, Rule::Metadata)
        .optional()
        .value(present)
        .help("For your application, often JSON. Chime stores it and does not read it.")
}

/// What was typed; a problem is noted in `check`. What the browser sent back unchanged stays exactly as AWS
/// gave it. A resource that is created has none yet.
pub fn read(typed: &str, present: &str, check: &mut Check) -> Option<Metadata> {
    let typed = unix_newlines(typed);
    let metadata = unless_changed(&typed, present, Lines::Several);
    check.field(Field::Metadata, Metadata::parse(metadata))
}

/// The name and the metadata that were typed into a form that edits both; else what is wrong with them.
/// Each that the browser sent back unchanged stays exactly as AWS gave it. `parse` is the rule of the name.
pub fn read_with_name<N>(
    (name, metadata): (&str, &str),
    (present_name, present_metadata): (&str, &str),
    parse: fn(&str) -> Result<N, Problem>,
) -> Result<(N, Metadata), Failure> {
    let mut check = Check::default();
    let name = unless_changed(name, present_name, Lines::One);
    let name = check.field(Field::Name, parse(name));
    let metadata = read(metadata, present_metadata, &mut check);
    check.all((name, metadata))
}
