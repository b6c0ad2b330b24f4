//! Lists that are read from an index equal the entries of the store: after random requests, and in stores without an
//! index.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a broken test ends the test"
)]

use crate::support::host::{Host, Response};
use crate::support::repetitions::tries;
use crate::support::scim_console::{basic, parse_body, seeded, send, with_admin};
use latchwork::directory::Call;
use latchwork::{SystemName, Value, Word as _};
use proptest::prelude::*;
use serde_json::{json, Value as Json};

/// `admin:admin`
const ADMIN: &str = "Basic YWRtaW46YWRtaW4=";
const CLAIM: &str = "urn:ietf:params:scim:schemas:core:2.0:User:";

/// A directory of WSO2 with `admin` and `count` other users, in two stores.
fn host_with_users(count: usize) -> Host {
    let mut users = vec![json!({ "name": "admin", "password": "admin", "roles": ["admin"] })];
    for index in 0..count {
        let domain = if index % 5 == 0 { "LDAP/" } else { "" };
        let emails = json!([{ "value": format!("User{}@x.io", index % 100), "type": "work" }]);
        let claims = json!({ format!("{CLAIM}emails"): emails, format!("{CLAIM}externalId"): format!("X{index}") });
        users.push(
            json!({ "name": format!("{domain}user{index:04}"), "id": format!("id-{index:04}"), "claims": claims }),
        );
    }
    let roles: Vec<String> = (0..count / 10).map(|index| format!("role{index:03}")).collect();
    seeded(&json!({ "stores": [{ "domain": "LDAP" }], "roles": roles, "users": users })).unwrap()
}

/// Leaves the store as a version without indexes wrote it.
fn remove_index(host: &mut Host) {
    let before = host.entries.len();
    host.entries.retain(|key, _| !key.starts_with("index/"));
    assert!(host.entries.len() < before);
}

fn get_list(host: &mut Host, kind: &str, query: &str) -> Json {
    let path = format!("/scim2/{kind}");
    let query = query.replace(' ', "%20").replace('"', "%22");
    let headers = vec![("authorization", ADMIN)];
    let response = host.call(&Call { method: "GET", path: &path, query: &query, headers, ..Call::default() });
    assert_eq!(response.status, 200, "{query} {}", response.text);
    parse_body(&response)
}

/// This member of each resource of a list.
fn listed_values(list: &Json, member: &str) -> Vec<String> {
    let resources = list["Resources"].as_array().cloned().unwrap_or_default();
    assert_eq!(list["itemsPerPage"], json!(resources.len()));
    resources.iter().map(|resource| resource[member].as_str().unwrap().to_owned()).collect()
}

/// The names of all users in the order of their entries, with the entries.
fn stored_users(host: &Host) -> Vec<(String, Value)> {
    let users = host.entries.iter().filter(|(key, _)| key.starts_with("user/"));
    users.map(|(_, entry)| (entry.value.get("name").unwrap().text().unwrap().to_owned(), entry.value.clone())).collect()
}

fn all_pages(host: &mut Host, kind: &str, member: &str) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let list = get_list(host, kind, &format!("startIndex={}&count=37&excludedAttributes=members", all.len() + 1));
        let page = listed_values(&list, member);
        all.extend(page.clone());
        if page.len() < 37 {
            assert_eq!(list["totalResults"], json!(all.len()));
            return all;
        }
    }
}

#[test]
fn listing_users_replaces_the_old_hash_of_the_caller() {
    // printf '%s' 'secret3q2+7w==' | openssl dgst -sha256 -binary | base64
    const OLD_HASH: &str = "$sha256-salted$3q2+7w==$Ijwr4BxMP0d2JHgQmN3+Z3XAPrUnr1HiKHv+96tMKqQ=";
    for is_old in [false, true] {
        let mut host =
            seeded(&with_admin(vec![json!({ "name": "old", "hash": OLD_HASH, "roles": ["admin"] })])).unwrap();
        if is_old {
            remove_index(&mut host);
        }
        let list = send(&mut host, ("GET", "/scim2/Users?count=1"), &basic("old", "secret"), None);
        assert_eq!((list.status, &parse_body(&list)["totalResults"]), (200, &json!(2)));
        let hash = host.entries["user/PRIMARY/old"].value.get("hash").unwrap().text().unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
    }
}

