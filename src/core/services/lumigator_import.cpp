#include "core/services/lumigator_import.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/seal.hpp"
#include "base/text.hpp"
#include "core/services/gc.hpp"
#include "core/services/import_notes.hpp"
#include "core/services/lumigator_experiments.hpp"
#include "core/services/lumigator_jobs.hpp"
#include "core/services/work_folder.hpp"
#include "store/database_copy.hpp"
#include "store/foreign/lumigator_database.hpp"
#include "store/foreign/mlflow_database.hpp"
#include "store/repositories/dataset_repository.hpp"

#include <array>
#include <filesystem>
#include <system_error>

namespace lumi::services {

namespace {

// Where Lumigator keeps a dataset: empty parts of a path and "." vanish there.
std::string key_of(const store::DatasetRecord& dataset) {
  std::string key = "datasets/" + dataset.id;
  std::string_view rest = dataset.filename;
  while (!rest.empty()) {
    const auto part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    if (!part.empty() && part != ".") {
      key += "/" + std::string(part);
    }
  }
  return key + "/dataset.csv";
}

std::optional<std::string> decrypted(const store::LumigatorSecret& secret, const secrets::UserKey& key) {
  const auto bytes = base64_decode(trim(secret.encrypted));
  auto value = bytes ? open_cbc(key.bytes, *bytes) : std::nullopt;
  if (value && find_invalid_utf8(*value)) {
    wipe(*value);
    return std::nullopt;
  }
  return value;
}

/// One import.
class Import {
public:
  /// DryRun::yes holds for the secrets alone: everything else goes where `with` says.
  Import(const LumigatorImportService::Dependencies& with,
         const LumigatorSource& source,
         const LumigatorImportService::Progress& progress,
         DryRun dry_run)
      : with_(with), source_(source), progress_(progress), dry_run_(dry_run),
        objects_({with.databases, with.objects, with.clock}, source.objects_url), lumigator_(source.database) {
    if (source.mlflow) {
      mlflow_.emplace(*source.mlflow);
    }
  }

  LumigatorImport run() {
    const auto secrets = lumigator_.secrets();
    check_key(secrets);
    bring_datasets();
    LumigatorJobs jobs(with_, objects_, notes_);
    lumigator_.visit_jobs([&](const store::LumigatorJob& job) {
      throw_if_interrupted();
      jobs.bring(job, jobs_);
      count_one();
    });
    if (mlflow_) {
      LumigatorExperiments(with_, objects_, notes_)
          .bring(
              *mlflow_, [&](std::uint64_t) { count_one(); }, experiments_, workflows_);
    }
    bring_secrets(secrets);
    auto warnings = notes_.texts();
    if (lumigator_.unreadable() > 0) {
      warnings.push_back(std::to_string(lumigator_.unreadable()) + " rows without an id or a time are left out");
    }
    return {{datasets_, jobs_, experiments_, workflows_, secrets_}, std::move(warnings)};
  }

private:
  void count_one() {
    throw_if_interrupted();
    progress_(++done_);
  }

  // A key that is not the right one is found before anything is brought over.
  void check_key(const std::vector<store::LumigatorSecret>& secrets) const {
    for (const auto& secret : secrets) {
      auto value = source_.key ? decrypted(secret, *source_.key) : std::string();
      if (!value) {
        throw Error(ErrorCode::credentials,
                    source_.key->origin + " does not hold the key of Lumigator's secret " + quote(secret.name),
                    "it is the value of LUMIGATOR_SECRET_KEY; nothing was imported");
      }
      wipe(*value);
    }
  }

  void bring_datasets() {
    store::DatasetRepository repository(with_.databases.get());
    for (const auto& dataset : lumigator_.datasets()) {
      ++datasets_.found;
      if (repository.find(dataset.id)) {
        ++datasets_.present;
      } else {
        bring_dataset(dataset);
      }
      count_one();
    }
  }

  void bring_dataset(const store::DatasetRecord& dataset) {
    const auto object = objects_.open(key_of(dataset));
    if (!object) {
      ++datasets_.left_out;
      notes_.add("datasets are left out, their file is not among the objects", dataset.id);
      return;
    }
    try {
      const auto kept = with_.datasets.adopt(*object, dataset);
      const auto copy = with_.datasets.open(kept);
      std::array<char, 65536> buffer{};
      while (copy->read(buffer.data(), buffer.size()) > 0) {  // which fails at the end if a byte is another
      }
      ++datasets_.imported;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_input) {
        throw;
      }
      ++datasets_.left_out;
      notes_.add("datasets are left out, their file cannot be read: " + std::string(error.what()), dataset.id);
    }
  }

  void bring_secrets(const std::vector<store::LumigatorSecret>& secrets) {
    for (const auto& secret : secrets) {
      ++secrets_.found;
      if (with_.secrets.has(secret.name)) {
        ++secrets_.present;
      } else if (!source_.key) {
        ++secrets_.left_out;
        notes_.add("secrets are left out, --secret-key-file names no file with their key", secret.name);
      } else {
        bring_secret(secret);
      }
    }
  }

  void bring_secret(const store::LumigatorSecret& secret) {
    SecretInput input;
    input.name = secret.name;
    input.value = decrypted(secret, *source_.key).value_or("");
    input.description = secret.description;
    input.created_at = secret.created_at;
    try {
      if (dry_run_ == DryRun::yes) {
        with_.secrets.check(input);
      } else {
        with_.secrets.set(input);
      }
      ++secrets_.imported;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_input) {
        throw;
      }
      ++secrets_.left_out;
      notes_.add("secrets are left out: " + std::string(error.what()), secret.name);
    }
    wipe(input.value);
  }

  const LumigatorImportService::Dependencies& with_;
  const LumigatorSource& source_;
  const LumigatorImportService::Progress& progress_;
  DryRun dry_run_;
  LumigatorObjects objects_;
  store::LumigatorDatabase lumigator_;
  std::optional<store::MlflowDatabase> mlflow_;
  ImportNotes notes_;
  std::uint64_t done_ = 0;
  ImportCount datasets_{"datasets"};
  ImportCount jobs_{"jobs"};
  ImportCount experiments_{"experiments"};
  ImportCount workflows_{"workflows"};
  ImportCount secrets_{"secrets"};
};

}  // namespace

LumigatorImport LumigatorImportService::run(const LumigatorSource& source, const Progress& progress) {
  return Import(with_, source, progress, DryRun::no).run();
}

LumigatorImport LumigatorImportService::try_out(const LumigatorSource& source, const Progress& progress) {
  const WorkFolder folder(std::filesystem::temp_directory_path(), with_.ids);
  const store::Home home(folder.path());
  if (auto* database = with_.databases.find()) {
    store::copy_database(*database, home);
  }
  store::DatabaseProvider databases(home);
  store::ObjectStores objects(store::k_home_storage, home);
  DatasetService datasets({databases, objects, with_.clock, with_.ids});
  const Dependencies trial{databases, objects, datasets, with_.secrets, with_.clock, with_.ids, with_.max_memory};
  // What has been tried out takes no more room.
  const auto forget = [&](std::uint64_t done) {
    std::error_code ignored;
    std::filesystem::remove_all(home.objects_folder(), ignored);
    std::filesystem::remove_all(home.jobs_folder(), ignored);
    progress(done);
  };
  return Import(trial, source, forget, DryRun::yes).run();
}

}  // namespace lumi::services
