#include "drill/session.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "drill/fields.h"
#include "drill/wallet.h"

namespace davy::drill {

Result<Session> Session::open(const Plan& plan) {
  Session session(TRY(connect_loopback(plan.pool)), plan.scrub);
  SecretText line;
  const SecretText wallet = exercise_wallet();
  add_login(line, session.next_id_++, wallet.view());
  TRY(session.send(std::move(line)));
  return session;
}

Status Session::send(SecretText line) {
  std::string_view rest = line.view();
  while (!rest.empty()) {
    const ssize_t sent = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return fail_errno(errno, "cannot send");
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  if (scrub_) return {};
  if (sent_.size() > 1) sent_.pop_back();
  sent_.push_back(std::move(line));
  return {};
}

Result<std::size_t> Session::read_some() {
  if (waiting_ >= received_.size()) return fail(ErrorCode::limit_exceeded, "a line is too long");
  const ssize_t got = recv(socket_.get(), received_.data() + waiting_, received_.size() - waiting_, MSG_DONTWAIT);
  if (got == 0) return fail(ErrorCode::interrupted, "the other side closed the connection");
  if (got > 0) return static_cast<std::size_t>(got);
  if (errno == EAGAIN || errno == EINTR) return std::size_t{0};
  return fail_errno(errno, "cannot receive");
}

Result<std::optional<Job>> Session::receive() {
  std::optional<Job> job;
  waiting_ += TRY(read_some());
  const std::string_view all(received_.data(), waiting_);
  std::size_t begin = 0;
  for (std::size_t end = all.find('\n'); end != std::string_view::npos; end = all.find('\n', begin)) {
    TRY(understand(all.substr(begin, end - begin), job));
    begin = end + 1;
  }
  if (begin == 0) return job;
  waiting_ -= begin;
  std::memmove(received_.data(), received_.data() + begin, waiting_);
  if (scrub_) explicit_bzero(received_.data() + waiting_, received_.size() - waiting_);
  return job;
}

Status Session::understand(std::string_view line, std::optional<Job>& job) {
  const auto method = string_field(line, mask("method"));
  const std::size_t result = value_position(line, mask("result"));
  if (!method && !logged_in()) {
    const auto session = result == std::string_view::npos ? std::nullopt : string_field(line, mask("id"), result);
    if (!session || !session_.store(*session)) return fail(ErrorCode::malformed, "the login was refused");
  }
  Job read;
  if (read_job(line, read)) job = read;
  return {};
}

Status Session::submit(const Share& share) {
  SecretText line;
  add_submit(line, next_id_++, session_.view(), share);
  return send(std::move(line));
}

Status Session::keep_alive() {
  SecretText line;
  add_keepalive(line, next_id_++, session_.view());
  return send(std::move(line));
}

}  // namespace davy::drill
