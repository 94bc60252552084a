#include "network/live/live_capture.h"

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace davy::network {
namespace {

constexpr unsigned kRingFrameBytes = 2'048;  // of no meaning to this version, but the kernel checks it

constexpr int kFanoutIncomingOnly = 0x4000;  // PACKET_FANOUT_FLAG_IGNORE_OUTGOING, missing in older headers

template <class Option>
Status set_option(int socket, int name, const Option& value, const char* what, const std::string& interface) {
  if (::setsockopt(socket, SOL_PACKET, name, &value, sizeof value) == 0) return {};
  return fail_errno(errno, what, interface);
}

// An interface as the kernel describes it.
struct Link {
  int index = 0;
  bool is_ethernet = true;
  bool is_loopback = false;
};

Result<Link> link_of(const std::string& interface) {
  if (interface.empty()) return fail(ErrorCode::invalid_argument, "the name of a network interface is empty");
  if (interface.size() >= IFNAMSIZ || ::if_nametoindex(interface.c_str()) == 0)
    return fail(ErrorCode::not_found, "there is no such network interface", interface);
  const UniqueFd asking(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!asking) return fail_errno(errno, "cannot ask for the interface", interface);
  ifreq request = {};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  if (::ioctl(asking.get(), SIOCGIFFLAGS, &request) != 0)
    return fail_errno(errno, "cannot ask for the interface", interface);
  if ((request.ifr_flags & IFF_UP) == 0)
    return fail(ErrorCode::unsupported, "the network interface is down: bring it up first", interface);
  if (::ioctl(asking.get(), SIOCGIFHWADDR, &request) != 0)
    return fail_errno(errno, "cannot ask for the kind of interface", interface);
  const int kind = request.ifr_hwaddr.sa_family;
  return Link{.index = static_cast<int>(::if_nametoindex(interface.c_str())),
              .is_ethernet = kind == ARPHRD_ETHER || kind == ARPHRD_LOOPBACK,
              .is_loopback = kind == ARPHRD_LOOPBACK};
}

// No protocol yet, so that nothing arrives before the socket is ready for it.
Result<UniqueFd> open_socket(const Link& link, const std::string& interface) {
  UniqueFd out(::socket(AF_PACKET, (link.is_ethernet ? SOCK_RAW : SOCK_DGRAM) | SOCK_CLOEXEC, 0));
  if (out) return out;
  if (errno == EPERM || errno == EACCES)
    return fail(ErrorCode::permission_denied, "capturing needs root, or the capability CAP_NET_RAW", interface);
  if (errno == EAFNOSUPPORT || errno == EPROTONOSUPPORT || errno == ESOCKTNOSUPPORT)
    return fail(ErrorCode::unsupported, "this kernel has no packet sockets", interface);
  return fail_errno(errno, "cannot open a packet socket", interface);
}

Status refuse_packets(int socket, const std::string& interface) {
  sock_filter nothing[] = {{.code = BPF_RET | BPF_K, .jt = 0, .jf = 0, .k = 0}};
  const sock_fprog program = {.len = 1, .filter = nothing};
  if (::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0) return {};
  return fail_errno(errno, "cannot close the socket to packets", interface);
}

Status bind_to(int socket, const Link& link, const std::string& interface) {
  sockaddr_ll address = {};
  address.sll_family = AF_PACKET;
  address.sll_protocol = __builtin_bswap16(ETH_P_ALL);
  address.sll_ifindex = link.index;
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return {};
  return fail_errno(errno, "cannot listen on the interface", interface);
}

Status hear_everything(int socket, const Link& link, const std::string& interface) {
  packet_mreq request = {};
  request.mr_ifindex = link.index;
  request.mr_type = PACKET_MR_PROMISC;
  return set_option(socket, PACKET_ADD_MEMBERSHIP, request, "cannot hear all frames of the interface", interface);
}

// Deals packets out by a hash that is the same for both directions; fragments are put together before. What goes out
// over loopback comes in again: kernels before 5.9 cannot leave it out here.
Status join(int socket, int group, const Link& link, const std::string& interface) {
  const int new_group = group < 0 ? PACKET_FANOUT_FLAG_UNIQUEID : 0;
  const int how = (PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_DEFRAG | new_group) << 16 | (group < 0 ? 0 : group);
  const int incoming_only = how | kFanoutIncomingOnly << 16;
  if (link.is_loopback && ::setsockopt(socket, SOL_PACKET, PACKET_FANOUT, &incoming_only, sizeof incoming_only) == 0)
    return {};
  return set_option(socket, PACKET_FANOUT, how, "cannot share the interface between rings", interface);
}

Result<int> group_of(int socket, const std::string& interface) {
  int value = 0;
  socklen_t size = sizeof value;
  if (::getsockopt(socket, SOL_PACKET, PACKET_FANOUT, &value, &size) != 0)
    return fail_errno(errno, "cannot share the interface between rings", interface);
  return value & 0xffff;
}

tpacket_block_desc* described(std::uint8_t* block) { return reinterpret_cast<tpacket_block_desc*>(block); }

}  // namespace

PacketRing::PacketRing(PacketRing&& other) noexcept
    : interface_(std::move(other.interface_)),
      socket_(std::move(other.socket_)),
      has_link_layer_(other.has_link_layer_),
      skip_outgoing_(other.skip_outgoing_),
      memory_(std::exchange(other.memory_, nullptr)),
      blocks_(other.blocks_),
      index_(other.index_),
      left_(other.left_),
      next_(other.next_),
      frames_(other.frames_),
      counts_(other.counts_) {}

PacketRing::~PacketRing() {
  if (memory_ != nullptr) ::munmap(memory_, blocks_ * kRingBlockBytes);
}

Status PacketRing::map(std::size_t ring_bytes) {
  const int version = TPACKET_V3;
  TRY(set_option(socket_.get(), PACKET_VERSION, version, "this kernel has no packet rings", interface_));
  blocks_ = std::max<std::size_t>(ring_bytes / kRingBlockBytes, 2);
  tpacket_req3 ring = {};
  ring.tp_block_size = kRingBlockBytes;
  ring.tp_block_nr = static_cast<unsigned>(blocks_);
  ring.tp_frame_size = kRingFrameBytes;
  ring.tp_frame_nr = static_cast<unsigned>(blocks_ * (kRingBlockBytes / kRingFrameBytes));
  ring.tp_retire_blk_tov = static_cast<unsigned>(kRingBlockTimeout.count());
  TRY(set_option(socket_.get(), PACKET_RX_RING, ring, "cannot make a ring for packets", interface_));
  const std::size_t bytes = blocks_ * kRingBlockBytes;
  void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, socket_.get(), 0);
  if (at == MAP_FAILED) return fail_errno(errno, "cannot map the ring for packets", interface_);
  memory_ = static_cast<std::uint8_t*>(at);
  if (::madvise(at, bytes, MADV_DONTFORK) != 0)
    return fail_errno(errno, "cannot keep the ring to this process", interface_);
  return {};
}

