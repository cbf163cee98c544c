#include "core/tabular/row_reader.hpp"

#include "core/tabular/csv_reader.hpp"
#include "core/tabular/json_array_reader.hpp"
#include "core/tabular/jsonl_reader.hpp"

namespace lumi::tabular {

std::unique_ptr<RowReader>
open_rows(ByteSource& source, Format format, const ReadOptions& options, ProblemSink* problems) {
  switch (format) {
  case Format::tsv:
    return std::make_unique<CsvReader>(source, '\t', options, problems);
  case Format::jsonl:
    return std::make_unique<JsonlReader>(source, options, problems);
  case Format::json:
    return std::make_unique<JsonArrayReader>(source, options, problems);
  default:
    return std::make_unique<CsvReader>(source, ',', options, problems);
  }
}

}  // namespace lumi::tabular
