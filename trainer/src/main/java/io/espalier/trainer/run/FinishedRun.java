package io.espalier.trainer.run;

import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.Traffic;

/**
 * The result of a run.
 *
 * @param test evaluation of the finished network on the test set
 */
public record FinishedRun(Committed committed, EvaluationPart test, Traffic traffic) {}
