#include "core/services/query.hpp"

#include "base/error.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "cli/io/answer_view.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct QueryOptions {
  std::optional<std::string> sql;
  bool schema = false;
};

struct SchemaLine {
  std::string_view table;
  store::sql::Column column;
};

/// The text without the marks that docs/schema.md has.
Value plain(std::string_view text) {
  std::string plain(text);
  std::erase(plain, '`');
  return plain;
}

constexpr std::array<Field<SchemaLine>, 4> k_schema_fields{{
    {"table", "TABLE", Show::column, [](const SchemaLine& line) { return Value(std::string(line.table)); }},
    {"column", "COLUMN", Show::column, [](const SchemaLine& line) { return Value(std::string(line.column.name)); }},
    {"type",
     "TYPE",
     Show::column,
     [](const SchemaLine& line) { return Value(std::string(to_text(line.column.type))); }},
    {"meaning", "MEANING", Show::column, [](const SchemaLine& line) { return plain(line.column.meaning); }},
}};

void bind(OptionSet& set, QueryOptions& options) {
  set.positional("SQL", options.sql, "A SELECT statement of SQLite; - reads it from standard input");
  set.flag("--schema", options.schema, "List the tables and columns that can be asked");
}

void show_schema(Context& context) {
  std::vector<SchemaLine> lines;
  for (const auto& table : services::QueryService::tables()) {
    for (const auto& column : table.columns) {
      lines.push_back({table.name, column});
    }
  }
  show_listing(context.streams(), context.view(), grid_of(k_schema_fields, lines), lines.size(), "");
}

ExitCode run(const QueryOptions& options, Context& context) {
  if (options.schema == options.sql.has_value()) {
    throw Error(ErrorCode::usage,
                options.schema ? "--schema and a statement exclude each other" : "missing SQL",
                "'lumi query --help' has examples");
  }
  if (options.schema) {
    show_schema(context);
    return ExitCode::done;
  }
  services::QueryService::Dependencies with{context.databases(), context.objects(), context.clock()};
  with.max_memory = context.settings().get_size("evaluation.max_memory").value_or(with.max_memory);
  services::QueryService service(with);
  const auto answer = service.run(*options.sql == "-" ? read_all(*context.streams().open_input()) : *options.sql);
  show_answer(context.streams(), context.view(), *answer);
  return ExitCode::done;
}

}  // namespace

Command query_command() {
  return command<QueryOptions>(
      {.path = "query",
       .summary = "Answer a SELECT statement about everything that is kept",
       .description =
           "The tables are datasets, experiments, workflows, jobs, metrics (a row for each mean score), baselines and "
           "samples (a row for each sample of a finished job); --schema lists their columns, docs/schema.md says what "
           "they hold. "
           "It can only read, and nothing but these tables. Times are texts in UTC that sort and compare as they are.",
       .examples =
           {{"models by score",
             "lumi query \"SELECT w.model, m.value FROM metrics m JOIN jobs j ON j.id = m.job_id JOIN workflows w "
             "ON w.id = j.workflow_id WHERE m.score = 'rougeL' ORDER BY m.value DESC\""},
            {"the rows that all jobs found hard",
             "lumi query \"SELECT row, avg(scores ->> 'rougeL') AS mean FROM samples GROUP BY row ORDER BY mean "
             "LIMIT 10\""},
            {"what can be asked", "lumi query --schema"}}},
      bind,
      run);
}

}  // namespace lumi::cli