#[test]
fn exported_records_do_not_contain_the_index() {
    let mut host = host_with_users(50);
    let records = host.records();
    remove_index(&mut host);
    assert_eq!(host.records(), records);
    assert_eq!(basic("admin", "admin"), ADMIN);
}

#[test]
fn pages_list_each_user_and_group_once_in_the_order_of_their_entries() {
    for is_old in [false, true] {
        let mut host = host_with_users(1_500);
        if is_old {
            remove_index(&mut host);
        }
        let names: Vec<String> = stored_users(&host).into_iter().map(|(name, _)| name).collect();
        assert_eq!(all_pages(&mut host, "Users", "userName"), names);
        let roles: Vec<String> =
            host.entries.keys().filter_map(|key| Some(key.strip_prefix("role/")?.to_owned())).collect();
        assert_eq!(all_pages(&mut host, "Groups", "id"), roles);
        let beyond = get_list(&mut host, "Users", "startIndex=5000");
        assert_eq!((&beyond["totalResults"], listed_values(&beyond, "id").len()), (&json!(1_501), 0));
        let none = get_list(&mut host, "Users", "count=0");
        assert_eq!((&none["totalResults"], listed_values(&none, "id").len()), (&json!(1_501), 0));
        let last = get_list(&mut host, "Users", "startIndex=1500&count=10");
        assert_eq!(listed_values(&last, "userName"), names[1_499..]);
    }
}

#[test]
fn a_search_of_all_kinds_counts_users_and_groups_together() {
    let mut host = host_with_users(150);
    let search = |host: &mut Host, start: usize, count: usize| {
        let body = json!({ "startIndex": start, "count": count, "attributes": ["id"] });
        parse_body(&send(host, ("POST", "/scim2/.search"), ADMIN, Some(body)))
    };
    let whole = host.entries.keys().filter(|key| key.starts_with("user/") || key.starts_with("role/")).count();
    let ids: Vec<String> =
        [1, 101].into_iter().flat_map(|start| listed_values(&search(&mut host, start, 100), "id")).collect();
    assert_eq!(ids.len(), whole);
    // From the last users to the first groups.
    let across = search(&mut host, 149, 7);
    assert_eq!((&across["totalResults"], listed_values(&across, "id")), (&json!(whole), ids[148..155].to_vec()));
}

