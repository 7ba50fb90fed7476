package io.espalier.trainer.model;

import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.source.InputFile;
import io.espalier.trainer.data.source.TextsToContinue;
import io.espalier.trainer.model.Predictor.Prediction.Candidate;
import io.espalier.trainer.replica.Inference;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Predicts the labels of a file's rows, batch by batch, or continues its texts. */
public final class Predictor {
  private final ModelDescription model;
  private final boolean labelled;
  private final int top;
  private long row;

  private Predictor(ModelDescription model, boolean labelled, int top) {
    this.model = model;
    this.labelled = labelled;
    this.top = Math.min(top, model.format().classNames().size());
  }

  /**
   * Holds what predicted rows leave to say.
   *
   * @param notices what the rows lose in their encoding, a sentence each
   * @param refusals images that could not be read, a problem each; the others are predicted
   */
  public record Remarks(List<String> notices, List<String> refusals) {
    public Remarks {
      notices = List.copyOf(notices);
      refusals = List.copyOf(refusals);
    }
  }

  public static Remarks predict(
      LoadedModel model, InputFile file, int top, Consumer<Prediction> consumer)
      throws IOException {
    Predictor predictor = new Predictor(model.description(), file.labels().isPresent(), top);
    try (InputFile.Rows rows = file.openToPredict(model.contract())) {
      model.infer(inference -> predictor.run(inference, rows, consumer));
      return new Remarks(rows.notices(), rows.refusals());
    }
  }

  /** Continues each text of a file by the most probable tokens; their text is the label. */
  public static void continueTexts(
      LoadedModel model, InputFile file, int length, Consumer<Prediction> consumer)
      throws IOException {
    Predictor predictor = new Predictor(model.description(), false, 1);
    try (TextsToContinue texts = file.openTexts(model.contract())) {
      model.infer(
          inference ->
              predictor.run(TextGenerator.mostProbable(model, inference), texts, length, consumer));
    }
  }

  private long run(
      TextGenerator generator, TextsToContinue texts, int length, Consumer<Prediction> consumer) {
    for (Optional<String> text = texts.next(); text.isPresent(); text = texts.next()) {
      row++;
      try {
        Candidate added = generator.follow(text.get(), length);
        consumer.accept(new Prediction(row, texts.name(), List.of(added), Optional.empty()));
      } catch (IllegalArgumentException e) {
        throw texts.problem(String.valueOf(e.getMessage()));
      }
    }
    return row;
  }

  private long run(Inference inference, InputFile.Rows rows, Consumer<Prediction> consumer) {
    Optional<Examples> batch = rows.next(Inference.BATCH);
    while (batch.isPresent()) {
      Examples examples = batch.get();
      float[] logits = inference.logits(examples.normalisedBy(model.format().normalization()));
      List<String> names = rows.names();
      for (int i = 0; i < examples.count(); i++) {
        row++;
        Optional<String> name = names.isEmpty() ? Optional.empty() : Optional.of(names.get(i));
        consumer.accept(prediction(logits, i, name, examples.label(i)));
      }
      batch = rows.next(Inference.BATCH);
    }
    return row;
  }

  private Prediction prediction(float[] logits, int example, Optional<String> name, int label) {
    int classes = model.format().classNames().size();
    double[] weights = new double[classes];
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      weights[c] = logits[example * classes + c];
      largest = Math.max(largest, weights[c]);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      weights[c] = StrictMath.exp(weights[c] - largest);
      sum += weights[c];
    }
    double total = sum;
    Comparator<Integer> byLogit = Comparator.comparingDouble(c -> -logits[example * classes + c]);
    List<Candidate> candidates =
        IntStream.range(0, classes)
            .boxed()
            .sorted(byLogit)
            .limit(top)
            .map(c -> new Candidate(model.format().classNames().get(c), weights[c] / total))
            .toList();
    return new Prediction(
        row,
        name,
        candidates,
        labelled ? Optional.of(model.format().classNames().get(label)) : Optional.empty());
  }

  /**
   * The prediction for one row, counted from 1 without the header; candidates by falling
   * probability, among equals in output order.
   *
   * @param name of the row, such as the path of an image file
   */
  public record Prediction(
      long row, Optional<String> name, List<Candidate> candidates, Optional<String> actual) {
    public Prediction {
      candidates = List.copyOf(candidates);
    }

    public record Candidate(String label, double probability) {}

    public String label() {
      return candidates.get(0).label();
    }

    public boolean isCorrect() {
      return actual.filter(label()::equals).isPresent();
    }
  }
}
