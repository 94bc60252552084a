// Giving up what a command no longer needs.
#pragma once

namespace davy::cli {

// Root becomes nobody, as its workers did, so that it can still end them; capabilities go. What a user namespace does
// not allow stays as it is.
void give_up_privileges();

}  // namespace davy::cli
