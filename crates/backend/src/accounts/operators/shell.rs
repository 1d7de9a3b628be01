//! What the shell does to operators. A person with the shell has the database anyway, so no right
//! is checked. Each change and its row in the audit are one transaction, as in the browser.

use domain::{Failure, Field, Grant, Role};

use super::admin::PasswordHash;
use super::{Operator, OperatorChange};
use crate::accounts::Accounts;

impl Accounts {
    /// Adds an operator with a password of 8 to 256 characters, which must not be leaked or easy to
    /// guess.
    pub async fn add_operator_from_shell(
        &self,
        username: &str,
        password: &str,
        role: Role,
        grant: Grant,
    ) -> Result<Operator, Failure> {
        let noted = Some(&self.audit);
        self.add_noted(username, password, role, grant, noted).await
    }

    /// Changes an operator. Answers the token of a link when one was made.
    pub async fn change_operator_from_shell(
        &self,
        operator: &Operator,
        change: OperatorChange<'_>,
    ) -> Result<Option<String>, Failure> {
        self.carry_out(None, operator, change).await
    }

    /// Sets another password, and tells whose it is. Ends their sessions; links that were made to
    /// choose one stop working.
    pub async fn reset_password_from_shell(
        &self,
        operator: &Operator,
        password: &str,
    ) -> Result<(), Failure> {
        self.check_new(Field::NewPassword, password, &operator.username)
            .await?;
        let hash = self.hasher.hash(password).await?;
        let change = OperatorChange::Password(PasswordHash(&hash));
        self.carry_out(None, operator, change).await.map(drop)
    }
}
