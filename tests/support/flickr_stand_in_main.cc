// The Flickr stand-in as a program, for tests of the command and for measurements; ends at SIGINT or SIGTERM.
#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <iostream>
#include <string>

#include "tests/support/flickr_stand_in.h"

int main(int argc, char** argv) {
  lookalike::test::StandInOptions options;
  std::string collection;
  CLI::App app("Speaks Flickr's protocol on 127.0.0.1 over a collection of photos", "flickr_stand_in");
  app.add_option("--manifest", collection, "JSON Lines manifest, or a folder of photos")->required();
  app.add_option("--port", options.port, "0: any that is free")->check(CLI::Range(0, 65535));
  app.add_option("--key", options.key, "the only API key that is accepted");
  app.add_option("--api-delay-ms", options.api_delay_ms, "median of the log-normal delay of API calls");
  app.add_option("--image-delay-ms", options.image_delay_ms, "the same of images");
  app.add_option("--api-delay-sigma", options.api_delay_sigma, "of the logarithm of the delay of API calls")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--image-delay-sigma", options.image_delay_sigma, "the same of images")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--fault-rate", options.fault_rate, "share of requests that fail in some way")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--seed", options.seed, "of delays and faults");
  CLI11_PARSE(app, argc, argv);
  options.collection = collection;

  // Blocked before the server's threads start, so that only sigwait sees them.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  const auto server = lookalike::test::FlickrStandIn::start(options);
  if (!server) {
    std::cerr << "flickr_stand_in: " << server.error().message << '\n';
    return 1;
  }
  std::cout << "listening on " << (*server)->endpoint() << std::endl;
  int signal = 0;
  sigwait(&ends, &signal);
  std::chrono::duration<double, std::milli> waited{};
  for (const lookalike::test::StandInDelay& delay : (*server)->delays())
    waited += delay.delay;
  const lookalike::test::StandInCounts seen = (*server)->counts();
  std::cout << "made " << seen.api_calls << " calls and " << seen.image_calls << " images wait " << waited.count()
            << " ms in all" << std::endl;
  return 0;
}
