-- One row a gateway call, not one a trace: an agent makes many calls in one trace of its own.
CREATE TABLE `__new_traces` (
	`trace_id` text NOT NULL,
	`span_id` text NOT NULL,
	`project_id` text NOT NULL,
	`route` text NOT NULL,
	`route_version` text NOT NULL,
	`epoch` integer,
	`arm` text,
	`target` text NOT NULL,
	`model` text NOT NULL,
	`prompt_ref` text,
	`cohort` text NOT NULL,
	`status` text NOT NULL,
	`outcome` text,
	`fallback_reason` text,
	`attempts` integer,
	`latency_ms` real NOT NULL,
	`ttft_ms` real,
	`input_tokens` integer,
	`output_tokens` integer,
	`cost_usd` real,
	`object_key` text NOT NULL,
	`sampling_key` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `trace_id`, `span_id`)
);
--> statement-breakpoint
-- The copy is written by hand: what drizzle-kit makes of it reads columns that the old table lacks. A row from when there
-- was one a trace has its trace id for a span id, and no epoch, arm, outcome, attempts or cost.
INSERT INTO `__new_traces`("span_id", "trace_id", "project_id", "route", "route_version", "target", "model", "prompt_ref", "cohort", "status", "fallback_reason", "latency_ms", "input_tokens", "output_tokens", "object_key", "sampling_key", "at") SELECT "trace_id", "trace_id", "project_id", "route", "route_version", "target", "model", "prompt_ref", "cohort", "status", "fallback_reason", "latency_ms", "input_tokens", "output_tokens", "object_key", "sampling_key", "at" FROM `traces`;--> statement-breakpoint
DROP TABLE `traces`;--> statement-breakpoint
ALTER TABLE `__new_traces` RENAME TO `traces`;--> statement-breakpoint
CREATE INDEX `traces_by_cohort` ON `traces` (`project_id`,`route`,`cohort`,`sampling_key`,`at`);--> statement-breakpoint
CREATE INDEX `traces_by_time` ON `traces` (`project_id`,`route`,`at`,`epoch`,`cohort`);
