use super::{File, from_parts};
use crate::config::keys::KEYS;
use crate::config::{Config, LogFormat};

fn file(text: &str) -> File {
    File { name: "belfry.toml".to_owned(), text: text.to_owned() }
}

fn load(text: &str) -> Result<Config, String> {
    from_parts(Some(&file(text)), &[], &[]).map_err(|error| error.to_string())
}

#[test]
fn without_anything_the_defaults_stand() {
    let config = from_parts(None, &[], &[]).unwrap();
    assert_eq!(config, Config::default());
    assert_eq!(config.listen.to_string(), "127.0.0.1:8420");
}

#[test]
fn environment_wins_over_file_and_command_line_over_both() {
    let file = file("listen = \"127.0.0.1:1\"\ncache_mib = 8\nlog_format = \"json\"");
    let environment = [("BELFRY_LISTEN".to_owned(), "0.0.0.0:2".to_owned()), ("PATH".to_owned(), "/bin".to_owned())];
    let config = from_parts(Some(&file), &environment, &[]).unwrap();
    assert_eq!((config.listen.port(), config.cache_mib, config.log_format), (2, 8, LogFormat::Json));
    let config = from_parts(Some(&file), &environment, &[("listen", "localhost:3".to_owned())]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:3");
}

#[test]
fn a_wrong_key_is_named_with_its_line_and_the_nearest_right_one() {
    for (text, expected) in [
        ("\n\nlisten_on = \"x\"", "belfry.toml, line 3: there is no key “listen_on”; did you mean “listen”?"),
        ("Public-URL = \"x\"", "belfry.toml, line 1: there is no key “Public-URL”; did you mean “public_url”?"),
        ("zzz = 1", "belfry.toml, line 1: there is no key “zzz”; config.example.toml lists all keys"),
        (
            "cache_mib = 8\nlogformat = \"json\"",
            "belfry.toml, line 2: there is no key “logformat”; did you mean “log_format”?",
        ),
    ] {
        assert_eq!(load(text).unwrap_err(), expected);
    }
    let environment = [("BELFRY_LISTN".to_owned(), "x".to_owned())];
    assert_eq!(
        from_parts(None, &environment, &[]).unwrap_err().to_string(),
        "in the environment: there is no key “BELFRY_LISTN”; did you mean “BELFRY_LISTEN”?"
    );
}

#[test]
fn a_wrong_value_is_named_with_what_it_must_be() {
    for (text, expected) in [
        ("listen = \"here\"", "line 1: listen is “here”, but must be an address and a port, like 127.0.0.1:8420"),
        ("listen = 8420", "line 1: listen is 8420, but must be an address and a port"),
        ("cache_mib = 0", "cache_mib is 0, but must be a whole number of MiB from 1 to 1024"),
        ("cache_mib = 99999999999999999999", "cache_mib is a very large number, but must be"),
        ("log_format = \"xml\"", "log_format is “xml”, but must be \"text\" or \"json\""),
        ("log_level = \"loud\"", "log_level is “loud”, but must be a level"),
        ("trusted_proxies = [\"proxy\"]", "trusted_proxies is [proxy], but must be a list of addresses"),
        ("trusted_proxies = 1", "trusted_proxies is 1, but must be a list"),
        ("allow_hosts = [\"http://x\"]", "allow_hosts is [http://x], but must be a list of host names"),
        ("public_url = \"belfry.example\"", "public_url is “belfry.example”, but must be an address like"),
        ("public_url = \"https://a@b.example\"", "must be an address like"),
        ("base_path = \"belfry\"", "base_path is “belfry”, but must be a path like /belfry"),
        ("base_path = \"/a/../b\"", "must be a path like /belfry"),
        ("base_path = \"/a\"\npublic_url = \"https://x.example/b\"", "must be “/b”, the path of public_url"),
        ("data = \"\"", "data is “”, but must be a folder"),
        ("[listen]\nport = 1", "listen is a table, but must be"),
    ] {
        let error = load(text).unwrap_err();
        assert!(error.contains(expected), "{error}\n  lacks {expected}");
    }
}

#[test]
fn a_secret_that_does_not_fit_is_not_shown() {
    let error = load("metrics_token = \"hunter2\"").unwrap_err();
    assert_eq!(
        error,
        "belfry.toml, line 1: metrics_token is something else, but must be a text of at least 16 characters"
    );
    let config = load("metrics_token = \"correct horse battery\"").unwrap();
    assert!(!format!("{config:?}").contains("horse"));
}

#[test]
fn what_is_no_toml_is_refused_with_its_line() {
    let error = load("cache_mib = 8\nlisten = ").unwrap_err();
    assert!(error.starts_with("belfry.toml, line 2: "), "{error}");
    assert!(load("cache_mib = 8\ncache_mib = 9").unwrap_err().starts_with("belfry.toml, line 2: "));
}

#[test]
fn the_path_of_the_public_address_is_the_base_path() {
    assert_eq!(load("public_url = \"https://x.example/belfry/\"").unwrap().base_path, "/belfry");
    assert_eq!(load("public_url = \"https://x.example\"").unwrap().base_path, "");
    assert_eq!(load("base_path = \"/b/\"\npublic_url = \"https://x.example/b\"").unwrap().base_path, "/b");
}

/// The example file sets every key, as a comment, to its default or to an example that can be used.
#[test]
fn the_example_file_documents_every_key_and_can_be_used() {
    let example = include_str!("../../../config.example.toml");
    assert_eq!(load(example).unwrap(), Config::default(), "as it is, the file changes nothing");
    let settings: Vec<&str> = example
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .filter(|line| line.split_once(" = ").is_some_and(|(name, _)| KEYS.iter().any(|key| key.name == name)))
        .collect();
    let names: Vec<&str> = settings.iter().filter_map(|line| line.split(" = ").next()).collect();
    assert_eq!(names, KEYS.iter().map(|key| key.name).collect::<Vec<_>>(), "every key once, in the order of the list");
    let used = load(&settings.join("\n")).unwrap();
    let defaults = Config::default();
    assert_eq!(
        (used.listen, used.log_format, &used.log_level, used.cache_mib, used.upload_max_mib),
        (defaults.listen, defaults.log_format, &defaults.log_level, defaults.cache_mib, defaults.upload_max_mib),
        "what the file calls the default is the default"
    );
}
