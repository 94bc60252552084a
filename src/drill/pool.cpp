#include "drill/pool.h"

#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <list>
#include <vector>

#include "drill/fields.h"
#include "drill/load.h"
#include "drill/messages.h"
#include "drill/wallet.h"

namespace davy::drill {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr int kPollMs = 250;
constexpr unsigned kSharesBeforeRetarget = 16;
constexpr std::uint64_t kFirstHeight = 3'200'000;

std::uint64_t first_difficulty(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::randomx: return 40;
    case Algorithm::scrypt: return 5'000;
    case Algorithm::argon2id: return 2'000;
    case Algorithm::sha256d: return 4'000'000;
  }
  return 40;
}

template <std::size_t N>
void fill_randomly(std::array<std::uint8_t, N>& bytes, std::size_t count) {
  [[maybe_unused]] const ssize_t got = getrandom(bytes.data(), count, 0);
}

void random_name(MaskedField& field, std::size_t bytes_count) {
  std::array<std::uint8_t, 32> bytes{};
  fill_randomly(bytes, bytes_count);
  SecretText name;
  field.store(name.add_hex(bytes.data(), bytes_count).view());
}

Job make_job(std::uint64_t difficulty) {
  Job job;
  job.blob_bytes = kBlobBytes;
  fill_randomly(job.blob, kBlobBytes);
  job.blob[0] = job.blob[1] = 16;  // major and minor version, as in real blobs
  std::fill_n(job.blob.begin() + kNonceOffset, 4, std::uint8_t{0});
  job.target = static_cast<std::uint32_t>(std::min<std::uint64_t>(UINT32_MAX, (1ULL << 32U) / difficulty));
  random_name(job.id, 4);
  return job;
}

struct Client {
  UniqueFd socket;
  std::vector<char> received = std::vector<char>(kLineBytesMax);
  std::size_t waiting = 0;
  MaskedField session;
  Job current;
  Job previous;
  std::uint64_t difficulty = 1;
  unsigned accepted = 0;  // since the current job
  bool logged_in = false;
  std::int64_t next_job_ns = 0;
};

class Pool {
 public:
  Pool(const PoolSettings& settings, Listener listener, UniqueFd signals)
      : settings_(settings), listener_(std::move(listener)), signals_(std::move(signals)), parent_(getppid()) {}

  void serve();

 private:
  bool turn();
  void accept_one();
  bool receive(Client& client);
  bool answer(Client& client, std::string_view line);
  bool answer_login(Client& client, std::uint64_t id, std::string_view line);
  bool answer_submit(Client& client, std::uint64_t id, std::string_view line);
  bool push_job(Client& client);
  void retarget(Client& client) const;
  bool send(const Client& client, const SecretText& line) const;
  JobTerms terms() const { return {settings_.algorithm, height_}; }

  const PoolSettings settings_;
  Listener listener_;
  UniqueFd signals_;
  const pid_t parent_;
  std::list<Client> clients_;
  std::uint64_t height_ = kFirstHeight;
};

bool Pool::send(const Client& client, const SecretText& line) const {
  const auto size = static_cast<ssize_t>(line.view().size());
  return ::send(client.socket.get(), line.view().data(), line.view().size(), MSG_NOSIGNAL | MSG_DONTWAIT) == size;
}

void Pool::accept_one() {
  UniqueFd socket(accept4(listener_.socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!socket || clients_.size() >= kClientsMax) return;
  clients_.emplace_back().socket = std::move(socket);
}

void Pool::retarget(Client& client) const {
  const double expected = static_cast<double>(settings_.job_seconds) / kShareSeconds;
  const double ratio = std::clamp((client.accepted + 0.5) / (expected + 0.5), 0.125, 8.0);
  const double wanted = static_cast<double>(client.difficulty) * ratio;
  if (settings_.difficulty == 0) client.difficulty = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted));
}

bool Pool::push_job(Client& client) {
  retarget(client);
  client.accepted = 0;
  client.previous = client.current;
  client.current = make_job(client.difficulty);
  client.next_job_ns = monotonic_ns() + settings_.job_seconds * kSecondNs;
  ++height_;
  SecretText line;
  add_job_push(line, client.current, terms());
  return send(client, line);
}

bool Pool::answer_login(Client& client, std::uint64_t id, std::string_view line) {
  SecretText reply;
  const std::size_t parameters = value_position(line, mask("params"));
  const auto wallet =
      parameters == std::string_view::npos ? std::nullopt : string_field(line, mask("login"), parameters);
  if (!wallet || *wallet != exercise_wallet().view()) {
    add_error(reply, id, mask("Invalid address used for login"));
    send(client, reply);
    return false;
  }
  client.logged_in = true;
  random_name(client.session, 6);
  client.difficulty = settings_.difficulty != 0 ? settings_.difficulty : first_difficulty(settings_.algorithm);
  client.current = make_job(client.difficulty);
  client.next_job_ns = monotonic_ns() + settings_.job_seconds * kSecondNs;
  add_login_answer(reply, id, client.session.view(), client.current, terms());
  return send(client, reply);
}

