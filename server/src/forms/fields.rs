//! The fields of a form as they were sent.

/// Fields that are never held: a form comes back with these empty.
const SECRETS: &[&str] = &["password", "new_password", "current_password", "code"];
/// The buttons that change the rows of tags without JavaScript.
const ADD_ROW: &str = "add_row";
const REMOVE_ROW: &str = "remove_row";
/// The button that shows the form again, with what was searched for in it, or with what sending it would do
/// (`app::form`).
const AGAIN: &str = "again";
/// The button that shows the form again, with what it would call in a language.
const AS_CODE: &str = "as_code";
/// More fields than any form has: 50 tags are 100.
const MOST_FIELDS: usize = 1000;
/// More rows than any resource has tags.
const MOST_ROWS: usize = 50;

/// Names and values, in the order of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, String)>);

/// Whether a body has more fields than a form can have. A field takes more memory than its bytes: a
/// body of nothing but `&a` would take a hundred times as much.
pub(super) fn are_too_many(body: &[u8]) -> bool {
    body.split(|byte| *byte == b'&').nth(MOST_FIELDS).is_some()
}

impl Fields {
    /// Reads a URL-encoded body.
    pub(super) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of a field.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The fields that may be held for the next showing of the form.
    pub(super) fn without_secrets(self) -> Vec<(String, String)> {
        let may_be_held = |(name, _): &(String, String)| !SECRETS.contains(&name.as_str());
        self.0.into_iter().filter(may_be_held).collect()
    }

    /// Whether a button was pressed that only shows the form again: one that searches in it, or "Preview".
    pub(super) fn only_again(&self) -> bool {
        self.get(AGAIN).is_some()
    }

    /// The form after the press of "As code", and the language; an empty one closes it.
    pub(super) fn shown_as_code(&self) -> Option<(Self, &str)> {
        let language = self.get(AS_CODE)?;
        let is_other = |(name, _): &&(String, String)| name != AS_CODE;
        let fields = self.0.iter().filter(is_other).cloned().collect();
        Some((Self(fields), language))
    }

    /// The form after the press of a button that adds or removes a row of tags, if it was one.
    ///
    /// `add_row=0` changes no row: it shows the form again with what saving would do.
    pub(super) fn with_rows_changed(&self) -> Option<Self> {
        let (add, remove) = (self.get(ADD_ROW), self.get(REMOVE_ROW));
        if add.is_none() && remove.is_none() {
            return None;
        }
        let mut rows = self.rows();
        if let Some(at) = remove.and_then(|at| at.parse::<usize>().ok()) {
            rows.retain(|(row, _, _)| *row != at);
        }
        let is_other = |(name, _): &&(String, String)| {
            !matches!(name.as_str(), ADD_ROW | REMOVE_ROW) && row_of(name).is_none()
        };
        let mut fields: Vec<_> = self.0.iter().filter(is_other).cloned().collect();
        let mut rows: Vec<_> = rows
            .into_iter()
            .map(|(_, key, value)| (key, value))
            .collect();
        if add.is_some_and(|add| add != "0") && rows.len() < MOST_ROWS {
            rows.push(Default::default());
        }
        for (at, (key, value)) in rows.into_iter().enumerate() {
            fields.push((format!("tag_key[{at}]"), key));
            fields.push((format!("tag_value[{at}]"), value));
        }
        Some(Self(fields))
    }

    /// The rows of tags with the numbers they have in the form.
    fn rows(&self) -> Vec<(usize, String, String)> {
        let mut rows: Vec<(usize, String, String)> = Vec::new();
        for (name, text) in &self.0 {
            let Some((column, at)) = row_of(name) else {
                continue;
            };
            let known = rows.iter().position(|(row, _, _)| *row == at);
            let index = known.unwrap_or_else(|| {
                rows.push((at, String::new(), String::new()));
                rows.len() - 1
            });
            match column {
                Column::Key => rows[index].1.clone_from(text),
                Column::Value => rows[index].2.clone_from(text),
            }
        }
        rows
    }
}

enum Column {
    Key,
    Value,
}

/// The column and row of a field of a tag: `tag_key[3]`.
fn row_of(name: &str) -> Option<(Column, usize)> {
    let (column, rest) = match name.strip_prefix("tag_key[") {
        Some(rest) => (Column::Key, rest),
        None => (Column::Value, name.strip_prefix("tag_value[")?),
    };
    Some((column, rest.strip_suffix(']')?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &[u8] =
        b"name=A+b&tag_key[0]=x&tag_value[0]=1&tag_key%5B1%5D=y&tag_value[1]=%C3%A4";

    fn pressed(button: &str) -> Vec<(String, String)> {
        let body = [FORM, b"&", button.as_bytes()].concat();
        Fields::parse(&body).with_rows_changed().unwrap().0
    }

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_row_is_added_at_the_end() {
        let wanted = pairs(&[
            ("name", "A b"),
            ("tag_key[0]", "x"),
            ("tag_value[0]", "1"),
            ("tag_key[1]", "y"),
            ("tag_value[1]", "ä"),
            ("tag_key[2]", ""),
            ("tag_value[2]", ""),
        ]);
        assert_eq!(pressed("add_row=1"), wanted);
    }

    #[test]
    fn a_row_is_removed_and_the_others_move_up() {
        let wanted = pairs(&[("name", "A b"), ("tag_key[0]", "y"), ("tag_value[0]", "ä")]);
        assert_eq!(pressed("remove_row=0"), wanted);
    }

    #[test]
    fn a_review_changes_no_row_and_saving_is_not_a_button_of_rows() {
        assert_eq!(pressed("add_row=0").len(), 5);
        assert_eq!(Fields::parse(FORM).with_rows_changed(), None);
    }

    #[test]
    fn as_code_keeps_every_field_as_it_was_typed() {
        let fields = Fields::parse(b"name=A&as_code=python&tag_key[0]=x");
        let (shown, language) = fields.shown_as_code().unwrap();
        assert_eq!(language, "python");
        assert_eq!(shown.0, pairs(&[("name", "A"), ("tag_key[0]", "x")]));
        assert_eq!(Fields::parse(FORM).shown_as_code(), None);
    }

    #[test]
    fn a_thousand_fields_are_enough_for_every_form() {
        assert!(!are_too_many(FORM));
        assert!(!are_too_many(&b"a=b&".repeat(MOST_FIELDS - 1)));
        assert!(are_too_many(&b"a=b&".repeat(MOST_FIELDS)));
    }

    #[test]
    fn secrets_are_not_held() {
        let fields = Fields::parse(b"username=a&password=b&new_password=c&code=d&device_token=e");
        assert_eq!(
            fields.without_secrets(),
            pairs(&[("username", "a"), ("device_token", "e")])
        );
    }
}
