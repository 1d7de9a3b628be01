//! How a browser is known between the two ends of a sign-in with a provider: by a cookie of its own,
//! which comes back from the provider whatever becomes of the session meanwhile.

use backend::random;

use crate::request::{Cookie, Request};

/// How long it is held where a sign-in was to lead, in seconds.
const LASTS: u32 = 3600;

/// The secret of the browser, if it has one.
pub fn known(request: &Request) -> Option<String> {
    let value = request.cookie(Cookie::Provider)?;
    random::is_secret(value).then(|| value.to_owned())
}

/// The same, or a new one, which the browser is given. Two windows of it can sign in at a time: so it
/// is given with the button, and stays when one of them is done.
pub fn known_or_new(request: &Request) -> String {
    let secret = known(request).unwrap_or_else(random::secret);
    request.set_cookie(&request.cookies().given(Cookie::Provider, &secret, LASTS));
    secret
}
