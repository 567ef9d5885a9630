#include "cli/batch/result_writer.h"

#include <filesystem>
#include <utility>

#include "cli/console/output_file.h"
#include "cli/output/formats.h"
#include "core/base/text/text.h"

namespace lookalike {

ResultWriter::ResultWriter(const SearchCommandOptions& options, const Terminal& out, bool several, JsonLinesFile* file)
    : options_(options),
      out_(out),
      several_(several),
      file_(file),
      format_(options.format.value_or(out.is_terminal && options.output.empty() ? OutputFormat::table
                                                                                : OutputFormat::urls)) {}

std::string ResultWriter::rendered(const SearchReport& report) const {
  std::string text;
  switch (format_) {
    case OutputFormat::urls:
      for (const FoundPhoto& found : report.outcome.photos) {
        // With several queries a line says whose it is; a file name may hold a newline, a line may not.
        if (several_) text += terminal_safe(report.query.source) + "\t";
        text += terminal_safe(found.photo.page_url) + "\n";
      }
      return text;
    case OutputFormat::table: return table_document(report, out_);
    case OutputFormat::json: return json_document(report, JsonStyle::pretty);
    case OutputFormat::jsonl: return json_document(report, JsonStyle::line);
    case OutputFormat::html: return "";
  }
  return text;
}

std::string ResultWriter::document(const std::string& source, const Searched& searched) const {
  if (searched.report) return rendered(*searched.report);
  const FailedQuery failure{source, *searched.error, searched.sha256};
  if (format_ == OutputFormat::json) return json_document(failure, JsonStyle::pretty);
  return format_ == OutputFormat::jsonl ? json_document(failure, JsonStyle::line) : "";
}

Status ResultWriter::write(const std::string& source, Searched searched) {
  std::string text = document(source, searched);
  if (format_ == OutputFormat::html && searched.report) reports_.push_back(std::move(*searched.report));
  if (file_ != nullptr) {
    if (status_.ok()) status_ = file_->append(text);
    return status_;
  }
  if (format_ == OutputFormat::jsonl) text += "\n";
  if (format_ == OutputFormat::json && several_) text = (std::exchange(first_document_, false) ? "[\n" : ",\n") + text;
  append(text);
  return status_;
}

// To a file all at once at the end; to standard output as it comes, so that nothing is lost with the process.
void ResultWriter::append(std::string_view text) {
  if (!options_.output.empty())
    buffered_ += text;
  else if (status_.ok())
    status_ = write_standard_output(text, &closed_);
}

// The first page comes last, so that its links lead somewhere.
Status ResultWriter::write_pages(std::stop_token stop) {
  const std::filesystem::path first(options_.output);
  const auto files = html_files(reports_, first.filename().string());
  buffered_ = files.front().page;
  for (size_t i = 1; i < files.size(); ++i) {
    const Status written = write_output_file((first.parent_path() / files[i].name).string(), files[i].page, stop);
    if (!written.ok()) return written;
  }
  return write_output_file(options_.output, buffered_, stop);
}

Status ResultWriter::finish(std::stop_token stop) {
  if (file_ != nullptr) return status_.ok() ? file_->sync() : status_;
  const bool pages = format_ == OutputFormat::html && !options_.output.empty() && is_plain_file(options_.output);
  if (format_ == OutputFormat::html && !pages) append(html_page(reports_));
  if (format_ == OutputFormat::json && several_) append(first_document_ ? "[]\n" : "\n]\n");
  if (format_ == OutputFormat::json && !several_) append("\n");
  if (options_.output.empty()) return status_;
  const Status written = pages ? write_pages(stop) : write_output_file(options_.output, buffered_, stop);
  if (written.ok()) return written;
  (void)write_standard_output(buffered_);  // what was found is not lost with the file
  return written;
}

}  // namespace lookalike
