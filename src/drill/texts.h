// What the exercise program says to people, in English and Chinese, masked in the program file.
//
// These texts stand here and not in data/text because the program that hashes must not carry a readable table of words
// about mining: it would be found by its own help page. Pure functions; thread-safe.
#pragma once

#include "drill/masked.h"

namespace davy::drill {

// Printed on standard error before anything else happens.
SecretText start_notice(std::uint32_t seconds, int pid);

// The exercises and disguises, each in both languages.
SecretText list_text();

SecretText usage_text();

}  // namespace davy::drill
