package io.espalier.cli.inspect;

import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.data.source.InputFile;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.replica.Inference;
import io.espalier.trainer.sync.EvaluationPart;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** All labelled rows of a file as a test set. */
final class LabelledRows {
  private LabelledRows() {}

  static Consumer<String> notices(PrintWriter errors) {
    return notice -> errors.println("notice    " + notice);
  }

  /** Evaluates batch by batch. */
  static EvaluationPart evaluate(LoadedModel model, InputFile file, Consumer<String> notices)
      throws IOException {
    Normalization normalization = model.description().format().normalization();
    try (InputFile.Rows rows = file.open(model.contract())) {
      EvaluationPart whole = model.infer(inference -> evaluate(inference, rows, normalization));
      requireRow(file, whole.examples());
      rows.notices().forEach(notices);
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
      EvaluationPart part = inference.evaluateClasses(batch, all, 0, 1);
      sum = EvaluationPart.merge(List.of(sum, part));
    }
    return sum;
  }

  /** Reads all rows, as training examples and as test set. */
  static Dataset read(LoadedModel model, InputFile file, Consumer<String> notices)
      throws IOException {
    List<Examples> parts = new ArrayList<>();
    try (InputFile.Rows rows = file.open(model.contract())) {
      for (Optional<Examples> next = rows.next(Inference.BATCH);
          next.isPresent();
          next = rows.next(Inference.BATCH)) {
        parts.add(next.get());
      }
      requireRow(file, parts.size());
      rows.notices().forEach(notices);
    }
    Examples all = Examples.joined(parts);
    String digest = Dataset.under(model.contract(), all).digest();
    return Dataset.under(model.contract(), file.path().toString(), all, all, digest);
  }

  private static void requireRow(InputFile file, long rows) {
    if (rows == 0) {
      throw file.problem("must hold a row");
    }
  }
}
