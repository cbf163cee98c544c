#pragma once
#include "cli/command.hpp"

namespace lumi::cli {

// One function per command, each in commands/<noun>_<verb>.cpp; registry.cpp lists them.
Command health_command();
Command dataset_create_command();
Command dataset_get_command();
Command dataset_list_command();
Command dataset_delete_command();
Command dataset_download_command();
Command dataset_validate_command();
Command dataset_preview_command();
Command dataset_stats_command();
Command evaluate_command();
Command job_create_inference_command();
Command job_create_annotate_command();
Command job_create_evaluator_command();
Command job_get_command();
Command job_list_command();
Command job_logs_command();
Command job_wait_command();
Command job_stop_command();
Command job_resume_command();
Command job_delete_command();
Command job_result_command();
Command job_samples_command();
Command job_download_command();
Command job_dataset_command();
Command experiment_create_command();
Command experiment_get_command();
Command experiment_list_command();
Command experiment_wait_command();
Command experiment_stop_command();
Command experiment_delete_command();
Command workflow_create_command();
Command workflow_get_command();
Command workflow_list_command();
Command workflow_logs_command();
Command workflow_wait_command();
Command workflow_stop_command();
Command workflow_resume_command();
Command workflow_delete_command();
Command workflow_download_command();
Command model_prices_command();
Command gc_command();
Command cache_stats_command();
Command cache_clear_command();
Command backup_command();
Command restore_command();
Command doctor_command();
Command config_list_command();
Command config_get_command();
Command config_set_command();
Command completion_command();
Command help_command();
Command version_command();
Command complete_command();
Command dump_cli_command();
Command generate_command();

}  // namespace lumi::cli
