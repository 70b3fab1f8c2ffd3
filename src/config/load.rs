//! Reads the settings: file, then environment, then command line.
//!
//! Reading is pure ([`from_parts`]); only [`read`] touches file and environment.

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{self, Given, KEYS, base_path};
use super::{Config, ConfigError};

/// Where a configuration file is looked for when none is named.
pub const USUAL_FILE: &str = "/etc/belfry/config.toml";

/// Variables that begin like ours and are not keys: the first names the file, the others are the command line's.
const OTHER_VARIABLES: [&str; 2] = ["BELFRY_CONFIG", "BELFRY_PASSWORD"];

/// Text of a configuration file and its name in errors.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// Reads the named file (or the usual one, if it is there), the environment, and what the command line set.
pub fn read(file: Option<&Path>, command_line: &[(&'static str, String)]) -> Result<Config, ConfigError> {
    let named = file.map(Path::to_owned).or_else(|| std::env::var_os("BELFRY_CONFIG").map(PathBuf::from));
    let path = named.or_else(|| Some(PathBuf::from(USUAL_FILE)).filter(|path| path.exists()));
    let file = path.map(|path| {
        let name = path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(File { name, text }),
            Err(error) => Err(ConfigError::Unreadable { file: name, reason: error.to_string() }),
        }
    });
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
        .collect::<Vec<_>>();
    from_parts(file.transpose()?.as_ref(), &environment, command_line)
}

/// The settings out of these parts; later ones win.
pub fn from_parts(
    file: Option<&File>,
    environment: &[(String, String)],
    command_line: &[(&'static str, String)],
) -> Result<Config, ConfigError> {
    let mut config = Config::default();
    if let Some(file) = file {
        from_file(&mut config, file)?;
    }
    for (variable, value) in environment {
        let Some(name) = variable.strip_prefix("BELFRY_") else { continue };
        if OTHER_VARIABLES.contains(&variable.as_str()) {
            continue;
        }
        set(&mut config, &name.to_ascii_lowercase(), &Given::Text(value.clone()), variable)?;
    }
    for (name, value) in command_line {
        set(&mut config, name, &Given::Text(value.clone()), &format!("--{}", name.replace('_', "-")))?;
    }
    agree_on_base_path(&mut config)?;
    Ok(config)
}

/// The usual data folder: what systemd prepared, else /var/lib/belfry where it exists, else `belfry-data` here.
pub fn usual_data() -> PathBuf {
    let prepared = std::env::var_os("STATE_DIRECTORY").map(PathBuf::from).filter(|path| path.is_absolute());
    let system = PathBuf::from("/var/lib/belfry");
    prepared.or_else(|| system.is_dir().then_some(system)).unwrap_or_else(|| PathBuf::from("belfry-data"))
}

fn from_file(config: &mut Config, file: &File) -> Result<(), ConfigError> {
    let table = DeTable::parse(&file.text).map_err(|error| ConfigError::NotToml {
        place: place(file, error.span()),
        reason: error.message().lines().collect::<Vec<_>>().join(": "),
    })?;
    // In the order of the file, so that the first wrong line is the one that is named.
    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(key, _value)| key.span().start);
    for (key, value) in entries {
        set(config, key.get_ref(), &given(value), &place(file, Some(key.span())))?;
    }
    Ok(())
}

fn given(value: &Spanned<DeValue<'_>>) -> Given {
    match value.get_ref() {
        DeValue::String(text) => Given::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Given::Other("a very large number"), Given::Number),
        DeValue::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect();
            items.map_or(Given::Other("a list of other things than texts"), Given::List)
        }
        DeValue::Float(_) => Given::Other("a number with a fraction"),
        DeValue::Boolean(_) => Given::Other("true or false"),
        DeValue::Datetime(_) => Given::Other("a date"),
        DeValue::Table(_) => Given::Other("a table"),
    }
}

fn set(config: &mut Config, name: &str, given: &Given, place: &str) -> Result<(), ConfigError> {
    let Some(key) = keys::find(name) else {
        let as_variable = place.starts_with("BELFRY_");
        let written = if as_variable { place.to_owned() } else { name.to_owned() };
        let nearest = keys::nearest(name).map(|near| {
            KEYS.iter().find(|key| as_variable && key.name == near).map_or_else(|| near.to_owned(), keys::Key::variable)
        });
        let place = if as_variable { "in the environment".to_owned() } else { place.to_owned() };
        return Err(ConfigError::UnknownKey { place, key: written, nearest });
    };
    (key.set)(config, given).ok_or_else(|| ConfigError::WrongValue {
        place: place.to_owned(),
        key: key.name.to_owned(),
        given: if key.secret { "something else".to_owned() } else { given.shown() },
        wanted: key.wanted.to_owned(),
    })
}

fn place(file: &File, span: Option<Range<usize>>) -> String {
    let Some(before) = span.and_then(|span| file.text.get(..span.start)) else { return file.name.clone() };
    format!("{}, line {}", file.name, before.matches('\n').count().saturating_add(1))
}

/// The path of the public address is the base path, unless one is set; two different ones cannot both be right.
fn agree_on_base_path(config: &mut Config) -> Result<(), ConfigError> {
    let Some(public) = config.public_url.as_ref().and_then(|url| base_path(url.path())) else { return Ok(()) };
    if config.base_path.is_empty() || config.base_path == public {
        config.base_path = public;
        return Ok(());
    }
    Err(ConfigError::WrongValue {
        place: "base_path and public_url".to_owned(),
        key: "base_path".to_owned(),
        given: format!("“{}”", config.base_path),
        wanted: format!("“{public}”, the path of public_url, or left out"),
    })
}
