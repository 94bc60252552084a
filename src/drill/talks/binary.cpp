// Conversations that are not text: Stratum V2, the publisher of a Monero node, and nodes among themselves.
#include "drill/talks/script.h"

namespace davy::drill {

std::span<const Talk> binary_talks() {
  static constexpr Talk kTalks[] = {
      {"stratum_v2", "Stratum V2 in clear", true, Wrap::binary,
       R"(>000000 260000 00 0200 0200 00000000 09'far.test.' d285 06'Vendor' 03'S19' 03'fw1' 01'7'
<000001 060000 0200 00000000
>000010 300000 01000000 07'rig.one' 44444444 ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
<000011 310000 0100000001000000 @h56.00000000 04'abcd' 00000000
)",
       R"(<008015 310000 01000000 07000000 01 5f5e1000 00000020 @h64.
>00801a 180000 01000000 05000000 07000000 @h8. 5f5e1000 00000020
<00801c 140000 01000000 05000000 01000000 0100000000000000
)"},
      {"stratum_v2.noise", "the shape of Stratum V2 inside its encryption", true, Wrap::binary,
       R"(>@h128.
<@h340.
>@h170.
<@h88.
>@h238.
<@h512.
)",
       R"(>@h124.
<@h116.
)"},
      {"monerod.zmq", "a solo miner subscribes to a Monero node", true, Wrap::binary,
       R"(>ff00000000000000017f03 00 'NULL' 000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
<ff00000000000000017f03 00 'NULL' 000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
>0419 05'READY' 0b'Socket-Type' 000000 03'SUB'
<0419 05'READY' 0b'Socket-Type' 000000 03'PUB'
>0018 01'json-minimal-chain_main'
)",
       R"(<0042 'json-minimal-chain_main:{"first_height":@d,"ids":["@h8."]}'
)"},
      {"bitcoin_peer", "two Bitcoin nodes", false, Wrap::binary,
       R"(>f9beb4d9 'version' 0000000000 1c000000 00000000 @h52. 00 00
<f9beb4d9 'verack' 000000000000 00000000 00000000
)",
       R"(<f9beb4d9 'inv' 000000000000000000 25000000 00000000 @h74.
>f9beb4d9 'getdata' 0000000000 25000000 00000000 @h74.
)"},
      {"monero_peer", "two Monero nodes", false, Wrap::binary, "",
       R"(>0121010101010101 2000000000000000 01 e9030000 00000000 01000000 01000000 @h64.
<0121010101010101 2000000000000000 00 e9030000 01000000 02000000 01000000 @h64.
)"},
  };
  return kTalks;
}

}  // namespace davy::drill
