package io.espalier.cli.inspect;

import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.data.source.InputFile;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.replica.Inference;
import io.espalier.trainer.sync.EvaluationPart;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.IntStream;

/** The labelled rows of a file as a test set, whatever its length. */
final class LabelledRows {
  private LabelledRows() {}

  static EvaluationPart evaluate(LoadedModel model, InputFile file) throws IOException {
    Normalization normalization = model.description().normalization();
    try (InputFile.Rows rows = file.open(model.contract())) {
      EvaluationPart whole = model.infer(inference -> evaluate(inference, rows, normalization));
      if (whole.examples() == 0) {
        throw file.problem("must hold a row");
      }
      return whole;
    }
  }

  private static EvaluationPart evaluate(
      Inference inference, InputFile.Rows rows, Normalization normalization) {
    EvaluationPart sum = new EvaluationPart(0, 0, 0);
    for (Optional<Examples> next = rows.next(Inference.BATCH);
        next.isPresent();
        next = rows.next(Inference.BATCH)) {
      Examples batch = next.get().normalisedBy(normalization);
      int[] all = IntStream.range(0, batch.count()).toArray();
      EvaluationPart part = inference.evaluate(batch, all, 0, 1);
      sum =
          new EvaluationPart(
              sum.correct() + part.correct(),
              sum.examples() + part.examples(),
              sum.lossSum() + part.lossSum());
    }
    return sum;
  }
}