bool Pool::answer_submit(Client& client, std::uint64_t id, std::string_view line) {
  SecretText reply;
  const auto refuse = [&](MaskedView why) {
    add_error(reply, id, why);
    return send(client, reply);
  };
  const std::size_t parameters = value_position(line, mask("params"));
  const std::size_t from = parameters == std::string_view::npos ? 0 : parameters;
  const auto session = string_field(line, mask("id"), from);
  const auto job_id = string_field(line, mask("job_id"), from);
  const auto nonce = string_field(line, mask("nonce"), from);
  const auto result = string_field(line, mask("result"), from);
  if (!client.logged_in || !session || !equals(*session, client.session.view())) return refuse(mask("Unauthenticated"));
  const bool is_current = job_id && equals(*job_id, client.current.id.view());
  const bool is_previous = job_id && client.previous.id.view().size > 0 && equals(*job_id, client.previous.id.view());
  if (!is_current && !is_previous) return refuse(mask("Invalid job id"));
  std::array<std::uint8_t, 4> nonce_bytes{};
  std::array<std::uint8_t, 32> hash{};
  if (!nonce || !read_hex(*nonce, nonce_bytes) || !result || !read_hex(*result, hash)) return refuse(mask("Malformed"));
  const std::uint32_t target = is_current ? client.current.target : client.previous.target;
  if (read_u32_le(hash, 28).value_or(UINT32_MAX) > target) return refuse(mask("Low difficulty share"));
  add_status(reply, id, mask("OK"));
  if (!send(client, reply)) return false;
  return ++client.accepted < kSharesBeforeRetarget || push_job(client);
}

bool Pool::answer(Client& client, std::string_view line) {
  const std::uint64_t id = number_field(line, mask("id")).value_or(0);
  const auto method = string_field(line, mask("method"));
  if (!method) return false;
  if (equals(*method, mask("login"))) return answer_login(client, id, line);
  if (equals(*method, mask("submit"))) return answer_submit(client, id, line);
  SecretText reply;
  if (equals(*method, mask("keepalived"))) add_status(reply, id, mask("KEEPALIVED"));
  else add_error(reply, id, mask("Invalid method"));
  return send(client, reply);
}

// False when the client is to go: it closed, broke the form, or does not read.
bool Pool::receive(Client& client) {
  char* buffer = client.received.data();
  const ssize_t got =
      recv(client.socket.get(), buffer + client.waiting, client.received.size() - client.waiting, MSG_DONTWAIT);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  client.waiting += static_cast<std::size_t>(got);
  const std::string_view all(buffer, client.waiting);
  std::size_t begin = 0;
  for (std::size_t end = all.find('\n'); end != std::string_view::npos; end = all.find('\n', begin)) {
    if (!answer(client, all.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  client.waiting -= begin;
  std::memmove(buffer, buffer + begin, client.waiting);
  explicit_bzero(buffer + client.waiting, client.received.size() - client.waiting);
  return client.waiting < client.received.size();
}

bool Pool::turn() {
  std::vector<pollfd> waits{{signals_.get(), POLLIN, 0}, {listener_.socket.get(), POLLIN, 0}};
  for (const Client& client : clients_) waits.push_back({client.socket.get(), POLLIN, 0});
  poll(waits.data(), waits.size(), kPollMs);
  std::size_t index = 2;
  for (auto client = clients_.begin(); client != clients_.end(); ++index) {
    bool stays = waits[index].revents == 0 || receive(*client);
    if (stays && client->logged_in && monotonic_ns() >= client->next_job_ns) stays = push_job(*client);
    client = stays ? std::next(client) : clients_.erase(client);
  }
  if (waits[1].revents != 0) accept_one();
  return waits[0].revents == 0 && (parent_ == 1 || getppid() == parent_);
}

void Pool::serve() {
  const std::int64_t end = monotonic_ns() + settings_.seconds * kSecondNs;
  while (monotonic_ns() < end && turn()) continue;
}

}  // namespace

Status run_pool(const PoolSettings& settings) {
  Plan bounds;
  bounds.deadline_ns = monotonic_ns() + settings.seconds * kSecondNs;
  arm_alarm(bounds);
  Listener listener = TRY(listen_loopback(settings.port));
  SecretText line;
  line.add(mask("port ")).add_number(listener.port).add(mask("\n"));
  if (write(STDOUT_FILENO, line.view().data(), line.view().size()) < 0) return fail_errno(errno, "cannot say the port");
  Pool pool(settings, std::move(listener), TRY(stop_signals()));
  pool.serve();
  return {};
}

}  // namespace davy::drill
