//! Files in, and the faults that the engine finds in them, told apart by where they came from.

use std::io::Read;
use std::path::Path;

use linker_types::{Error, ErrorCode, Errors};
use serde_json::{Map, Value};

use super::failure::{Failure, Faults};

/// What messages call a file.
pub(super) fn name(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Standard input can be read once.
pub(super) fn check_one_stdin(paths: &[Option<&Path>]) -> Result<(), Failure> {
    if paths.iter().flatten().filter(|path| is_stdin(path)).count() < 2 {
        return Ok(());
    }
    Err(Failure::Usage("only one file can be `-`: standard input is read once".to_owned()))
}

/// The text of a file, without a byte order mark.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    let bytes = if is_stdin(path) {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|source| Failure::Stream { doing: "read standard input", source })?;
        bytes
    } else {
        std::fs::read(path).map_err(|source| Failure::File { doing: "read", path: path.to_owned(), source })?
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        // Bytes count from 1, as columns in the messages about JSON do.
        let at = error.utf8_error().valid_up_to().saturating_add(1);
        Failure::NotUtf8 { file: name(path), at }
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// A request with the country and the blocklist of the command line. What is not a JSON object stays as it is:
/// the engine says what is wrong with it.
pub(super) fn request(path: &Path, country: Option<&str>, blocklist: Option<Option<&Path>>) -> Result<String, Failure> {
    check_one_stdin(&[Some(path), blocklist.flatten()])?;
    let text = read(path)?;
    let Ok(Value::Object(mut request)) = serde_json::from_str(&text) else { return Ok(text) };
    if let Some(country) = country {
        request.insert("country_code".to_owned(), country.into());
    }
    if let Some(file) = blocklist {
        add_blocklist(&mut request, file)?;
    }
    Ok(Value::Object(request).to_string())
}

/// The file's domains, else the request's own, else the built-in ones.
fn add_blocklist(request: &mut Map<String, Value>, file: Option<&Path>) -> Result<(), Failure> {
    let list = match file {
        Some(file) => read(file)?,
        None if request.contains_key("blocklist") => return Ok(()),
        None => crate::BLOCKLIST.to_owned(),
    };
    request.insert("blocklist".to_owned(), crate::domains(&list).collect());
    Ok(())
}

/// Groups the faults of an error document by the file or option that `origin` names, with the path it gives them.
pub(super) fn faults(document: &str, origin: impl Fn(&Error) -> (String, String)) -> Failure {
    let Ok(Errors { errors }) = serde_json::from_str(document) else {
        return Failure::Usage(format!("the engine says: {document}"));
    };
    let mut groups: Vec<Faults> = Vec::new();
    for mut error in errors {
        let (of, field) = origin(&error);
        error.field = field;
        match groups.iter_mut().find(|group| group.of == of) {
            Some(group) => group.errors.push(error),
            None => groups.push(Faults { of, errors: vec![error] }),
        }
    }
    Failure::Input(groups)
}

/// The faults of a request: all the file's, but for a country of the command line.
pub(super) fn request_faults(document: &str, path: &Path, country: Option<&str>) -> Failure {
    faults(document, |error| match (error.field.as_str(), error.code) {
        ("country_code", _) if country.is_some() => ("--country".to_owned(), String::new()),
        ("country_code", ErrorCode::MissingField) => (name(path), "country_code (or --country)".to_owned()),
        (field, _) => (name(path), field.to_owned()),
    })
}
