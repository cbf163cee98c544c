#include "cli/registry.hpp"

#include "cli/commands/commands.hpp"

#include <array>

namespace lumi::cli {

namespace {

constexpr auto k_commands = std::to_array<RegistryEntry>({
    {"health", "Say whether lumi can work", health_command},
    {"dataset create", "Keep a file as a dataset", dataset_create_command},
    {"dataset get", "Show a dataset", dataset_get_command},
    {"dataset list", "List datasets, newest first", dataset_list_command},
    {"dataset delete", "Delete datasets and their files", dataset_delete_command},
    {"dataset download", "Save the file of a dataset", dataset_download_command},
    {"dataset validate", "Find every problem of a file before it is kept", dataset_validate_command},
    {"dataset preview", "Show the first rows of a dataset", dataset_preview_command},
    {"dataset stats", "Count rows, blanks, repetitions and lengths of a dataset", dataset_stats_command},
    {"init", "Write a spec for 'lumi run' from a dataset", init_command},
    {"run", "Compare models on your data: ask, score, report, gate", run_command},
    {"evaluate", "Score a file of predictions", evaluate_command},
    {"compare", "Say whether one evaluation is better than another, or whether that is not decided", compare_command},
    {"baseline set", "Give an evaluation a name that others are compared with", baseline_set_command},
    {"baseline list", "List baselines, newest first", baseline_list_command},
    {"baseline delete", "Forget the names of evaluations", baseline_delete_command},
    {"report", "Write evaluations as a report for people, spreadsheets or CI", report_command},
    {"query", "Answer a SELECT statement about everything that is kept", query_command},
    {"job create inference", "Ask a model about every row of a dataset", job_create_inference_command},
    {"job create annotate", "Let a strong model write the ground truth of a dataset", job_create_annotate_command},
    {"job create evaluator", "Score a dataset of predictions as a job", job_create_evaluator_command},
    {"job get", "Show a job", job_get_command},
    {"job list", "List jobs, newest first", job_list_command},
    {"job logs", "Print the log of a job", job_logs_command},
    {"job wait", "Wait until jobs have ended", job_wait_command},
    {"job stop", "Stop running jobs", job_stop_command},
    {"job resume", "Go on with a job that failed or was stopped", job_resume_command},
    {"job delete", "Delete jobs, their logs and their results", job_delete_command},
    {"job result", "Show what a job came to: scores, coverage and where the file is", job_result_command},
    {"job samples", "Show the samples of an evaluation with their scores", job_samples_command},
    {"job download", "Save the results.json of a job", job_download_command},
    {"job dataset", "Show the dataset that a job produced", job_dataset_command},
    {"experiment create", "Make an experiment: a dataset and a task for several models", experiment_create_command},
    {"experiment get", "Show an experiment and its workflows", experiment_get_command},
    {"experiment list", "List experiments, newest first", experiment_list_command},
    {"experiment wait", "Wait until all workflows of experiments have ended", experiment_wait_command},
    {"experiment stop", "Stop the running workflows of experiments", experiment_stop_command},
    {"experiment delete", "Delete experiments with their workflows, jobs and results", experiment_delete_command},
    {"workflow create", "Ask a model about an experiment's dataset and score its answers", workflow_create_command},
    {"workflow get", "Show a workflow, its jobs and its metrics", workflow_get_command},
    {"workflow list", "List workflows, newest first", workflow_list_command},
    {"workflow logs", "Print the logs of a workflow's jobs, oldest first", workflow_logs_command},
    {"workflow wait", "Wait until workflows have ended", workflow_wait_command},
    {"workflow stop", "Stop running workflows", workflow_stop_command},
    {"workflow resume", "Go on with a workflow that failed or was stopped", workflow_resume_command},
    {"workflow delete", "Delete workflows with their jobs, results and predictions", workflow_delete_command},
    {"workflow download",
     "Save the compiled.json of a workflow: what both of its jobs came to",
     workflow_download_command},
    {"model list", "List models that suit a task", model_list_command},
    {"model check", "Ask a model for one token, to see whether it can be asked", model_check_command},
    {"model prices", "List what models cost, in USD per million tokens", model_prices_command},
    {"secret list", "List secrets, newest first, never their values", secret_list_command},
    {"secret set", "Keep the key of a model, encrypted", secret_set_command},
    {"secret delete", "Forget secrets", secret_delete_command},
    {"secret check", "See whether a secret can be decrypted", secret_check_command},
    {"secret rekey", "Encrypt all secrets with new keys", secret_rekey_command},
    {"config list", "List every setting, its value and where it comes from", config_list_command},
    {"config get", "Print the value of a setting", config_get_command},
    {"config set", "Write a setting into the configuration file", config_set_command},
    {"doctor", "Check everything that lumi keeps", doctor_command},
    {"backup", "Write everything that lumi keeps into one file", backup_command},
    {"restore", "Bring back what a backup holds", restore_command},
    {"export", "Write experiments into a folder, for another home", export_command},
    {"import", "Add the experiments that an export holds", import_command},
    {"import lumigator", "Bring over what a Lumigator has", import_lumigator_command},
    {"cache stats", "Show how many answers of models are kept for the next time", cache_stats_command},
    {"cache clear", "Forget the answers of models", cache_clear_command},
    {"storage check", "Try the storage out", storage_check_command},
    {"storage copy", "Copy every file of datasets and jobs to another storage", storage_copy_command},
    {"gc", "Remove files that nothing names any more", gc_command},
    {"completion", "Print the completion script of a shell", completion_command},
    {"help", "Show help for a command or a topic", help_command},
    {"version", "Show the version of lumi", version_command},
    {"__complete", "Answer what a shell's completion asks", complete_command},
    {"__dump-cli", "Print the command tree as JSON", dump_cli_command},
    {"__generate", "Make the manual pages, docs/json-output.md or docs/schema.md", generate_command},
});

constexpr auto k_groups = std::to_array<GroupEntry>({
    {"dataset", "Keep and inspect datasets"},
    {"job", "Run jobs and look at them"},
    {"job create", "Make and run a job"},
    {"experiment", "Compare models on one dataset"},
    {"workflow", "Ask one model and score its answers"},
    {"baseline", "Name evaluations that others are compared with"},
    {"import", "Bring over what is elsewhere"},
    {"cache", "Answers of models that are kept for the next time"},
    {"secret", "Keep the keys of models, encrypted"},
    {"model", "See which models there are and what they cost"},
    {"config", "Read and write settings"},
    {"storage", "Try out and move where files are kept"},
});

}  // namespace

std::span<const RegistryEntry> all_commands() { return k_commands; }

std::span<const GroupEntry> all_groups() { return k_groups; }

}  // namespace lumi::cli
