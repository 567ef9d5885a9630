#include "core/vision/decode/exiv2_setup.h"

#include <exiv2/exiv2.hpp>
#include <mutex>

namespace lookalike {
namespace {

void lock_or_unlock(void* mutex, bool lock) {
  auto* const own = static_cast<std::mutex*>(mutex);
  lock ? own->lock() : own->unlock();
}

}  // namespace

void prepare_exiv2() {
  static std::mutex namespaces;
  static const bool kReady = [] {
    Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
    return Exiv2::XmpParser::initialize(lock_or_unlock, &namespaces);
  }();
  static_cast<void>(kReady);
}

}  // namespace lookalike
