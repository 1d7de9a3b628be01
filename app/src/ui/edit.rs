//! What pages that edit something have in common: the form, and what is said when it is saved.

use std::fmt::Display;

use backend::Request as AwsRequest;
use domain::snapshot::Snapshot;
use domain::{Failure, Timestamp};

use crate::form::FormSpec;
use crate::request::{Done, Request};
use crate::ui::bidi::isolated;

impl Request {
    /// A form of this page that edits the resource with this ARN. `back` is the page of that.
    pub fn edit_form<A: Display>(&self, action: &str, arn: A, back: impl Into<String>) -> FormSpec {
        self.form(action, "Save changes", "Saving…")
            .cancel(back)
            .on(&self.connection().id, arn)
    }

    /// Saves a form that edits, unless what it edits changed since `base`, and goes back to the page of that.
    /// `present` reads what is there, of which `change` makes the update; `name` is what it is called now.
    pub async fn save<D, U>(
        &self,
        present: D,
        base: Timestamp,
        change: impl FnOnce(&D::Output) -> Result<U, Failure>,
        (page, name): (String, &str),
    ) -> Result<Done, Failure>
    where
        D: AwsRequest<Output: Snapshot>,
        U: AwsRequest,
    {
        self.acting()?.update(present, Some(base), change).await?;
        self.done(page, "Changes saved", isolated(name)).await
    }
}
