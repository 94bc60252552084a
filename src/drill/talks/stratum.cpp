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
