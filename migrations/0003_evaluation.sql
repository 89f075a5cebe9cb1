CREATE TABLE `calibrations` (
	`calibration_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`evaluator` text NOT NULL,
	`dataset` text,
	`artifact_ref` text NOT NULL,
	`threshold` real NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `calibrations_by_evaluator` ON `calibrations` (`project_id`,`evaluator`,`dataset`,`created_at`);--> statement-breakpoint
CREATE TABLE `row_scores` (
	`score_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`dataset` text NOT NULL,
	`row_id` text NOT NULL,
	`evaluation_id` text,
	`name` text NOT NULL,
	`source` text NOT NULL,
	`score` real NOT NULL,
	`label` text,
	`reason` text,
	`author` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `row_scores_by_row` ON `row_scores` (`project_id`,`dataset`,`row_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `row_scores_by_evaluation` ON `row_scores` (`project_id`,`evaluation_id`,`name`);--> statement-breakpoint
ALTER TABLE `cohort_scores` ADD `passes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `cohort_scores` ADD `histogram` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `evaluations` ADD `reused` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `evaluations` ADD `cost_usd` real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `evaluations` ADD `estimated_cost_usd` real;--> statement-breakpoint
ALTER TABLE `evaluations` ADD `pass_marks` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `evaluations` ADD `created_by` text;