Result<PacketRing> PacketRing::open_one(const std::string& interface, const RingOptions& options, int* group) {
  const Link link = TRY(link_of(interface));
  PacketRing out(interface, TRY(open_socket(link, interface)));
  const int socket = out.descriptor();
  out.has_link_layer_ = link.is_ethernet;
  TRY(out.map(options.ring_bytes));
  TRY(refuse_packets(socket, interface));
  out.skip_outgoing_ = link.is_loopback;
  const int yes = 1;  // spares the ring what is skipped; kernels before 4.20 cannot
  if (link.is_loopback) (void)::setsockopt(socket, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes);
  TRY(bind_to(socket, link, interface));
  if (options.promiscuous && !link.is_loopback) TRY(hear_everything(socket, link, interface));
  if (group == nullptr) return out;
  TRY(join(socket, *group, link, interface));
  if (*group < 0) *group = TRY(group_of(socket, interface));
  return out;
}

Result<std::vector<PacketRing>> PacketRing::open(const std::string& interface, const RingOptions& options,
                                                 std::size_t how_many) {
  std::vector<PacketRing> out;
  out.reserve(how_many);
  int group = -1;
  while (out.size() < how_many) out.push_back(TRY(open_one(interface, options, how_many > 1 ? &group : nullptr)));
  return out;
}

Status PacketRing::begin() {
  counts();  // what was refused so far does not count
  counts_ = {};
  const int unused = 0;
  if (::setsockopt(descriptor(), SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused) == 0) return {};
  return fail_errno(errno, "cannot open the socket to packets", interface_);
}

Status PacketRing::end() { return refuse_packets(descriptor(), interface_); }

bool PacketRing::has_frames() const {
  if (left_ > 0) return true;
  const std::uint32_t* status = &described(block())->hdr.bh1.block_status;
  return (__atomic_load_n(status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) != 0;
}

LiveFrame PacketRing::frame_at(const std::uint8_t* header) const {
  const auto* packet = reinterpret_cast<const tpacket3_hdr*>(header);
  LiveFrame out{.at = {std::int64_t{packet->tp_sec} * 1'000'000'000 + packet->tp_nsec},
                .original_bytes = packet->tp_len,
                .bytes = ByteView(header + packet->tp_mac, packet->tp_snaplen)};
  if ((packet->tp_status & TP_STATUS_VLAN_VALID) != 0) {
    out.tag = VlanTag{.control = static_cast<std::uint16_t>(packet->hv1.tp_vlan_tci)};
    if ((packet->tp_status & TP_STATUS_VLAN_TPID_VALID) != 0) out.tag->protocol = packet->hv1.tp_vlan_tpid;
  }
  if (has_link_layer_) return out;
  const auto* address = reinterpret_cast<const sockaddr_ll*>(header + TPACKET_ALIGN(sizeof(tpacket3_hdr)));
  out.ether_type = __builtin_bswap16(address->sll_protocol);
  return out;
}

void PacketRing::release() {
  next_ = nullptr;
  __atomic_store_n(&described(block())->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
  index_ = (index_ + 1) % blocks_;
}

std::size_t PacketRing::take(std::span<std::uint8_t> into) {
  std::size_t used = 0;
  while (has_frames()) {
    if (next_ == nullptr) {
      left_ = described(block())->hdr.bh1.num_pkts;
      next_ = block() + described(block())->hdr.bh1.offset_to_first_pkt;
    }
    for (; left_ > 0; --left_) {
      const auto* packet = reinterpret_cast<const tpacket3_hdr*>(next_);
      const auto* address = reinterpret_cast<const sockaddr_ll*>(next_ + TPACKET_ALIGN(sizeof(tpacket3_hdr)));
      if (!skip_outgoing_ || address->sll_pkttype != PACKET_OUTGOING) {
        const std::size_t put = put_frame_record(frame_at(next_), into.subspan(used));
        if (put == 0) return used;
        used += put, ++frames_;
      }
      next_ += packet->tp_next_offset;
    }
    release();
  }
  return used;
}

bool PacketRing::lost_interface() {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(descriptor(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == ENETDOWN;
}

// The kernel's counters begin again with each reading.
RingCounts PacketRing::counts() {
  tpacket_stats_v3 since = {};
  socklen_t size = sizeof since;
  if (::getsockopt(descriptor(), SOL_PACKET, PACKET_STATISTICS, &since, &size) == 0)
    counts_.packets += since.tp_packets, counts_.dropped += since.tp_drops;
  return counts_;
}

}  // namespace davy::network
