// Results and errors: the one way a function of Davy says that it failed.
//
// A function that can fail returns Result<T>; a caller passes failure on with TRY. Exceptions of libraries are caught
// in the adapter that calls them and become an Error. Values are immutable and safe to share between threads.
//
//   Result<Pack> load(const Path& path) {
//     const Bytes bytes = TRY(read_file(path, kPackBytesMax));
//     return parse(bytes);
//   }
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace davy {

// What kind of failure it is; callers branch on this, people read the message.
enum class ErrorCode {
  invalid_argument,   // the caller's or user's words are wrong
  not_found,          // the thing named does not exist
  permission_denied,  // it exists, but may not be seen or done
  unsupported,        // this machine, kernel or build cannot do it
  malformed,          // foreign bytes are not of the form they claim
  limit_exceeded,     // a named limit was reached
  untrusted,          // signature, key or version refused
  interrupted,        // the other side went away
  io,                 // the operating system refused
};

struct [[nodiscard]] Error {
  ErrorCode code;
  std::string message;  // one English sentence without a full stop: what failed and why
  std::string context;  // what it was about (a path, a pid, a host), may be empty
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string context = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(context)});
}

// fail() with strerror(error_number) behind the message, and the code that fits the number.
tl::unexpected<Error> fail_errno(int error_number, std::string_view message, std::string context = {});

// The result, whose error, if it is one, names `what` it was about in front of any detail.
template <class T>
Result<T> about(const std::string& what, Result<T> result) {
  if (result || result.error().context.starts_with(what)) return result;
  std::string& context = result.error().context;
  context = context.empty() ? what : what + ", " + context;
  return result;
}

// "message: context", as shown to people and written to logs.
std::string describe(const Error& error);

std::string_view name_of(ErrorCode code);

namespace result_detail {
template <class T>
T take(Result<T>& result) {
  return std::move(*result);
}
inline void take(Result<void>&) {}
}  // namespace result_detail

}  // namespace davy

// Evaluates to the value of a Result, or returns its error from the surrounding function. (A GNU statement
// expression: both release and checking compilers have it.)
#define TRY(expression)                                                                             \
  __extension__({                                                                                   \
    auto&& davy_try_result = (expression);                                                          \
    if (!davy_try_result) return tl::unexpected<::davy::Error>(std::move(davy_try_result.error())); \
    ::davy::result_detail::take(davy_try_result);                                                   \
  })
