//! How a browser is known between the two ends of a sign-in with a provider: by a cookie of its own,
//! which comes back from the provider whatever becomes of the session meanwhile.

use backend::random;

use crate::request::Request;

/// As long as a sign-in may take, in seconds.
const LASTS: u32 = 600;

fn name(request: &Request) -> &'static str {
    if request.has_secure_cookies() {
        "__Host-carillon-provider"
    } else {
        "carillon-provider"
    }
}

/// The secret of the browser, if it has one.
pub fn known(request: &Request) -> Option<String> {
    let value = request.cookie(name(request))?;
    random::is_secret(value).then(|| value.to_owned())
}

/// The same, or a new one. Two windows of a browser can sign in at a time.
pub fn known_or_new(request: &Request) -> String {
    known(request).unwrap_or_else(random::secret)
}

/// Gives it to the browser.
pub fn remember(request: &Request, secret: &str) {
    set(request, secret, LASTS);
}

/// Takes it back.
pub fn forget(request: &Request) {
    set(request, "", 0);
}

fn set(request: &Request, value: &str, lasts: u32) {
    let (name, secure) = (name(request), request.secure());
    request.set_cookie(&format!(
        "{name}={value}; Path=/; Max-Age={lasts}; HttpOnly; SameSite=Lax{secure}"
    ));
}
