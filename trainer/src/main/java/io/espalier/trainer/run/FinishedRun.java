package io.espalier.trainer.run;

import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.Traffic;

public record FinishedRun(Committed committed, EvaluationPart test, Traffic traffic) {}
