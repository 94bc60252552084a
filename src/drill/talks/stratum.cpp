// Conversations of the mining.* family. Targets are so easy that any made-up answer is under them.
#include "drill/talks/script.h"

namespace davy::drill {

std::span<const Talk> stratum_talks() {
  static constexpr Talk kTalks[] = {
      {"stratum", "Bitcoin, with version rolling", true, Wrap::line,
       R"(>{"id":0,"method":"mining.configure","params":[["version-rolling"],{"version-rolling.mask":"1fffe000","version-rolling.min-bit-count":2}]}
<{"id":0,"result":{"version-rolling":true,"version-rolling.mask":"18000000"},"error":null}
>{"id":1,"method":"mining.subscribe","params":["cgminer/4.12"]}
<{"id":1,"result":[[["mining.set_difficulty","a1"],["mining.notify","a1"]],"@h8.",4],"error":null}
>{"id":2,"method":"mining.authorize","params":["exercise.rig","x"]}
<{"id":2,"result":true,"error":null}
<{"id":null,"method":"mining.set_difficulty","params":[0.00000000024]}
)",
       R"(<{"id":null,"method":"mining.notify","params":["@j","@h64.","01000000010000000000000000@h40.","@h60.00000000",["@h64.","@h64."],"20000000","1d00ffff","5f5e1000",true]}
>{"id":@n,"method":"mining.submit","params":["exercise.rig","@j","@h8.","5f5e1000","@h8.","08000000"]}
<{"id":@n,"result":true,"error":null}
)"},
      {"stratum.kawpow", "Ravencoin", true, Wrap::line,
       R"(>{"id":1,"method":"mining.subscribe","params":["kawpowminer/1.2","EthereumStratum/1.0.0"]}
<{"id":1,"result":[null,"7a01"],"error":null}
>{"id":2,"method":"mining.authorize","params":["exercise.rig","x"]}
<{"id":2,"result":true,"error":null}
<{"id":null,"method":"mining.set_target","params":["00000003ffff@h52."]}
)",
       R"(<{"id":null,"method":"mining.notify","params":["@j","@h64.","@h64.","00000003ffff@h52.",true,@d,"1b00a1b2"]}
>{"id":@n,"method":"mining.submit","params":["exercise.rig","@j","0x7a01@h12.","0x@h64.","0x@h64."]}
<{"id":@n,"result":true,"error":null}
)"},
      {"stratum.kaspa", "Kaspa", true, Wrap::line,
       R"(>{"id":1,"method":"mining.subscribe","params":["bzminer/1","EthereumStratum/1.0.0"]}
<{"id":1,"result":[true,"EthereumStratum/1.0.0"],"error":null}
>{"id":2,"method":"mining.authorize","params":["kaspa:exercise.rig"]}
<{"id":2,"result":true,"error":null}
<{"id":null,"method":"set_extranonce","params":["00ff"]}
<{"id":null,"method":"mining.set_difficulty","params":[4]}
)",
       R"(<{"id":null,"method":"mining.notify","params":["@k","@h80."]}
>{"id":@n,"method":"mining.submit","params":["kaspa:exercise.rig","@k","0x00ff@h12."]}
<{"id":@n,"result":true,"error":null}
)"},
      {"stratum.ergo", "Ergo", true, Wrap::line,
       R"(>{"id":1,"method":"mining.subscribe","params":["miner/2"]}
<{"id":1,"result":[null,"a1b2",6],"error":null}
>{"id":2,"method":"mining.authorize","params":["exercise.rig","x"]}
<{"id":2,"result":true,"error":null}
)",
       R"(<{"id":null,"method":"mining.notify","params":["@j",@d,"@h64.","","",2,"7067388259113537318333190002971674063309935587502475832486424805170479104","",true]}
>{"id":@n,"method":"mining.submit","params":["exercise.rig","@j","a1b2","","a1b2@h12."]}
<{"id":@n,"result":true,"error":null}
)"},
      {"stratum.conflux", "Conflux", true, Wrap::line,
       R"(>{"jsonrpc":"2.0","id":1,"method":"mining.subscribe","params":["exercise.rig","secret"]}
<{"jsonrpc":"2.0","id":1,"result":true}
)",
       R"(<{"id":@n,"method":"mining.notify","params":["0x@j","@d","0x@h64.","0x0000ffff@h56."]}
>{"jsonrpc":"2.0","id":@n,"method":"mining.submit","params":["exercise.rig","0x@j","0x@h16.","0x@h64."]}
<{"jsonrpc":"2.0","id":@n,"result":[true]}
)"},
      {"ethereumstratum.1", "EthereumStratum/1.0.0", true, Wrap::line,
       R"(>{"id":1,"method":"mining.subscribe","params":["miner/1","EthereumStratum/1.0.0"]}
<{"id":1,"result":[["mining.notify","s1","EthereumStratum/1.0.0"],"080c"],"error":null}
>{"id":2,"method":"mining.authorize","params":["exercise.rig","x"]}
<{"id":2,"result":true,"error":null}
<{"id":null,"method":"mining.set_difficulty","params":[0.5]}
)",
       R"(<{"id":null,"method":"mining.notify","params":["@j","@h64.","@h64.",true]}
>{"id":@n,"method":"mining.submit","params":["exercise.rig","@j","@h12."]}
<{"id":@n,"result":true,"error":null}
)"},
  };
  return kTalks;
}

}  // namespace davy::drill
