//! The JSON Schema of the records.

use super::model::{GRANTS_MAX, PASSWORD_MAX};
use super::records::{ARGON2ID, MD5, MEMBERS};
use super::vocabulary::Level;
use crate::document::limits::NAME_MAX;
use crate::document::schema::Schema;
use crate::tables::word::Word;

pub(super) fn schema() -> Schema {
    let document = Schema::object(&["users"], &[], |_| {
        Schema::list(Schema::reference("user")).or_null().with_description("The users of the panel.")
    });
    document.of_document("Users of Ant Media Server", [("user", user())])
}

fn user() -> Schema {
    let mut members = MEMBERS.to_vec();
    members.push("hash");
    let user = Schema::object(&members, &["email"], |name| match name {
        "email" => Schema::name().with_description("The identity, compared exactly."),
        "password" => password().with_description("Only for a directory."),
        "newPassword" => password(),
        "hash" => hash().with_description("Only for a directory, in place of the password."),
        "userType" => user_type(),
        "scope" => optional_text().with_description("The application of `userType`, or `system` for all."),
        "appNameUserType" => {
            Schema::map(Schema::text()).with_count("maxProperties", GRANTS_MAX).or_null().with_description(
                "The user type in each application. It counts where `scope` and `userType` are not both set.",
            )
        }
        _ => optional_text(),
    });
    user.not_both("password", "hash").with_description("A user. `null` is the same as absent.")
}

fn optional_text() -> Schema {
    Schema::text().with_max_length(NAME_MAX).or_null()
}

fn password() -> Schema {
    Schema::text().with_max_length(PASSWORD_MAX).or_null()
}

fn user_type() -> Schema {
    let words = [Level::WORDS, &["READ-ONLY"]].concat();
    Schema::one_of(&words).or_null().with_description("What the user may do in `scope`.")
}

fn hash() -> Schema {
    let md5 = [MD5, "[0-9a-f]{32}$"].concat();
    let argon2id = Schema::text().with_prefix(&[ARGON2ID]);
    Schema::any_of([argon2id, Schema::text().with_pattern(&["^", &md5.replacen('$', "\\$", 2)].concat())]).or_null()
}
