CREATE TABLE `stage_results` (
	`project_id` text NOT NULL,
	`result_key` text NOT NULL,
	`run_id` text NOT NULL,
	`stage` text NOT NULL,
	`outputs` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `result_key`)
);
--> statement-breakpoint
CREATE TABLE `approvals` (
	`approval_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`run_id` text NOT NULL,
	`workflow` text NOT NULL,
	`stage` text NOT NULL,
	`attempt` integer NOT NULL,
	`run_author` text NOT NULL,
	`question` text NOT NULL,
	`approvers` text,
	`author_may_approve` integer NOT NULL,
	`state` text NOT NULL,
	`decided_by` text,
	`comment` text,
	`requested_at` integer NOT NULL,
	`deadline_at` integer NOT NULL,
	`decided_at` integer
);
--> statement-breakpoint
CREATE INDEX `approvals_by_state` ON `approvals` (`project_id`,`state`,`requested_at`);--> statement-breakpoint
CREATE TABLE `gate_attempts` (
	`project_id` text NOT NULL,
	`family` text NOT NULL,
	`evaluation_id` text NOT NULL,
	`ordinal` integer NOT NULL,
	`verdict` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `family`, `evaluation_id`)
);
--> statement-breakpoint
CREATE TABLE `waivers` (
	`waiver_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`workflow` text NOT NULL,
	`stage` text NOT NULL,
	`gate` text NOT NULL,
	`reason` text NOT NULL,
	`author` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	`revoked_by` text,
	`expiry_handled_at` integer
);
--> statement-breakpoint
CREATE INDEX `waivers_by_gate` ON `waivers` (`project_id`,`workflow`,`stage`,`gate`);--> statement-breakpoint
CREATE INDEX `waivers_by_expiry` ON `waivers` (`expiry_handled_at`,`expires_at`);--> statement-breakpoint
CREATE TABLE `backfills` (
	`backfill_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`workflow` text NOT NULL,
	`workflow_version` text NOT NULL,
	`input` text NOT NULL,
	`runs` text NOT NULL,
	`author` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `backfills_by_time` ON `backfills` (`project_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `firings` (
	`firing_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`workflow` text NOT NULL,
	`trigger` text NOT NULL,
	`event` text NOT NULL,
	`run_id` text,
	`refusal` text,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `firings_by_trigger` ON `firings` (`project_id`,`workflow`,`at`);--> statement-breakpoint
CREATE TABLE `triggers` (
	`project_id` text NOT NULL,
	`workflow` text NOT NULL,
	`trigger` text NOT NULL,
	`workflow_version` text NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`definition` text NOT NULL,
	`author` text NOT NULL,
	`next_due_at` integer,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `workflow`, `trigger`)
);
--> statement-breakpoint
CREATE INDEX `triggers_by_subject` ON `triggers` (`project_id`,`kind`,`subject`);--> statement-breakpoint
CREATE INDEX `triggers_by_due` ON `triggers` (`next_due_at`);--> statement-breakpoint
ALTER TABLE `dead_letters` ADD `project_id` text;--> statement-breakpoint
CREATE INDEX `dead_letters_by_time` ON `dead_letters` (`project_id`,`at`);--> statement-breakpoint
ALTER TABLE `incidents` ADD `kind` text DEFAULT 'cohort' NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `cause` text DEFAULT '{"by":"request"}' NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `priority` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `force` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX `runs_by_workflow` ON `runs` (`project_id`,`workflow`,`created_at`);--> statement-breakpoint
ALTER TABLE `stage_runs` ADD `cached_from` text;--> statement-breakpoint
ALTER TABLE `verdicts` ADD `waiver_id` text;--> statement-breakpoint
CREATE INDEX `verdicts_by_waiver` ON `verdicts` (`project_id`,`waiver_id`);