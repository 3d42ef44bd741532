//! What is wrong with arguments, without the passwords in them: a service manager writes it into a log.

use clap::Error;
use clap::error::{ContextKind, ContextValue};

/// Says it as clap does. A value that stands in no argument is the environment's, and is not repeated.
pub(super) fn print(mut error: Error) {
    if let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue)
        && !std::env::args_os().any(|argument| argument.to_string_lossy().contains(value.as_str()))
    {
        error.insert(ContextKind::InvalidValue, ContextValue::String("***".to_owned()));
    }
    let said = error.render().to_string();
    match without_passwords(&said) {
        hidden if error.use_stderr() && hidden != said => anstream::eprint!("{hidden}"),
        // A closed pipe is the reader's choice.
        _ => drop(error.print()),
    }
}

/// Without what stands between `://` and `@` in an address.
fn without_passwords(text: &str) -> String {
    let mut parts = text.split("://");
    let mut hidden = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        hidden.push_str("://");
        let end = part.find(|letter: char| letter.is_whitespace() || letter == '\'').unwrap_or(part.len());
        let (address, rest) = part.split_at(end);
        match address.rsplit_once('@') {
            Some((_, host)) => hidden.extend(["***@", host]),
            None => hidden.push_str(address),
        }
        hidden.push_str(rest);
    }
    hidden
}
