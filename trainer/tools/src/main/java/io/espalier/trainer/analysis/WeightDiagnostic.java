package io.espalier.trainer.analysis;

import java.io.IOException;

/** A diagnostic that reads weights alone, of any safetensors file. */
public non-sealed interface WeightDiagnostic extends Diagnostic {
  Finding find(FileWeights weights) throws IOException;
}
