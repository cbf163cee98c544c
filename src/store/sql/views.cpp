#include "store/sql/views.hpp"

#include "embedded/views.hpp"
#include "store/query.hpp"

#include <SQLiteCpp/Database.h>

#include <array>
#include <exception>
#include <map>
#include <string>
#include <utility>

namespace lumi::store::sql {

namespace {

constexpr auto k_dataset_columns = std::to_array<Column>({
    {"id", Type::text, "UUID", Lookup::indexed},
    {"filename", Type::text, "Its name when it was uploaded"},
    {"format", Type::text, "`job`"},
    {"rows", Type::integer, "How many rows it has"},
    {"columns", Type::text, "The names of its columns, a JSON array"},
    {"size", Type::integer, "Bytes of the file that was uploaded"},
    {"sha256", Type::text, "Of the file that was uploaded"},
    {"ground_truth", Type::integer, "1 if every row has a ground truth"},
    {"generated", Type::integer, "1 if a model wrote its ground truth or predictions"},
    {"generated_by", Type::text, "That model"},
    {"run_id", Type::text, "The job that made it, which may be gone", Lookup::indexed},
    {"created_at", Type::time, "When it was made"},
});

constexpr auto k_experiment_columns = std::to_array<Column>({
    {"id", Type::text, "32 hexadecimal digits", Lookup::indexed},
    {"name", Type::text, "Unique"},
    {"description", Type::text, "What the user says of it"},
    {"dataset_id", Type::text, "Its dataset, which may be gone", Lookup::indexed},
    {"task", Type::text, "`summarization`, `translation` or `text-generation`"},
    {"max_samples", Type::integer, "How many rows are asked about; -1: all"},
    {"created_at", Type::time, "When it was made"},
    {"updated_at", Type::time, "When it was last changed"},
});

constexpr auto k_workflow_columns = std::to_array<Column>({
    {"id", Type::text, "32 hexadecimal digits", Lookup::indexed},
    {"experiment_id", Type::text, "The experiment it belongs to", Lookup::indexed},
    {"name", Type::text, "What the user calls it"},
    {"description", Type::text, "What the user says of it"},
    {"status", Type::text, "`created`, `running`, `succeeded` or `failed`"},
    {"reason", Type::text, "Why it failed; `stopped` where someone stopped it"},
    {"model", Type::text, "The model that is asked"},
    {"provider", Type::text, "Who serves the model"},
    {"attempt", Type::integer, "1, and one more for each resume"},
    {"created_at", Type::time, "When it was made"},
    {"updated_at", Type::time, "When its row was last changed"},
    {"start_time", Type::time, "When its last attempt began"},
    {"end_time", Type::time, "When it ended"},
    {"seconds", Type::real, "From start to end"},
});

constexpr auto k_job_columns = std::to_array<Column>({
    {"id", Type::text, "UUID", Lookup::indexed},
    {"name", Type::text, "What the user calls it"},
    {"description", Type::text, "What the user says of it"},
    {"job_type", Type::text, "`inference`, `annotate` or `evaluator`"},
    {"status", Type::text, "`created`, `pending`, `running`, `succeeded`, `failed` or `stopped`"},
    {"experiment_id", Type::text, "The experiment it belongs to, if any", Lookup::indexed},
    {"workflow_id", Type::text, "The workflow it belongs to, if any", Lookup::indexed},
    {"dataset_id", Type::text, "The dataset it reads, which may be gone"},
    {"model", Type::text, "The model that is asked; none for an evaluation"},
    {"provider", Type::text, "Who serves the model"},
    {"samples", Type::integer, "How many samples its results have"},
    {"coverage", Type::real, "The share of samples with a prediction, 0 to 1"},
    {"cost", Type::real, "USD, where the price of the model is known"},
    {"message", Type::text, "Why it failed"},
    {"error_type", Type::text, "The kind of error, as `--json` calls it"},
    {"driver_exit_code", Type::integer, "The exit code of its process"},
    {"attempt", Type::integer, "1, and one more for each resume"},
    {"created_at", Type::time, "When it was made"},
    {"updated_at", Type::time, "When its row was last changed"},
    {"start_time", Type::time, "When its last attempt began"},
    {"end_time", Type::time, "When it ended"},
    {"seconds", Type::real, "From start to end"},
});

constexpr auto k_metric_columns = std::to_array<Column>({
    {"job_id", Type::text, "The job", Lookup::indexed},
    {"metric", Type::text, "The metric, such as `rouge`; for averages of an inference the job's type"},
    {"score", Type::text, "The score, such as `rougeL`, or the average, such as `avg_total_tokens`"},
    {"value", Type::real, "Its mean over all samples"},
    {"signature", Type::text, "How the metric was computed: only equal ones can be compared"},
});

constexpr auto k_baseline_columns = std::to_array<Column>({
    {"name", Type::text, "What `lumi compare` and `lumi run --baseline` know it by; unique"},
    {"job_id", Type::text, "The evaluation that has the name", Lookup::indexed},
    {"created_at", Type::time, "When it was given the name"},
});

constexpr auto k_descriptions = std::to_array<TableDescription>({
    {"datasets", "One row for each dataset.", k_dataset_columns},
    {"experiments", "One row for each experiment.", k_experiment_columns},
    {"workflows", "One row for each workflow.", k_workflow_columns},
    {"jobs", "One row for each job.", k_job_columns},
    {"metrics", "One row for each mean score of a finished job.", k_metric_columns},
    {"baselines", "One row for each name of an evaluation ('lumi baseline set').", k_baseline_columns},
});

std::string select_of(std::string_view view) {
  for (const auto& file : k_views) {
    if (file.name == std::string(view) + ".sql") {
      return std::string(file.text);
    }
  }
  return {};  // a unit test reads every view
}

/// RFC 3339 that sorts as a text: always with microseconds.
std::string sortable_time(Timestamp time) {
  auto text = to_rfc3339(time);
  if (text.find('.') == std::string::npos) {
    text.insert(text.size() - 1, ".000000");
  }
  return text;
}

/// While it lives, what is read is all of one moment.
class Snapshot {
public:
  explicit Snapshot(Database& database) : database_(database) { Query(database, "BEGIN").run(); }
  ~Snapshot() { database_.connection().tryExec("ROLLBACK"); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

private:
  Database& database_;
};

class NoRows final : public Cursor {
public:
  bool next() override { return false; }
  Cell cell(std::size_t /*column*/) override { return {}; }
};

/// Statements that were prepared and are not in use, by their text: a join looks rows up one by one.
using Statements = std::multimap<std::string, std::unique_ptr<Query>>;

class ViewCursor final : public Cursor {
public:
  ViewCursor(Database& database, const TableDescription& view, const Request& request, Statements& idle)
      : view_(view), idle_(idle), statement_(statement(view, request)), texts_(view.columns.size()) {
    if (auto known = idle_.extract(statement_)) {
      query_ = std::move(known.mapped());
    } else {
      query_ = std::make_unique<Query>(database, statement_);
    }
    for (const auto& filter : request.filters) {
      query_->bind(filter.value);
    }
  }
  ~ViewCursor() override {
    try {
      query_->reset();
      idle_.emplace(std::move(statement_), std::move(query_));
    } catch (const std::exception&) {  // then the next one prepares its own
    }
  }
  ViewCursor(const ViewCursor&) = delete;
  ViewCursor& operator=(const ViewCursor&) = delete;

