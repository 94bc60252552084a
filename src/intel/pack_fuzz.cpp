// Foreign packs, in two ways: the bytes as they are (nobody signed them, so they must be refused), and the bytes as the
// contents of a pack that a trusted signer sealed without looking. First byte: length of the header in that case.
#include <algorithm>
#include <cstdlib>

#include "intel/knowledge.h"
#include "intel/test_packs.h"

namespace {

using davy::intel::kTestNow;

const davy::intel::TestSigner& signer() {
  static const davy::intel::TestSigner one;
  return one;
}

void load_sealed(davy::ByteView contents) {
  const std::size_t header_bytes = std::min<std::size_t>(contents[0] * std::size_t{4}, contents.size() - 1);
  const auto header = davy::as_text(contents.subspan(1, header_bytes));
  const auto body = contents.subspan(1 + header_bytes);
  const auto pack = davy::intel::seal(header, body, signer().key, signer().certificate);
  if (pack) (void)davy::intel::Knowledge::load(*pack, signer().trust, kTestNow);
}

// The body as one part, so that the digest fits and its contents are reached.
void load_as_part(davy::ByteView contents) {
  constexpr const char* kNames[] = {"pools", "coin_sites", "ports", "families"};
  const davy::intel::PackHeader header{.version = "1", .created = kTestNow};
  const davy::intel::PackParts parts = {{kNames[contents[0] % 4], std::string(davy::as_text(contents.subspan(1)))}};
  const auto pack = davy::intel::write_pack(header, parts, signer().key, signer().certificate);
  if (!pack) return;
  const auto known = davy::intel::Knowledge::load(*pack, signer().trust, kTestNow);
  if (known && known->find_name("localhost", 3333)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const davy::ByteView bytes(data, size);
  if (davy::intel::read_pack(bytes, signer().trust, kTestNow)) std::abort();
  (void)davy::intel::check_signatures(bytes);
  if (bytes.empty()) return 0;
  load_sealed(bytes);
  load_as_part(bytes);
  return 0;
}
