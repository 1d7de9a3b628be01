//! Which passwords may be chosen, from the cheapest rule to the dearest.

use domain::{Failure, Field, FieldProblem, Problem};

use crate::accounts::Accounts;

/// Names of fewer characters are in many words.
const SHORTEST_NAME: usize = 3;
/// The name of the product.
const PRODUCT: &str = "carillon";

impl Accounts {
    /// Refuses a password that is too short, too long, holds the username or the name of the
    /// console, was leaked, or is easy to guess. Call this after checking that the person may set a
    /// password at all: measuring takes a while.
    pub(super) async fn check_new(
        &self,
        field: Field,
        password: &str,
        username: &str,
    ) -> Result<(), Failure> {
        password_rule(field, password)?;
        let problem = if holds_a_name(password, username) {
            Problem::PasswordHoldsName
        } else if self.is_leaked(password).await? {
            Problem::LeakedPassword
        } else if self.strength.is_guessable(password, username).await? {
            Problem::WeakPassword
        } else {
            return Ok(());
        };
        Err(FieldProblem { field, problem }.into())
    }

    async fn is_leaked(&self, password: &str) -> Result<bool, Failure> {
        match &self.leaked {
            Some(leaked) => leaked.has(password).await,
            None => Ok(false),
        }
    }
}

/// Refuses a password that is too short or too long.
pub(super) fn password_rule(field: Field, password: &str) -> Result<(), Failure> {
    let length = u32::try_from(password.chars().count()).unwrap_or(u32::MAX);
    let problem = match length {
        0..8 => Problem::TooShort { min: 8 },
        8..=256 => return Ok(()),
        actual => Problem::TooLong { max: 256, actual },
    };
    Err(FieldProblem { field, problem }.into())
}

/// Whether a password holds what every attacker tries: the username, the part of it before the `@`,
/// or the name of the console; in any case, and with any signs in between.
fn holds_a_name(password: &str, username: &str) -> bool {
    let password = folded(password);
    let person = username.split('@').next().unwrap_or_default();
    [username, person, PRODUCT]
        .map(folded)
        .iter()
        .any(|name| name.chars().count() >= SHORTEST_NAME && password.contains(name.as_str()))
}

fn folded(text: &str) -> String {
    let letters = text.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_holds_no_name_that_everybody_knows() {
        for (password, username) in [
            ("late bells for Carillon 7", "ada"),
            ("C-a-r-i-l-l-o-n of the night", "ada"),
            ("the grace.hopper of bells", "Grace Hopper"),
            ("seven ADA bells at night", "ada"),
            ("seven ada bells at night", "ada@example.com"),
            ("Bells of Zoë at night", "zoë"),
            // What stands before the `@` is too short to be looked for.
            ("al@example.com at night", "al@example.com"),
        ] {
            assert!(holds_a_name(password, username), "{password} {username}");
        }
        for (password, username) in [
            ("seven bells for the late watch", "ada"),
            ("seven bells for the late watch", "li"),
            ("seven bells for the late watch", "@@"),
        ] {
            assert!(!holds_a_name(password, username), "{password} {username}");
        }
    }
}
