#include "core/schemas/run.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "base/text_file.hpp"
#include "core/chat/chat_request.hpp"
#include "core/evaluation/conditions.hpp"
#include "core/report/report.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace lumi::schemas {

namespace {

constexpr std::array<std::string_view, 13> k_controls = {"concurrency",
                                                         "rpm",
                                                         "tpm",
                                                         "request_timeout",
                                                         "max_retries",
                                                         "timeout",
                                                         "max_cost",
                                                         "max_total_tokens",
                                                         "cache",
                                                         "record",
                                                         "replay",
                                                         "stream",
                                                         "fail_fast"};

bool is_path(std::string_view control) { return control == "record" || control == "replay"; }

/// Reads the parts of a spec; every call names what it reads by its key.
class SpecReader {
public:
  explicit SpecReader(const SpecPlace& place) : place_(place) {}

  Run read(BodyReader body) const {
    Run run;
    run.name = body.text("name").value_or("");
    run.description = body.text("description").value_or("");
    read_rows(body, run);
    run.asking = read_asking(body);
    run.models = read_models(body);
    read_scoring(body, run);
    read_reports(body, run);
    read_prices(body, run);
    body.finish();
    return run;
  }

private:
  // The file that a relative path names, which must not be somewhere else.
  std::filesystem::path file_at(const BodyReader& body, const std::string& key, const std::string& text) const {
    const auto wanted = std::filesystem::weakly_canonical(place_.folder / text);
    const auto is_below = [&](const std::filesystem::path& folder) {
      const auto top = std::filesystem::weakly_canonical(folder);
      return std::mismatch(top.begin(), top.end(), wanted.begin(), wanted.end()).first == top.end();
    };
    if (!is_below(place_.folder) &&
        std::none_of(place_.allowed_folders.begin(), place_.allowed_folders.end(), is_below)) {
      body.refuse(key,
                  quote(text) + " leads out of the folder of the spec",
                  "--allow-path DIR lets it read and write there too");
    }
    return (place_.folder / text).lexically_normal();
  }

  std::optional<std::string> text_or_file(BodyReader& body, const std::string& key, const std::string& file_key) const {
    auto text = body.text(key);
    const auto file = body.text(file_key);
    if (text && file) {
      body.refuse(file_key, "and " + key + " are both given", "give one of them");
    }
    return file ? std::optional(read_text_file(file_at(body, file_key, *file))) : std::move(text);
  }

  void read_rows(BodyReader& body, Run& run) const {
    run.dataset = body.text("dataset").value_or("");
    if (!run.dataset.empty() && !looks_like_id(run.dataset)) {
      run.dataset = file_at(body, "dataset", run.dataset).string();
      run.dataset.insert(0, run.dataset.find('/') == std::string::npos ? "./" : "");
    }
    if (auto columns = body.object("columns")) {
      for (const auto& name : columns->keys()) {
        run.columns.emplace_back(name, columns->text(name).value_or(""));
      }
    }
    if (body.is_text("task")) {
      run.task.task = *body.text("task");
      if (std::find(known_tasks().begin(), known_tasks().end(), run.task.task) == known_tasks().end()) {
        body.refuse("task", "is the unknown task " + quote(run.task.task), did_you_mean(run.task.task, known_tasks()));
      }
    } else if (auto task = body.object("task")) {
      run.task = read_task_definition(std::move(*task));
    }
    run.max_samples = body.integer("max_samples").value_or(run.max_samples);
    run.sample_seed = body.integer("sample_seed");
  }

  static void read_generation(BodyReader& body, Asking& asking) {
    auto generation = body.object("generation_config");
    if (!generation) {
      return;
    }
    asking.max_new_tokens = generation->integer("max_new_tokens");
    asking.frequency_penalty = generation->real("frequency_penalty");
    asking.temperature = generation->real("temperature");
    asking.top_p = generation->real("top_p");
    const GenerationConfig usual;
    try {
      check_generation_config({asking.max_new_tokens.value_or(usual.max_new_tokens),
                               asking.frequency_penalty.value_or(usual.frequency_penalty),
                               asking.temperature.value_or(usual.temperature),
                               asking.top_p.value_or(usual.top_p)});
    } catch (const Error& error) {
      generation->refuse({}, "cannot be: " + std::string(error.what()));
    }
    generation->finish();
  }

  static void read_request_parts(BodyReader& body, Asking& asking) {
    if (auto parameters = body.object("param")) {
      for (const auto& name : parameters->keys()) {
        const auto json = parameters->json(name).value_or("null");
        parameters_checked(*parameters, name, [&] { chat::parse_parameter(join({name, json}, "=")); });
        asking.parameters.emplace_back(name, json);
      }
    }
    if (auto headers = body.object("header")) {
      for (const auto& name : headers->keys()) {
        const auto value = headers->text(name).value_or("");
        parameters_checked(*headers, name, [&] { chat::parse_header(join({name, value}, ": ")); });
        asking.headers.emplace_back(name, value);
      }
    }
  }

  template <class Check>
  static void parameters_checked(const BodyReader& body, const std::string& name, Check check) {
    try {
      check();
    } catch (const Error& error) {
      body.refuse(name, "cannot be sent: " + std::string(error.what()), error.hint());
    }
  }

