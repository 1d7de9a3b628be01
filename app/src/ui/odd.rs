//! Rows and pages of what AWS gave and no rule allows: what is odd, in a mark, and what can be done with
//! it. Nothing is left out for being odd.

use domain::arn::{AppInstanceArn, ResourceArn};
use domain::{AccountId, ConnectionId, Given, Region};
use leptos::prelude::*;

use super::bidi::{alone, chosen};
use super::parts::{self, missing};
use crate::paths;

/// What is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    /// AWS gave nothing to address it by.
    Nameless,
    /// Nobody here knows what it is.
    Unknown,
    /// It is of another account or Region than the page.
    Elsewhere,
    /// No address can hold its id.
    NoAddress,
    /// Its id breaks the rules for new ones.
    Unusual,
}

impl Odd {
    /// The mark, and what it means.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Nameless => (
                "No ID",
                "AWS gave no ID for this row, so you can see it here, but not open or change it.",
            ),
            Self::Unknown => (
                "Unknown ARN",
                "It is shown as AWS gave it. This version of the console does not know what it is, so it cannot be opened or changed here.",
            ),
            Self::Elsewhere => (
                "Elsewhere",
                "It belongs to another account or Region than this page, so it cannot be opened or changed here.",
            ),
            Self::NoAddress => (
                "No page",
                "Its ID does not fit into an address of this console. It can be changed with the AWS CLI only.",
            ),
            Self::Unusual => (
                "Unusual ID",
                "Its ID breaks the rules that AWS has for new ones, and is shown as AWS gave it. You can open, change and delete it like others; AWS decides whether it accepts that.",
            ),
        }
    }
}

/// The mark of a row, which opens to say what it means.
pub fn mark(odd: Option<Odd>) -> Option<AnyView> {
    let (mark, meaning) = odd?.words();
    Some(
        view! {
            <details class="failed odd" name="row">
                <summary class="badge badge-warn">{mark}</summary>
                <div class="failed-why">
                    <p class="muted">{meaning}</p>
                </div>
            </details>
        }
        .into_any(),
    )
}

/// Where the rows of a list are.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The connection by which the rows were read.
    pub connection: &'a ConnectionId,
    /// The Region that was asked for the rows.
    pub region: Region,
    /// The account, when it is known.
    pub account: Option<&'a AccountId>,
}

impl<'a> Place<'a> {
    /// In an AppInstance.
    pub fn within(connection: &'a ConnectionId, instance: &'a AppInstanceArn) -> Self {
        Self {
            connection,
            region: instance.region(),
            account: Some(instance.account()),
        }
    }
}

/// What a row is: where its page is, if it has one, and what is odd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The address of its page.
    pub to: Option<String>,
    /// What is odd about it.
    pub odd: Option<Odd>,
}

impl Row {
    /// Of a row with this ARN.
    pub fn of<A: Clone + Into<ResourceArn>>(place: Place<'_>, arn: &Given<A>) -> Self {
        match arn.known() {
            Some(known) => Self::known(place, &known.clone().into()),
            None if arn.as_str().is_empty() => Self::without_page(Odd::Nameless),
            None => Self::without_page(Odd::Unknown),
        }
    }

    /// A row without a page.
    pub const fn without_page(odd: Odd) -> Self {
        Self {
            to: None,
            odd: Some(odd),
        }
    }

    fn known(place: Place<'_>, arn: &ResourceArn) -> Self {
        let instance = arn.instance();
        let is_of_account = |account| instance.account() == account;
        if instance.region() != place.region || !place.account.is_none_or(is_of_account) {
            return Self::without_page(Odd::Elsewhere);
        }
        let to = paths::resource(place.connection, arn);
        if !paths::is_local(&to) {
            return Self::without_page(Odd::NoAddress);
        }
        Self {
            to: Some(to),
            odd: (!arn.is_usual()).then_some(Odd::Unusual),
        }
    }

