// Starts a run under its disguises: the program executes itself again from a copy, from memory or under another name.
//
// The front program calls launch(); it returns only on failure, or with the run's end when no new program image is
// needed. The executed image calls run_launched() when it finds a plan waiting. Whatever a run leaves on disk (a copied
// program, a control group) is removed by the run itself, or, should it be killed, by a small helper process that
// waits for its end ("tidy"). Single-threaded process required. Errors: io, permission_denied, invalid_argument.
#pragma once

#include <span>

#include "drill/plan.h"

namespace davy::drill {

// The words of the running program, for overwriting them in place.
struct CommandLine {
  int count = 0;
  char** words = nullptr;
};

Status launch(Plan plan, SecretText config);

Status run_launched(Plan plan, SecretText config, const CommandLine& command_line);

// Waits until standard input ends, then removes the copied program with its folder, and the control group.
// Only what this program itself makes is removed: other paths are refused.
Status tidy(std::string_view copy_path, std::string_view cgroup_path);

}  // namespace davy::drill
