CREATE TABLE `aliases` (
	`project_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`alias` text NOT NULL,
	`version` text NOT NULL,
	`fence` integer NOT NULL,
	`moved_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `kind`, `name`, `alias`)
);
--> statement-breakpoint
CREATE TABLE `api_keys` (
	`key_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`name` text NOT NULL,
	`secret_sha256` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE TABLE `artifact_edges` (
	`project_id` text NOT NULL,
	`output` text NOT NULL,
	`input` text NOT NULL,
	`run_id` text NOT NULL,
	`stage` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `output`, `input`, `run_id`, `stage`)
);
--> statement-breakpoint
CREATE TABLE `artifacts` (
	`project_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`manifest` text NOT NULL,
	`code_sha` text NOT NULL,
	`run_id` text,
	`stage` text,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `kind`, `name`, `version`)
);
--> statement-breakpoint
CREATE INDEX `artifacts_by_time` ON `artifacts` (`project_id`,`kind`,`name`,`created_at`);--> statement-breakpoint
CREATE TABLE `attestations` (
	`attestation_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`subject` text NOT NULL,
	`predicate_type` text NOT NULL,
	`statement` text NOT NULL,
	`sha256` text NOT NULL,
	`run_id` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `attestations_by_subject` ON `attestations` (`project_id`,`subject`);--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`audit_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`action` text NOT NULL,
	`target` text NOT NULL,
	`from_version` text,
	`to_version` text,
	`fence` integer,
	`actor` text NOT NULL,
	`run_id` text,
	`reason` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_by_target` ON `audit_entries` (`project_id`,`target`,`at`);--> statement-breakpoint
CREATE TABLE `cohort_scores` (
	`evaluation_id` text NOT NULL,
	`metric` text NOT NULL,
	`cohort` text NOT NULL,
	`project_id` text NOT NULL,
	`evaluator` text NOT NULL,
	`n` integer NOT NULL,
	`errors` integer NOT NULL,
	`sum` real NOT NULL,
	`sum_squares` real NOT NULL,
	PRIMARY KEY(`evaluation_id`, `metric`, `cohort`)
);
--> statement-breakpoint
CREATE TABLE `dead_letters` (
	`dead_letter_id` text PRIMARY KEY NOT NULL,
	`queue` text NOT NULL,
	`body` text NOT NULL,
	`at` integer NOT NULL,
	`replayed_at` integer
);
--> statement-breakpoint
CREATE TABLE `deployments` (
	`deployment_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`route` text NOT NULL,
	`route_version` text NOT NULL,
	`previous_version` text,
	`kind` text NOT NULL,
	`epoch` integer NOT NULL,
	`fence` integer NOT NULL,
	`actor` text NOT NULL,
	`run_id` text,
	`reason` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `deployments_by_route` ON `deployments` (`project_id`,`route`,`at`);--> statement-breakpoint
CREATE TABLE `evaluations` (
	`evaluation_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`target` text NOT NULL,
	`source` text NOT NULL,
	`suite` text NOT NULL,
	`suite_version` text NOT NULL,
	`prompt_ref` text,
	`mode` text NOT NULL,
	`status` text NOT NULL,
	`rows` integer NOT NULL,
	`errors` integer NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `evaluations_by_target` ON `evaluations` (`project_id`,`target`,`source`,`suite_version`);--> statement-breakpoint
CREATE TABLE `incidents` (
	`incident_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`route` text NOT NULL,
	`route_version` text NOT NULL,
	`cohort` text NOT NULL,
	`sweep_id` text NOT NULL,
	`state` text NOT NULL,
	`sentence` text NOT NULL,
	`evidence` text NOT NULL,
	`opened_at` integer NOT NULL,
	`resolved_at` integer
);
--> statement-breakpoint
CREATE INDEX `incidents_by_route` ON `incidents` (`project_id`,`route`,`state`);--> statement-breakpoint
CREATE TABLE `monitors` (
	`project_id` text NOT NULL,
	`route` text NOT NULL,
	`policy` text NOT NULL,
	`baseline_evaluation_id` text NOT NULL,
	`run_id` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `route`)
);
--> statement-breakpoint
CREATE TABLE `projects` (
	`project_id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `runs` (
	`run_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`workflow` text NOT NULL,
	`workflow_version` text NOT NULL,
	`status` text NOT NULL,
	`inputs` text NOT NULL,
	`code_sha` text NOT NULL,
	`author` text NOT NULL,
	`failure` text,
	`seq` integer NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `runs_by_time` ON `runs` (`project_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `runs_by_status` ON `runs` (`status`);--> statement-breakpoint
CREATE TABLE `stage_runs` (
	`run_id` text NOT NULL,
	`stage` text NOT NULL,
	`project_id` text NOT NULL,
	`position` integer NOT NULL,
	`kind` text NOT NULL,
	`owner` text NOT NULL,
	`status` text NOT NULL,
	`attempt` integer NOT NULL,
	`inputs` text NOT NULL,
	`outputs` text NOT NULL,
	`error` text,
	`seq` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer,
	PRIMARY KEY(`run_id`, `stage`)
);
--> statement-breakpoint
CREATE TABLE `sweeps` (
	`sweep_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`route` text NOT NULL,
	`route_version` text NOT NULL,
	`status` text NOT NULL,
	`window_from` integer NOT NULL,
	`window_to` integer NOT NULL,
	`seed` text NOT NULL,
	`sample` text NOT NULL,
	`findings` text NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `sweeps_by_route` ON `sweeps` (`project_id`,`route`,`created_at`);--> statement-breakpoint
CREATE TABLE `traces` (
	`trace_id` text NOT NULL,
	`project_id` text NOT NULL,
	`route` text NOT NULL,
	`route_version` text NOT NULL,
	`target` text NOT NULL,
	`model` text NOT NULL,
	`prompt_ref` text,
	`cohort` text NOT NULL,
	`status` text NOT NULL,
	`fallback_reason` text,
	`latency_ms` real NOT NULL,
	`input_tokens` integer,
	`output_tokens` integer,
	`object_key` text NOT NULL,
	`sampling_key` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `trace_id`)
);
--> statement-breakpoint
CREATE INDEX `traces_by_cohort` ON `traces` (`project_id`,`route`,`cohort`,`sampling_key`);--> statement-breakpoint
CREATE INDEX `traces_by_time` ON `traces` (`project_id`,`route`,`at`);--> statement-breakpoint
CREATE TABLE `verdicts` (
	`verdict_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`run_id` text NOT NULL,
	`stage` text NOT NULL,
	`attempt` integer NOT NULL,
	`gate` text NOT NULL,
	`verdict` text NOT NULL,
	`blocks` integer NOT NULL,
	`sentence` text NOT NULL,
	`params` text NOT NULL,
	`evidence` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `verdicts_by_run` ON `verdicts` (`run_id`,`stage`,`at`);--> statement-breakpoint
CREATE TABLE `workflow_versions` (
	`project_id` text NOT NULL,
	`workflow` text NOT NULL,
	`version` text NOT NULL,
	`definition` text NOT NULL,
	`git_sha` text NOT NULL,
	`author` text NOT NULL,
	`created_at` integer NOT NULL,
	`applied_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `workflow`, `version`)
);
