//! How a browser is known between the two ends of a sign-in with a provider: by a cookie of its own,
//! which comes back from the provider whatever becomes of the session meanwhile.

use backend::random;

use crate::request::{Cookie, Request};

/// As long as a sign-in may take, in seconds.
const LASTS: u32 = 600;

/// The secret of the browser, if it has one.
pub fn known(request: &Request) -> Option<String> {
    let value = request.cookie(Cookie::Provider)?;
    random::is_secret(value).then(|| value.to_owned())
}

/// The same, or a new one. Two windows of a browser can sign in at a time.
pub fn known_or_new(request: &Request) -> String {
    known(request).unwrap_or_else(random::secret)
}

/// Gives it to the browser.
pub fn remember(request: &Request, secret: &str) {
    request.set_cookie(&request.cookies().given(Cookie::Provider, secret, LASTS));
}

/// Takes it back.
pub fn forget(request: &Request) {
    request.set_cookie(&request.cookies().taken_back(Cookie::Provider));
}
