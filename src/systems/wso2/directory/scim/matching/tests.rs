//! Tests filters on a resource.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

use super::super::schema::Published;
use super::*;

fn bob() -> Value {
    Value::parse(
        r#"{"userName":"Bob","active":true,"profileUrl":"https://x/A","name":{"familyName":"Ross"},
            "emails":[{"value":"b@x.org","type":"work"},{"value":"b@y.org","type":"home","primary":true}],
            "meta":{"created":"2020-01-02T00:00:00Z"}}"#,
    )
    .unwrap()
}

#[test]
fn filter_compares_the_attributes_of_the_schema() {
    let schema = &Published::get().unwrap().users;
    for (text, expected) in [
        (r#"userName eq "bOB""#, true),
        (r#"USERNAME Eq "bob""#, true),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "bob""#, true),
        (r#"urn:another:userName eq "bob""#, false),
        (r#"profileUrl eq "https://x/a""#, false),
        (r#"profileUrl eq "https://x/A""#, true),
        (r#"userName ne "bob""#, false),
        (r#"nickName ne "bob""#, true),
        (r#"nickName pr"#, false),
        (r#"nickName eq null"#, true),
        (r#"userName ne null"#, true),
        (r#"emails co "Y.ORG""#, true),
        (r#"emails.type eq "home""#, true),
        (r#"emails[type eq "work" and value co "y.org"]"#, false),
        (r#"emails[type eq "home" and value co "y.org"]"#, true),
        (r#"emails.primary pr and emails.display pr"#, false),
        (r#"userName sw "B" and userName ew "b" and userName co "o""#, true),
        (r#"userName gt "a" and userName lt "c""#, true),
        (r#"userName ge "bob" and userName le "bob""#, true),
        (r#"active eq true"#, true),
        (r#"active eq "true""#, true),
        (r#"active eq FALSE"#, false),
        (r#"active ne "False""#, true),
        (r#"userName eq bob"#, true),
        (r#"userName eq 'Bob'"#, true),
        (r#"nickName eq 5 or userName eq 5"#, false),
        (r#"emails[type eq "home"].value ew "@Y.org""#, true),
        (r#"emails[type eq "work"].value ew "@y.org""#, false),
        (r#"emails[type eq work].value pr"#, true),
        (r#"emails[type eq "work"].primary pr"#, false),
        (r#"emails[type eq home and primary eq True].value ne "x""#, true),
        (r#"name eq "Ross""#, false),
        (r#"name.familyName eq "ross""#, true),
        (r#"meta.created gt "2020-01-01T23:00:00-02:00""#, false),
        (r#"meta.created lt "2020-01-02T00:00:01Z""#, true),
        (r#"password pr"#, false),
        // `and` binds tighter than `or`.
        (r#"active eq true or active eq false and userName eq "x""#, true),
        (r#"(active eq true or active eq false) and userName eq "x""#, false),
        (r#"not (userName eq "x") and active eq true"#, true),
    ] {
        let mut filter = Filter::parse(text).unwrap();
        assert!(check_filter(&mut filter, schema).is_ok(), "{text}");
        assert_eq!(is_match(&filter, &bob(), schema), expected, "{text}");
    }
}

#[test]
fn ordering_values_without_an_order_is_refused() {
    let schema = &Published::get().unwrap().users;
    for text in [
        "active gt true",
        "active eq yes",
        "active eq 1",
        "active sw \"t\"",
        "userName lt null",
        "userName ge false",
        r#"name gt "a""#,
        r#"name.givenName[x eq 1]"#,
    ] {
        let read = Filter::parse(text);
        assert!(read.is_none_or(|mut filter| check_filter(&mut filter, schema).is_err()), "{text}");
    }
}

#[test]
fn unknown_attribute_in_a_filter_is_refused() {
    let published = Published::get().unwrap();
    let schemas = [&published.users, &published.groups];
    for (text, is_known) in [
        ("userName pr", true),
        ("members pr and displayName eq x", true),
        ("manager eq 5 and department sw x", true),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq 5", true),
        ("emails[type eq work].value pr", true),
        ("userNam pr", false),
        ("not (userNam pr)", false),
        ("emails.valu eq x", false),
        ("emails[typ eq work]", false),
        ("emails[type eq work].valu pr", false),
        ("urn:another:userName eq x", false),
    ] {
        let filter = Filter::parse(text).unwrap();
        assert_eq!(check_attributes_known(&filter, [schemas[0], schemas[1]]).is_ok(), is_known, "{text}");
    }
}
