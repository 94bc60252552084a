// Whatever is found must parse alone, stand at a token boundary, and be found again in its own text.
#include <cctype>
#include <cstdlib>

#include "base/bytes.h"
#include "mining/base58.h"
#include "mining/bech32.h"
#include "mining/cashaddr.h"
#include "mining/wallet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = davy::as_text({data, size});
  davy::mining::parse_wallet(text);
  const auto monero = davy::mining::decode_monero_base58(text);
  if (monero && davy::mining::encode_monero_base58(*monero) != text) std::abort();
  const auto bech32 = davy::mining::decode_bech32(text, davy::mining::kWalletCharactersMax);
  if (bech32 && bech32->prefix.size() + bech32->values.size() + 7 != size) std::abort();
  for (const std::string_view alphabet : {davy::mining::kCashaddrAlphabet, davy::mining::kConfluxAlphabet})
    davy::mining::decode_cashaddr("kaspa", text, alphabet);
  davy::mining::for_each_wallet(text, [&](const davy::mining::Wallet& wallet, std::size_t offset) {
    if (text.substr(offset, wallet.address.size()) != wallet.address) std::abort();
    if (davy::mining::parse_wallet(wallet.address) != wallet) std::abort();
    if (offset > 0 && std::isalnum(data[offset - 1]) != 0) std::abort();
    return true;
  });
  return 0;
}
