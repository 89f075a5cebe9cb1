-- Scores from outside and calibrations are written once: a change of mind is another row, and the newest stands.
CREATE TRIGGER `row_scores_no_update` BEFORE UPDATE ON `row_scores` BEGIN SELECT RAISE(ABORT, 'row scores are append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `calibrations_no_update` BEFORE UPDATE ON `calibrations` BEGIN SELECT RAISE(ABORT, 'calibrations are append-only'); END;
