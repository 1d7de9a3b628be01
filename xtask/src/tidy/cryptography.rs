//! Every library that encrypts, hashes, signs or makes random numbers is named in docs/limits.md.
//!
//! A list of libraries by hand misses those that a dependency brings. `Cargo.lock` has all of them; a
//! name stands between backticks in the document.

use super::{Finding, between_backticks};

/// The list of all packages.
pub const LOCK: &str = "Cargo.lock";

/// Packages that do cryptography, as crates.io has them. Nothing finds a name that is missing here:
/// add all of a family when its first member comes.
const KNOWN: &[&str] = &[
    "aes",
    "aes-gcm",
    "argon2",
    "aws-lc-rs",
    "aws-lc-sys",
    "aws-sigv4",
    "bcrypt",
    "blake2",
    "blake3",
    "blowfish",
    "boring",
    "cbc",
    "chacha20",
    "chacha20poly1305",
    "cipher",
    "cmac",
    "crypto-box",
    "ctr",
    "curve25519-dalek",
    "des",
    "dsa",
    "ecdsa",
    "ed25519",
    "ed25519-dalek",
    "fastrand",
    "ghash",
    "hkdf",
    "hmac",
    "jsonwebtoken",
    "k256",
    "md-5",
    "ml-dsa",
    "ml-kem",
    "openidconnect",
    "openssl",
    "orion",
    "p256",
    "p384",
    "p521",
    "pbkdf2",
    "poly1305",
    "rand",
    "rand_chacha",
    "rand_xorshift",
    "rand_xoshiro",
    "rc4",
    "rcgen",
    "rfc6979",
    "ring",
    "ripemd",
    "rsa",
    "rustls",
    "rustls-webpki",
    "salsa20",
    "scrypt",
    "sha1",
    "sha2",
    "sha3",
    "snow",
    "sodiumoxide",
    "totp-rs",
    "x25519-dalek",
];

/// Reports the packages of `lock` that do cryptography and are not named.
pub fn check(document: &str, lock: &str) -> Vec<Finding> {
    let named: Vec<_> = between_backticks(document).collect();
    let packages = lock.lines().filter_map(|line| {
        let name = line.strip_prefix("name = \"")?;
        name.strip_suffix('"')
    });
    let missing = packages.filter(|name| KNOWN.contains(name) && !named.contains(name));
    let end = document.lines().count();
    missing
        .map(|name| {
            println!("{LOCK}: {name} does cryptography");
            Finding {
                line: end,
                message: "a package that does cryptography is not named",
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_does_cryptography_is_named() {
        let lock =
            "[[package]]\nname = \"ring\"\nversion = \"1\"\n\n[[package]]\nname = \"serde\"\n";
        assert_eq!(check("so\n`ring` for tests", lock), []);

        let found = check("`a`\nring, `rings`", lock);

        let message = "a package that does cryptography is not named";
        assert_eq!(found, [Finding { line: 2, message }]);
    }
}
