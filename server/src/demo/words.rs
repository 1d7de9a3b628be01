//! The words that the demonstration data is made of.

/// First names, and how they are written in an address.
pub(super) const FIRST: &[(&str, &str)] = &[
    ("Amara", "amara"),
    ("Łukasz", "lukasz"),
    ("Mei", "mei"),
    ("Zoë", "zoe"),
    ("Tomás", "tomas"),
    ("Aisha", "aisha"),
    ("Björn", "bjoern"),
    ("Chloé", "chloe"),
    ("Dmitri", "dmitri"),
    ("Fatima", "fatima"),
    ("George", "george"),
    ("Hana", "hana"),
    ("Ingrid", "ingrid"),
    ("Jamal", "jamal"),
    ("Kavya", "kavya"),
    ("Liam", "liam"),
    ("Noor", "noor"),
    ("Olivia", "olivia"),
    ("Pedro", "pedro"),
    ("Quynh", "quynh"),
    ("Rosa", "rosa"),
    ("Samuel", "samuel"),
    ("Tala", "tala"),
    ("Uwe", "uwe"),
    ("Valentina", "valentina"),
    ("Wen", "wen"),
    ("Yusuf", "yusuf"),
    ("Élodie", "elodie"),
    ("Şebnem", "sebnem"),
];

/// Last names, likewise.
pub(super) const LAST: &[(&str, &str)] = &[
    ("Okafor", "okafor"),
    ("Nowak", "nowak"),
    ("Tanaka", "tanaka"),
    ("Müller", "mueller"),
    ("García", "garcia"),
    ("Khan", "khan"),
    ("Lindqvist", "lindqvist"),
    ("Dubois", "dubois"),
    ("Petrov", "petrov"),
    ("El Amrani", "el-amrani"),
    ("O’Brien", "o-brien"),
    ("Novák", "novak"),
    ("Haugen", "haugen"),
    ("Washington", "washington"),
    ("Iyer", "iyer"),
    ("Walsh", "walsh"),
    ("Haddad", "haddad"),
    ("Rossi", "rossi"),
    ("Almeida", "almeida"),
    ("Nguyễn", "nguyen"),
    ("Silva", "silva"),
    ("Cohen", "cohen"),
    ("Reyes", "reyes"),
    ("Schröder", "schroeder"),
    ("Moreno", "moreno"),
    ("Zhang", "zhang"),
    ("Demir", "demir"),
    ("Kowalczyk", "kowalczyk"),
    ("van den Berg", "van-den-berg"),
    ("Fernández", "fernandez"),
    ("Yılmaz", "yilmaz"),
];

/// What metadata of a user may hold: often JSON, sometimes a note, often nothing.
pub(super) const METADATA: &[&str] = &[
    "",
    r#"{"team":"billing","locale":"en-US"}"#,
    "",
    r#"{"team":"returns","locale":"de-DE","shift":"late"}"#,
    r#"{"plan":"gold","seats":12}"#,
    "",
    r#"{"team":"dispatch","vehicle":"TR-4410"}"#,
    "Speaks Polish and English",
    "",
    r#"{"crm":"C-20931","vip":true}"#,
    r#"{"plan":"starter"}"#,
];

/// What people call their devices, with the push service of each.
pub(super) const DEVICES: &[&str] = &[
    "iPhone",
    "Pixel",
    "iPad at the front desk",
    "",
    "Galaxy",
    "Work iPhone",
    "Warehouse scanner",
];

/// Values of the tag `tier`.
pub(super) const TIERS: &[&str] = &["gold", "silver", "bronze"];
