// Brings results to where they belong, in the format that was asked for: to standard output as they come, to a file of
// JSON Lines as they come, to any other file all at once at the end.
// Threads: one at a time.
// Tested by tests/cli/batch/result_writer_test.cc, command_search_test.cc and command_batch_test.cc
#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cli/batch/json_lines_file.h"
#include "cli/console/terminal.h"
#include "cli/options/options.h"
#include "cli/output/report.h"
#include "cli/query/image_search.h"
#include "core/base/result.h"

namespace lookalike {

class ResultWriter {
 public:
  // `several`: there may be more than one document. `file`: lines go there; null: as --output says.
  ResultWriter(const SearchCommandOptions& options, const Terminal& out, bool several, JsonLinesFile* file = nullptr);

  OutputFormat format() const { return format_; }
  // Errors: usage (cannot be written), which finish() says again.
  Status write(const std::string& source, Searched searched);
  // The reader of standard output has gone away: nobody wants the rest.
  bool closed() const { return closed_; }
  // The end of the document, and the file. What cannot be written to the file goes to standard output. `stop` ends the
  // wait for somebody to read a FIFO.
  Status finish(std::stop_token stop = {});

 private:
  std::string document(const std::string& source, const Searched& searched) const;
  std::string rendered(const SearchReport& report) const;
  void append(std::string_view text);
  Status write_pages(std::stop_token stop);

  const SearchCommandOptions& options_;
  Terminal out_;
  bool several_;
  JsonLinesFile* file_;
  OutputFormat format_;
  std::string buffered_;               // for --output
  std::vector<SearchReport> reports_;  // for html
  bool first_document_ = true;
  bool closed_ = false;
  Status status_;
};

}  // namespace lookalike
