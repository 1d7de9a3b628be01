//! Why no connection was made, read from the errors of the libraries that tried. Whether one was
//! made is not read from errors but known from `observe`.

use std::error::Error;
use std::io;

use domain::NoConnection;
use rustls::CertificateError;

/// The reason as far as the libraries tell it.
pub(super) fn reason(error: &(dyn Error + 'static)) -> NoConnection {
    // The errors of proxies, of name lookup and of the time for connecting have no public types.
    let text = chain(error);
    // First, since any failure to reach the proxy is a problem of the proxy, whether of its name or
    // its port.
    if text.contains("tunnel error") {
        return NoConnection::Proxy;
    }
    if let Some(error) = find::<rustls::Error>(error) {
        return of_encryption(error);
    }
    if text.contains("dns error") {
        return NoConnection::Name;
    }
    if text.contains("tls handshake eof") {
        return NoConnection::Encryption;
    }
    if text.contains("timeout") {
        return NoConnection::Silent;
    }
    find::<io::Error>(error).map_or(NoConnection::Other, |error| of_io(error.kind()))
}

fn of_encryption(error: &rustls::Error) -> NoConnection {
    let rustls::Error::InvalidCertificate(problem) = error else {
        return NoConnection::Encryption;
    };
    match problem {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            NoConnection::OtherName
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => NoConnection::OutOfDate,
        _ => NoConnection::Untrusted,
    }
}

const fn of_io(kind: io::ErrorKind) -> NoConnection {
    match kind {
        io::ErrorKind::ConnectionRefused => NoConnection::Refused,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => NoConnection::Unreachable,
        io::ErrorKind::TimedOut => NoConnection::Silent,
        // The connection was accepted and closed before any part of a request could be sent.
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => NoConnection::Encryption,
        _ => NoConnection::Other,
    }
}

/// An error and those behind it. `io::Error` does not report the error it carries as its source, so
/// that is added: errors of TLS are found there.
fn sources<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        match error.downcast_ref::<io::Error>() {
            Some(error) => error.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// The first error of a type, or of those behind it.
pub(super) fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    sources(error).find_map(|error| error.downcast_ref())
}

/// All their texts.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let texts: Vec<_> = sources(error).map(ToString::to_string).collect();
    texts.join(": ")
}
