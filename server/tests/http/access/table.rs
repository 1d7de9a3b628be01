//! The table of `docs/access.md`.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::path::Path;

/// A method and a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    pub path: String,
    pub method: String,
}

impl Address {
    pub fn new(method: &str, path: &str) -> Self {
        let path = if path.is_empty() { "/" } else { path };
        Self {
            path: path.to_owned(),
            method: method.to_owned(),
        }
    }

    /// Whether it takes a file.
    pub fn is_upload(&self) -> bool {
        self.method == "POST" && self.path.ends_with("/file")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// What an address does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reads, for people who are signed in.
    Read,
    /// Keeps something of one's own in this console, for those who may act on it later.
    Own,
    /// Changes something.
    Write,
    /// Signs in or out, or proves who somebody is.
    Auth,
    /// For everybody, and says nothing about anything.
    Public,
}

impl Kind {
    const ALL: &[(Self, &str)] = &[
        (Self::Read, "read"),
        (Self::Own, "own"),
        (Self::Write, "write"),
        (Self::Auth, "auth"),
        (Self::Public, "public"),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).unwrap().1
    }
}

/// A line of the table.
#[derive(Debug)]
pub struct Row {
    pub address: Address,
    pub kind: Kind,
    /// The status for nobody, a Viewer, an Operator and an Admin.
    pub answers: Vec<String>,
    /// What the audit has of it.
    pub audit: String,
}

/// The whole file: what is above the table, and its lines.
#[derive(Debug)]
pub struct Table {
    above: String,
    pub rows: Vec<Row>,
}

const HEAD: &str = "| address | kind | nobody | Viewer | Operator | Admin | in the audit |\n\
                    |---|---|--:|--:|--:|--:|---|\n";

impl Table {
    fn path() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/access.md")
    }

    pub fn read() -> Self {
        let text = std::fs::read_to_string(Self::path()).unwrap();
        let (above, lines) = text.split_once(HEAD).expect("docs/access.md has its table");
        let rows = lines
            .lines()
            .filter(|line| line.starts_with('|'))
            .map(|line| {
                let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
                let (method, path) = cells[0].trim_matches('`').split_once(' ').unwrap();
                let kind = Kind::ALL.iter().find(|(_, name)| *name == cells[1]);
                Row {
                    address: Address::new(method, path),
                    kind: kind.unwrap_or_else(|| panic!("no kind: {line}")).0,
                    answers: cells[2..6].iter().map(|cell| (*cell).to_owned()).collect(),
                    audit: cells[6].to_owned(),
                }
            });
        Self {
            above: above.to_owned(),
            rows: rows.collect(),
        }
    }

    /// Leaves lines of these addresses. A new one has the kind that asks most.
    pub fn cover(&mut self, addresses: &BTreeSet<Address>) {
        self.rows.retain(|row| addresses.contains(&row.address));
        for address in addresses {
            if self.rows.iter().any(|row| row.address == *address) {
                continue;
            }
            let kind = if address.method == "GET" {
                Kind::Read
            } else {
                Kind::Write
            };
            self.rows.push(Row {
                address: address.clone(),
                kind,
                answers: Vec::new(),
                audit: String::new(),
            });
        }
    }

    pub fn write(&mut self) {
        self.rows.sort_by(|a, b| a.address.cmp(&b.address));
        let mut text = format!("{}{HEAD}", self.above);
        for row in &self.rows {
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {} |",
                row.address,
                row.kind.name(),
                row.answers.join(" | "),
                row.audit
            );
        }
        std::fs::write(Self::path(), text).unwrap();
    }
}
