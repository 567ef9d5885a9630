// The stand-ins of services as a program; ends at SIGINT or SIGTERM.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <string>

#include "tests/support/service_stand_in.h"

int main(int argc, char** argv) {
  lookalike::test::ServiceStandInOptions options;
  std::string collection;
  std::string protocol = "openverse";
  CLI::App app("Speaks a photo service's protocol on 127.0.0.1 over a collection of photos", "service_stand_in");
  app.add_option("--manifest", collection, "JSON Lines manifest, or a folder of photos")->required();
  app.add_option("--protocol", protocol, "openverse (default), commons, pixabay, inaturalist or nasa");
  app.add_option("--key", options.key, "Pixabay's key, or Openverse's ID:SECRET");
  app.add_option("--calls-per-minute", options.calls_per_minute, "of Openverse without a token");
  CLI11_PARSE(app, argc, argv);
  options.collection = collection;

  // Blocked before the server's threads start, so that only sigwait sees them.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  const auto server = lookalike::test::ServiceStandIn::start(protocol, options);
  if (!server) {
    std::cerr << "service_stand_in: " << server.error().message << '\n';
    return 1;
  }
  std::cout << "listening on " << (*server)->endpoint() << std::endl;
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}
