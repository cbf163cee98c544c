#include "core/services/sample_table.hpp"

#include "base/interrupt.hpp"
#include "base/json_writer.hpp"
#include "core/evaluation/results_reader.hpp"
#include "store/files/verified_source.hpp"
#include "store/repositories/job_repository.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lumi::services {

namespace {

using store::sql::Cell;
using store::sql::Lookup;
using store::sql::Type;

enum SampleColumn : std::size_t { k_job_id, k_row, k_status, k_prediction, k_ground_truth, k_scores };

constexpr auto k_columns = std::to_array<store::sql::Column>({
    {"job_id", Type::text, "The job", Lookup::indexed},
    {"row", Type::integer, "The row of the dataset, from 1"},
    {"status", Type::text, "`ok`, `empty`, `truncated`, `refused` or `error`"},
    {"prediction", Type::text, "What the model answered"},
    {"ground_truth", Type::text, "What it should have answered; of an inference the dataset's, if it has one"},
    {"scores", Type::text, "A JSON object, as in `{\"rouge1\":0.5,\"rougeL\":0.4}`"},
});

constexpr store::sql::TableDescription k_description{"samples",
                                                     "One row for each sample of a finished job, read from its "
                                                     "results: name the job with `job_id = '…'`, or all results "
                                                     "there are will be read.",
                                                     k_columns};

/// The samples of one job.
class JobSamples {
public:
  JobSamples(evaluation::ResultsReader::Open open,
             const store::JobRecord& job,
             std::uint64_t max_memory,
             evaluation::WithTexts texts)
      : job_id(job.id), results_(std::move(open), *job.result_key, max_memory), samples_(results_.samples(texts)),
        labels_(evaluation::score_labels(results_.outcome())) {}

  bool next() {
    sample = samples_.next();
    return sample.has_value();
  }

  std::string scores_json() const {
    TextSink sink;
    JsonWriter json(sink);
    json.begin_object();
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      json.key(labels_[i].name);
      evaluation::write_score(json, *labels_[i].field, sample->scores[i]);
    }
    json.end_object();
    return sink.text();
  }

  std::string job_id;
  std::optional<evaluation::SampleRow> sample;

private:
  evaluation::ResultsReader results_;
  evaluation::SampleStream samples_;
  std::vector<evaluation::ScoreLabel> labels_;
};

class SampleCursor final : public store::sql::Cursor {
public:
  SampleCursor(std::vector<store::JobRecord> jobs,
               store::ObjectStores& objects,
               std::uint64_t max_memory,
               evaluation::WithTexts texts)
      : jobs_(std::move(jobs)), objects_(objects), max_memory_(max_memory), texts_(texts) {}

  bool next() override {
    while (!present_ || !present_->next()) {
      present_.reset();
      if (next_job_ == jobs_.size()) {
        return false;
      }
      throw_if_interrupted();
      open(jobs_[next_job_++]);
    }
    return true;
  }

  Cell cell(std::size_t column) override {
    const auto& sample = *present_->sample;
    switch (column) {
    case k_job_id:
      return std::string_view(present_->job_id);
    case k_row:
      return static_cast<std::int64_t>(sample.number);
    case k_status:
      return evaluation::to_text(sample.status);
    case k_prediction:
      return sample.prediction;
    case k_ground_truth:
      return sample.ground_truth ? Cell(*sample.ground_truth) : Cell();
    default:
      scores_json_ = present_->scores_json();
      return std::string_view(scores_json_);
    }
  }

private:
  void open(const store::JobRecord& job) {
    auto source = [this, job] {
      return store::open_referenced(objects_.at(*job.storage_url), *job.result_key, job.result_sha256.value_or(""));
    };
    present_ = std::make_unique<JobSamples>(std::move(source), job, max_memory_, texts_);
  }

  std::vector<store::JobRecord> jobs_;
  store::ObjectStores& objects_;
  std::uint64_t max_memory_;
  evaluation::WithTexts texts_;
  std::size_t next_job_ = 0;
  std::unique_ptr<JobSamples> present_;  ///< in one place, since its stream refers to its reader
  std::string scores_json_;
};

class SampleTable final : public store::sql::Table {
public:
  SampleTable(store::Database* database, store::ObjectStores& objects, std::uint64_t max_memory)
      : database_(database), objects_(objects), max_memory_(max_memory) {}

  const store::sql::TableDescription& description() const override { return k_description; }

  std::unique_ptr<store::sql::Cursor> open(const store::sql::Request& request) override {
    const bool has_texts = request.wants(k_prediction) || request.wants(k_ground_truth);
    return std::make_unique<SampleCursor>(
        jobs_of(request), objects_, max_memory_, has_texts ? evaluation::WithTexts::yes : evaluation::WithTexts::no);
  }

private:
  std::vector<store::JobRecord> jobs_of(const store::sql::Request& request) const {
    std::vector<store::JobRecord> jobs;
    if (database_ == nullptr) {
      return jobs;
    }
    store::JobRepository rows(*database_);
    if (request.filters.empty()) {
      jobs = rows.list({}, {0, 0}).items;
    } else if (auto job = rows.find(request.filters.front().value)) {
      jobs.push_back(std::move(*job));
    }
    std::erase_if(jobs, [](const store::JobRecord& job) { return !job.result_key || !job.storage_url; });
    return jobs;
  }

  store::Database* database_;
  store::ObjectStores& objects_;
  std::uint64_t max_memory_;
};

}  // namespace

const store::sql::TableDescription& sample_table_description() { return k_description; }

std::shared_ptr<store::sql::Table>
sample_table(store::Database* database, store::ObjectStores& objects, std::uint64_t max_memory) {
  return std::make_shared<SampleTable>(database, objects, max_memory);
}

}  // namespace lumi::services
