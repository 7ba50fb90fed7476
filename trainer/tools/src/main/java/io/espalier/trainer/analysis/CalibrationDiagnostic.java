package io.espalier.trainer.analysis;

import io.espalier.trainer.analysis.CalibrationError.Bin;
import io.espalier.trainer.analysis.Finding.Format;
import io.espalier.trainer.analysis.Finding.Heading;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** The calibration error on the test set, with the bins of a reliability diagram. */
final class CalibrationDiagnostic implements NetworkDiagnostic {
  private static final List<Heading> HEADINGS =
      List.of(
          new Heading("confidence", "confidence", Format.TEXT),
          new Heading("examples", "examples", Format.COUNT),
          new Heading("meanConfidence", "mean", Format.SHARE),
          new Heading("accuracy", "accuracy", Format.BAR));

  @Override
  public String name() {
    return "ece";
  }

  @Override
  public String summary() {
    return "expected calibration error over %d bins, with loss and Brier score; one pass of the test set"
        .formatted(CalibrationError.BINS);
  }

  @Override
  public Optional<String> obstacle(AnalysedNetwork network) {
    Predictions found = network.predictions();
    long wrong =
        IntStream.range(0, found.count())
            .filter(example -> !Double.isFinite(found.confidence(example)))
            .count();
    return wrong == 0
        ? Optional.empty()
        : Optional.of(
            "answers must be finite numbers, and those on %d of %d test examples are not; check the weights (inspect), and that inputs are scaled as in the training"
                .formatted(wrong, found.count()));
  }

  @Override
  public Finding find(AnalysedNetwork network) {
    Predictions found = network.predictions();
    double[] confidences = new double[found.count()];
    boolean[] correct = new boolean[found.count()];
    for (int i = 0; i < found.count(); i++) {
      confidences[i] = found.confidence(i);
      correct[i] = found.isCorrect(i);
    }
    List<Bin> bins = CalibrationError.bins(confidences, correct, CalibrationError.BINS);
    return Finding.titled("Calibration")
        .number("ece", "expected calibration error", CalibrationError.expected(bins))
        .number(
            "adaptiveEce",
            "adaptive calibration error",
            CalibrationError.adaptive(confidences, correct, CalibrationError.BINS))
        .share("accuracy", "accuracy", found.accuracy())
        .share("meanConfidence", "mean confidence", found.meanConfidence())
        .number("loss", "loss", found.loss())
        .number("brier", "Brier score", found.brier())
        .table("", HEADINGS, rows(bins))
        .note(
            "Of %,d test examples, in %d bins of one width; the adaptive error has bins of equally many examples."
                .formatted(found.count(), bins.size()));
  }

  private static List<List<Object>> rows(List<Bin> bins) {
    List<List<Object>> rows = new ArrayList<>();
    for (Bin bin : bins) {
      if (bin.examples() > 0) {
        String range = String.format(Locale.ROOT, "%.3f–%.3f", bin.from(), bin.to());
        rows.add(List.of(range, bin.examples(), bin.confidence(), bin.accuracy()));
      }
    }
    return rows;
  }
}
