// The configuration of a run, as a text of the shape that XMRig-like programs read: built from flags, or read and
// checked. Nothing in it can point anywhere but to loopback, nor pay to anything but the exercise wallet.
// Pure functions; thread-safe. Errors: invalid_argument, malformed.
#pragma once

#include "drill/plan.h"

namespace davy::drill {

SecretText build_config(const Plan& plan, std::string_view pool_text);

// Takes over pool and thread count from a configuration text into the plan.
Status apply_config(std::string_view text, Plan& plan);

}  // namespace davy::drill