#[test]
fn a_filter_that_uses_an_index_finds_the_same_users_as_a_full_scan() {
    for is_old in [false, true] {
        let mut host = host_with_users(600);
        if is_old {
            remove_index(&mut host);
        }
        // The second form compares every user.
        for filter in [
            r#"emails eq "user7@X.io""#,
            r#"emails.value eq "user7@X.io""#,
            r#"emails[type eq "work" and value eq "user7@x.io"]"#,
            r#"emails[type eq "home" and value eq "user7@x.io"]"#,
            r#"externalId eq "X7""#,
            r#"externalId eq "x7""#,
            r#"active eq true and emails eq "user5@x.io""#,
            r#"userName eq "USER0001""#,
            r#"userName eq "ldap/user0005""#,
            r#"id eq "id-0005""#,
            r#"userName sw "User00""#,
            r#"userName sw "ld""#,
            r#"userName sw "LDAP/user001""#,
            r#"userName sw "LDAP/""#,
            r#"userName sw "primary/user001""#,
            r#"userName sw "primary/""#,
            r#"userName sw "l""#,
            r#"userName sw "LDAPX/u""#,
            r#"userName sw "nobody""#,
            r#"userName sw "user01" and emails eq "user7@x.io""#,
            r#"userName sw "user01" and active eq true"#,
            r#"emails eq "nobody@x.io""#,
        ] {
            let by_index = get_list(&mut host, "Users", &format!("filter={filter}"));
            let compared = get_list(&mut host, "Users", &format!("filter=({filter}) or (title eq \"-\")"));
            assert_eq!(by_index["totalResults"], compared["totalResults"], "{filter}");
            assert_eq!(listed_values(&by_index, "userName"), listed_values(&compared, "userName"), "{filter}");
        }
        let page = get_list(&mut host, "Users", r#"filter=userName sw "user"&startIndex=21&count=5"#);
        // The names of all stores start so, and those of `LDAP` come first.
        let expected = [100, 105, 110, 115, 120].map(|number| format!("LDAP/user{number:04}"));
        assert_eq!((&page["totalResults"], listed_values(&page, "userName")), (&json!(600), expected.to_vec()));
    }
}

#[test]
fn names_in_a_case_sensitive_store_are_found_in_any_case() {
    let stores = json!([{ "domain": "PRIMARY", "case_insensitive_username": false }]);
    let users = ["bob", "Bob", "BOB", "bobby"].map(|name| json!({ "name": name }));
    let mut records = with_admin(users.to_vec());
    records["stores"] = stores;
    let mut host = seeded(&records).unwrap();
    for (filter, expected) in [
        (r#"userName eq "bOb""#, vec!["BOB", "Bob", "bob"]),
        (r#"userName eq "Bob" and active eq true"#, vec!["BOB", "Bob", "bob"]),
        (r#"userName sw "BO""#, vec!["BOB", "Bob", "bob", "bobby"]),
    ] {
        let list = get_list(&mut host, "Users", &format!("filter={filter}"));
        let mut names = listed_values(&list, "userName");
        names.sort();
        assert_eq!((&list["totalResults"], &json!(names)), (&json!(expected.len()), &json!(expected)), "{filter}");
    }
}

#[test]
fn list_users_reads_only_matching_names() {
    for is_old in [false, true] {
        let mut host = host_with_users(1_200);
        if is_old {
            remove_index(&mut host);
        }
        let mut names = |filter: &str, limit: usize| {
            let body = json!({ "filter": filter, "limit": limit });
            let response = send(&mut host, ("POST", "/services/UserAdmin/listUsers"), ADMIN, Some(body));
            assert_eq!(response.status, 200, "{}", response.text);
            let read_entries =
                response.work.iter().filter_map(|line| line.strip_prefix("read ")?.parse::<usize>().ok());
            (parse_body(&response)["users"].as_array().unwrap().len(), read_entries.sum::<usize>())
        };
        names("*", 1);
        assert_eq!(names("*", 100).0, 100);
        assert_eq!(names("LDAP/user00*", 100).0, 20);
        assert_eq!(names("user*77", 100).0, 12);
        assert_eq!(names("USER000?", 100).0, 10);
        assert_eq!(names("none*", 100).0, 0);
        let (found, work) = names("user*", 10);
        assert!(found == 10 && work < 100, "{work} entries for 10 names");
        let (found, work) = names("*0777", 10);
        assert!(found == 1 && work < 100, "{work} entries for one name");
    }
}

/// The ids of the users on a page of Tyk.
fn tyk_page(host: &mut Host, page: i64) -> (Vec<String>, Json) {
    let query = format!("p={page}");
    let headers = vec![("authorization", "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr")];
    let response: Response =
        host.call(&Call { method: "GET", path: "/api/users", query: &query, headers, ..Call::default() });
    assert_eq!(response.status, 200, "{}", response.text);
    let list = parse_body(&response);
    let ids = list["users"].as_array().unwrap().iter().map(|user| user["id"].as_str().unwrap().to_owned()).collect();
    (ids, list["pages"].clone())
}

#[test]
fn pages_of_tyk_list_the_users_of_one_organization_in_the_order_of_their_ids() {
    for is_old in [false, true] {
        let mut users = vec![
            json!({ "id": "root", "org_id": "b", "active": true, "email_address": "root@x.io", "access_key": "r".repeat(32), "user_permissions": { "IsAdmin": "admin" } }),
        ];
        for index in 0..900 {
            let org = ["a", "b", "c"][index % 3];
            users.push(json!({ "id": format!("u{index:04}"), "org_id": org, "active": true, "email_address": format!("u{index}@x.io") }));
        }
        let mut host = Host::new(SystemName::from_word("tyk").unwrap());
        host.seed(&Value::parse(&json!({ "users": users }).to_string()).unwrap()).unwrap();
        if is_old {
            remove_index(&mut host);
        }
        let (all, _) = tyk_page(&mut host, -1);
        assert_eq!(all.len(), 301);
        for page in [0, 1, 2, 17, 30, 31, 32] {
            let start = (usize::try_from(page).unwrap().max(1) - 1) * 10;
            let expected: Vec<String> = all.iter().skip(start).take(10).cloned().collect();
            assert_eq!(tyk_page(&mut host, page), (expected, json!(31)), "page {page}");
        }
    }
}

#[derive(Clone, Debug)]
enum Command {
    Create(usize, usize),
    Email(usize, usize),
    Delete(usize),
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        3 => (0..200_usize, 0..4_usize).prop_map(|(user, email)| Command::Create(user, email)),
        2 => (0..200_usize, 0..4_usize).prop_map(|(user, email)| Command::Email(user, email)),
        2 => (0..200_usize).prop_map(Command::Delete),
    ]
}

fn id_of(host: &Host, user: usize) -> Option<String> {
    let entry = host.entries.get(&format!("user/PRIMARY/user{user:03}"))?;
    Some(entry.value.get("id").unwrap().text().unwrap().to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(tries(8)))]

    #[test]
    fn lists_equal_the_entries_after_random_requests(commands in prop::collection::vec(command(), 1..120), is_old in any::<bool>()) {
        let mut host = host_with_users(0);
        if is_old {
            remove_index(&mut host);
        }
        for (place, command) in commands.into_iter().enumerate() {
            let email = |email: usize| json!([{ "value": format!("mail{email}@x.io") }]);
            match command {
                Command::Create(user, mail) => {
                    let body = json!({ "userName": format!("user{user:03}"), "emails": email(mail) });
                    send(&mut host, ("POST", "/scim2/Users"), ADMIN, Some(body));
                }
                Command::Email(user, mail) => {
                    let Some(id) = id_of(&host, user) else { continue };
                    let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{ "op": "replace", "path": "emails", "value": email(mail) }] });
                    let response = send(&mut host, ("PATCH", &format!("/scim2/Users/{id}")), ADMIN, Some(body));
                    prop_assert_eq!(response.status, 200, "{}", response.text);
                }
                Command::Delete(user) => {
                    let Some(id) = id_of(&host, user) else { continue };
                    let response = send(&mut host, ("DELETE", &format!("/scim2/Users/{id}")), ADMIN, None);
                    prop_assert_eq!(response.status, 204, "{}", response.text);
                }
            }
            if place % 10 != 9 {
                continue;
            }
            let users = stored_users(&host);
            let names: Vec<String> = users.iter().map(|(name, _)| name.clone()).collect();
            prop_assert_eq!(&all_pages(&mut host, "Users", "userName"), &names);
            for mail in 0..4 {
                let address = format!("mail{mail}@x.io");
                let with_it: Vec<String> = users.iter().filter(|(_, user)| user.to_string().contains(&address)).map(|(name, _)| name.clone()).collect();
                let list = get_list(&mut host, "Users", &format!("filter=emails.value eq \"{address}\""));
                prop_assert_eq!(listed_values(&list, "userName"), with_it);
            }
        }
    }
}