  Asking read_asking(BodyReader& body) const {
    Asking asking;
    asking.provider = body.text("provider");
    asking.base_url = body.text("base_url");
    asking.secret_key_name = body.text("secret_key_name");
    asking.system_prompt = text_or_file(body, "system_prompt", "system_prompt_file");
    asking.prompt_template = text_or_file(body, "prompt_template", "prompt_template_file");
    asking.output_field = body.text("inference_output_field");
    asking.batch_size = body.integer("batch_size");
    asking.job_timeout_sec = body.integer("job_timeout_sec");
    asking.seed = body.integer("seed");
    read_generation(body, asking);
    read_request_parts(body, asking);
    for (const auto name : k_controls) {
      const std::string key(name);
      if (auto value = body.scalar(key)) {
        asking.controls.push_back(
            {key, is_path(name) ? file_at(body, key, *value).string() : *std::move(value), body.place(key)});
      }
    }
    return asking;
  }

  std::vector<RunModel> read_models(BodyReader& body) const {
    std::vector<RunModel> models;
    for (auto& element : body.objects("models", "model")) {
      RunModel model;
      model.name = element.text("name").value_or("");
      model.description = element.text("description").value_or("");
      model.model = element.text("model").value_or("");
      if (trim(model.model).empty()) {
        element.refuse("model", "is missing");
      }
      model.asking = read_asking(element);
      element.finish();
      models.push_back(std::move(model));
    }
    return models;
  }

  static void read_scoring(BodyReader& body, Run& run) {
    if (auto metrics = body.texts("metrics")) {
      run.metrics = *std::move(metrics);
      if (run.metrics.empty()) {
        body.refuse("metrics", "is empty", "leave it out for the task's default metrics");
      }
    }
    run.llm_as_judge = read_judge(body);
    run.requirements = body.texts("require").value_or(std::vector<std::string>());
    for (const auto& condition : run.requirements) {
      try {
        evaluation::parse_condition(condition);
      } catch (const Error& error) {
        body.refuse("require", "cannot be: " + std::string(error.what()), error.hint());
      }
    }
  }

  void read_reports(BodyReader& body, Run& run) const {
    run.baseline = body.text("baseline");
    if (run.baseline && run.baseline->find_first_of("./") != std::string::npos) {
      run.baseline = file_at(body, "baseline", *run.baseline).string();
    }
    if (auto report = body.object("report")) {
      for (const auto& format : report::format_names()) {
        if (const auto file = report->text(format)) {
          run.reports.push_back({format, file_at(*report, format, *file)});
        }
      }
      report->finish();
    }
  }

  static void read_prices(BodyReader& body, Run& run) {
    auto prices = body.object("prices");
    if (!prices) {
      return;
    }
    for (const auto& model : prices->keys()) {
      auto price = *prices->object(model);
      const auto input = price.real("input");
      const auto output = price.real("output");
      if (!input || !output || *input < 0 || *output < 0) {
        price.refuse(input ? "output" : "input", "needs USD per million tokens, from 0 on");
      }
      price.finish();
      run.prices.push_back({model, *input, *output});
    }
  }

  const SpecPlace& place_;
};

template <class Value>
void take(std::optional<Value>& field, const std::optional<Value>& over) {
  field = over ? over : field;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

void take(Pairs& pairs, const Pairs& over) {
  for (const auto& [name, value] : over) {
    std::erase_if(pairs, [&, wanted = name](const auto& pair) { return pair.first == wanted; });
    pairs.emplace_back(name, value);
  }
}

}  // namespace

Asking Asking::with(const Asking& over) const {
  auto merged = *this;
  take(merged.provider, over.provider);
  take(merged.base_url, over.base_url);
  take(merged.secret_key_name, over.secret_key_name);
  take(merged.system_prompt, over.system_prompt);
  take(merged.prompt_template, over.prompt_template);
  take(merged.output_field, over.output_field);
  take(merged.batch_size, over.batch_size);
  take(merged.job_timeout_sec, over.job_timeout_sec);
  take(merged.seed, over.seed);
  take(merged.max_new_tokens, over.max_new_tokens);
  take(merged.frequency_penalty, over.frequency_penalty);
  take(merged.temperature, over.temperature);
  take(merged.top_p, over.top_p);
  take(merged.parameters, over.parameters);
  take(merged.headers, over.headers);
  for (const auto& setting : over.controls) {
    std::erase_if(merged.controls, [&](const auto& known) { return known.key == setting.key; });
    merged.controls.push_back(setting);
  }
  return merged;
}

bool looks_like_id(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos;
}

Run parse_run(std::string_view text, const SpecPlace& place) {
  return SpecReader(place).read(BodyReader::parse_yaml(text, place.name));
}

void complete_models(std::vector<RunModel>& models) {
  if (models.empty()) {
    throw Error(ErrorCode::invalid_input, "a run needs a model", "give --model, or a spec with models");
  }
  std::set<std::string> names;
  for (auto& model : models) {
    model.name = model.name.empty() ? model.model : model.name;
    if (!names.insert(model.name).second) {
      throw Error(ErrorCode::invalid_input,
                  "two models are named " + quote(model.name),
                  "give each a name of its own: name in a spec, --model NAME=MODEL");
    }
  }
}

}  // namespace lumi::schemas
