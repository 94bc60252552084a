#include "base/result.h"

#include <cerrno>
#include <system_error>

namespace davy {
namespace {

ErrorCode code_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ESRCH: return ErrorCode::not_found;
    case EACCES:
    case EPERM: return ErrorCode::permission_denied;
    case ENOSYS:
    case EINVAL: return ErrorCode::unsupported;
    default: return ErrorCode::io;
  }
}

}  // namespace

tl::unexpected<Error> fail_errno(int error_number, std::string_view message, std::string context) {
  const std::string reason = std::generic_category().message(error_number);
  return fail(code_of(error_number), std::string(message) + ": " + reason, std::move(context));
}

std::string describe(const Error& error) {
  return error.context.empty() ? error.message : error.message + " (" + error.context + ")";
}

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::permission_denied: return "permission_denied";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::malformed: return "malformed";
    case ErrorCode::limit_exceeded: return "limit_exceeded";
    case ErrorCode::untrusted: return "untrusted";
    case ErrorCode::interrupted: return "interrupted";
    case ErrorCode::io: return "io";
  }
  return "unknown";
}

}  // namespace davy