  bool next() override { return query_->next(); }

  Cell cell(std::size_t column) override {
    const auto type = view_.columns[column].type;
    query_->go_to(static_cast<int>(column));
    if (type == Type::real) {
      return or_null(query_->maybe_real());
    }
    if (type == Type::integer) {
      return or_null(query_->maybe_integer());
    }
    const auto time = type == Type::time ? query_->maybe_time() : std::nullopt;
    auto text = type == Type::time ? (time ? std::optional(sortable_time(*time)) : std::nullopt) : query_->maybe_text();
    if (!text) {
      return {};
    }
    texts_[column] = std::move(*text);
    return std::string_view(texts_[column]);
  }

private:
  template <class Value>
  static Cell or_null(const std::optional<Value>& value) {
    return value ? Cell(*value) : Cell();
  }

  static std::string statement(const TableDescription& view, const Request& request) {
    std::string sql = "SELECT ";
    for (std::size_t i = 0; i < view.columns.size(); ++i) {
      sql += (i == 0 ? "" : ", ") + (request.wants(i) ? std::string(view.columns[i].name) : "NULL");
    }
    sql += " FROM (" + select_of(view.name) + ")";
    for (const auto& filter : request.filters) {
      sql += (&filter == request.filters.data() ? " WHERE " : " AND ") + std::string(view.columns[filter.column].name) +
             " = ?";
    }
    return sql;
  }

  const TableDescription& view_;
  Statements& idle_;
  std::string statement_;
  std::unique_ptr<Query> query_;
  std::vector<std::string> texts_;  ///< of the present row
};

class ViewTable final : public Table {
public:
  ViewTable(Database* database, std::shared_ptr<Snapshot> snapshot, const TableDescription& view)
      : database_(database), snapshot_(std::move(snapshot)), view_(view) {}

  const TableDescription& description() const override { return view_; }

  std::unique_ptr<Cursor> open(const Request& request) override {
    if (database_ == nullptr) {
      return std::make_unique<NoRows>();
    }
    return std::make_unique<ViewCursor>(*database_, view_, request, idle_);
  }

private:
  Database* database_;
  std::shared_ptr<Snapshot> snapshot_;
  const TableDescription& view_;
  Statements idle_;  ///< gone before the moment ends that they read
};

}  // namespace

std::string_view to_text(Type type) {
  constexpr std::array<std::string_view, 4> k_names{"TEXT", "INTEGER", "REAL", "TIME"};
  return k_names[static_cast<std::size_t>(type)];
}

std::span<const TableDescription> all_views() { return k_descriptions; }

std::vector<std::shared_ptr<Table>> view_tables(Database* database) {
  const auto snapshot = database == nullptr ? nullptr : std::make_shared<Snapshot>(*database);
  std::vector<std::shared_ptr<Table>> tables;
  for (const auto& view : all_views()) {
    tables.push_back(std::make_shared<ViewTable>(database, snapshot, view));
  }
  return tables;
}

}  // namespace lumi::store::sql
