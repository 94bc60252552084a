// Conversations of the mining.* family whose messages look least like Bitcoin's. All values are made up.
#include "drill/talks/script.h"

namespace davy::drill {

std::span<const Talk> stratum_relative_talks() {
  static constexpr Talk kTalks[] = {
      {"stratum.zcash", "Zcash; the solutions are made up", true, Wrap::line,
       R"(>{"id":1,"method":"mining.subscribe","params":["zminer/1",null,"far.example","3333"]}
<{"id":1,"result":[null,"@h10."],"error":null}
>{"id":2,"method":"mining.authorize","params":["t1Exercise.rig","x"]}
<{"id":2,"result":true,"error":null}
<{"id":null,"method":"mining.set_target","params":["0004000000000000000000000000000000000000000000000000000000000000"]}
)",
       R"(<{"id":null,"method":"mining.notify","params":["@j","04000000","@h64.","@h64.","@h64.","5f5e1000","1d00ffff",true]}
>{"id":@n,"method":"mining.submit","params":["t1Exercise.rig","@j","5f5e1000","@h54.","fd4005@h2688."]}
<{"id":@n,"result":true,"error":null}
)"},
      {"stratum.alephium", "Alephium, where the server speaks first", true, Wrap::line,
       R"(<{"id":null,"method":"mining.set_difficulty","params":[4]}
>{"id":1,"method":"mining.subscribe","params":["miner/3"]}
<{"id":1,"result":"@h16.","error":null}
>{"id":2,"method":"mining.authorize","params":["exercise.rig",""]}
<{"id":2,"result":true,"error":null}
<{"id":null,"method":"mining.set_extranonce","params":["00ff"]}
)",
       R"(<{"id":null,"method":"mining.notify","params":[{"jobId":"@j","fromGroup":0,"toGroup":1,"headerBlob":"@h120.","txsBlob":"@h80.","targetBlob":"00ff@h20."}]}
>{"id":@n,"method":"mining.submit","params":{"jobId":"@j","fromGroup":0,"toGroup":1,"nonce":"@h48.","worker":"exercise.rig"}}
<{"id":@n,"result":true,"error":null}
)"},
      {"stratum.aeternity", "Aeternity", true, Wrap::line,
       R"(>{"id":1,"method":"mining.subscribe","params":["miner/4",null,"far.example",9999]}
<{"id":1,"result":["@h16.","0a0b"],"error":null}
>{"id":2,"method":"mining.authorize","params":["ak_exercise.rig","x"]}
<{"id":2,"result":true,"error":null}
<{"id":null,"method":"mining.set_target","params":["00ff@h60."]}
)",
       R"(<{"id":null,"method":"mining.notify","params":["@j",5,"@h64.",true]}
>{"id":@n,"method":"mining.submit","params":["ak_exercise.rig","@j","0a0b@h12.",["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17","18","19","20","21","22","23","24","25","26","27","28","29","30","31","32","33","34","35","36","37","38","39","40","41","42"]]}
<{"id":@n,"result":true,"error":null}
)"},
      {"ethereumstratum.2", "EthereumStratum/2.0.0", true, Wrap::line,
       R"(>{"id":0,"method":"mining.hello","params":{"agent":"miner/2","host":"far.example","port":"d05","proto":"EthereumStratum/2.0.0"}}
<{"id":0,"result":{"proto":"EthereumStratum/2.0.0","encoding":"plain","resume":"1","timeout":"b4","maxerrors":"5","node":"n"}}
>{"id":1,"method":"mining.subscribe"}
<{"id":1,"result":"s-@h6."}
>{"id":2,"method":"mining.authorize","params":["0x@h40..rig","x"]}
<{"id":2,"result":"w-123"}
<{"method":"mining.set","params":{"epoch":"dc","target":"0112e0be826d694b2e62d01511f12a6061fbaec8bc02357593e70e52ba","algo":"ethash","extranonce":"af4c"}}
)",
       R"(<{"method":"mining.notify","params":["@j","6526d5","@h64.","0"]}
>{"id":@n,"method":"mining.submit","params":["@j","@h12.","w-123"]}
<{"id":@n,"result":true}
)"},
  };
  return kTalks;
}

}  // namespace davy::drill