    /// The cell that names it: a link to its page, if it has one, and the mark.
    pub fn head(&self, text: String, title: String) -> AnyView {
        let name = match &self.to {
            Some(to) => view! {
                <a href=to.clone() title=alone(&title)>
                    {chosen(&text)}
                </a>
            }
            .into_any(),
            None if text.is_empty() => missing(),
            None => view! { <span title=alone(&title)>{chosen(&text)}</span> }.into_any(),
        };
        view! {
            {name}
            {mark(self.odd)}
        }
        .into_any()
    }
}

/// What is odd about the resource of a page: the id that was asked for, or that AWS answered with another
/// ARN.
pub fn note(asked: &ResourceArn, answered: &str) -> Option<AnyView> {
    let (headline, sentence, other) = if answered != asked.as_str() {
        let sentence =
            "What is shown here is what AWS answered for this ARN. The ARN in the answer is: ";
        let other = if answered.is_empty() {
            "none"
        } else {
            answered
        };
        ("AWS answered with another ARN", sentence, other.to_owned())
    } else if asked.is_usual() {
        return None;
    } else {
        let (mark, meaning) = Odd::Unusual.words();
        (mark, meaning, String::new())
    };
    let sentence = view! {
        {sentence}
        <code>{other}</code>
    };
    Some(parts::note("flash", "info", headline, sentence))
}

#[cfg(test)]
mod tests {
    use domain::arn::AppInstanceUserArn;

    use super::*;

    const INSTANCE: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/1";

    fn row(arn: &str) -> Row {
        let here: AppInstanceArn = INSTANCE.parse().unwrap();
        Row::of(
            Place::within(&"embedded".parse().unwrap(), &here),
            &Given::<AppInstanceUserArn>::read(arn),
        )
    }

    #[test]
    fn a_row_opens_whenever_an_address_leads_to_it() {
        for (id, odd) in [
            ("alice", None),
            (&*"u".repeat(74), Some(Odd::Unusual)),
            ("a/b", Some(Odd::Unusual)),
            ("日本", Some(Odd::Unusual)),
        ] {
            let row = row(&format!("{INSTANCE}/user/{id}"));
            assert_eq!(row.odd, odd, "{id}");
            assert!(row.to.is_some_and(|to| to.contains("/users/")), "{id}");
        }
    }

    #[test]
    fn a_row_that_cannot_be_opened_says_why() {
        for (arn, odd) in [
            (String::new(), Odd::Nameless),
            ("arn:aws:s3:::bucket".to_owned(), Odd::Unknown),
            (format!("{INSTANCE}/user/.."), Odd::Unknown),
            (
                format!("{}/user/a", INSTANCE.replace("1234", "9999")),
                Odd::Elsewhere,
            ),
            (
                format!("{}/user/a", INSTANCE.replace("us-east-1", "eu-central-1")),
                Odd::Elsewhere,
            ),
            (
                format!("{INSTANCE}/user/{}", "日".repeat(1400)),
                Odd::NoAddress,
            ),
        ] {
            let row = row(&arn);
            assert_eq!((row.to.clone(), row.odd), (None, Some(odd)), "{arn}");
            let markup = row.head("<b>".to_owned(), arn.clone()).to_html();
            assert!(
                !markup.contains("<a ") && !markup.contains("<b>"),
                "{markup}"
            );
            assert!(markup.contains(odd.words().1), "{markup}");
        }
    }

    #[test]
    fn a_page_says_when_aws_answered_for_another() {
        let asked: ResourceArn = format!("{INSTANCE}/user/alice").parse().unwrap();
        assert!(note(&asked, asked.as_str()).is_none());
        for other in ["", "arn:aws:s3:::bucket"] {
            let markup = note(&asked, other).unwrap().to_html();
            assert!(markup.contains("another ARN"), "{markup}");
        }
        let odd: ResourceArn = format!("{INSTANCE}/user/a+b").parse().unwrap();
        assert!(note(&odd, odd.as_str()).is_some());
    }
}
