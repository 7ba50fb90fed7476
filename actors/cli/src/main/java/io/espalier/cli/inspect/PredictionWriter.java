package io.espalier.cli.inspect;

import io.espalier.cli.console.JsonOutput;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.model.Predictor.Prediction;
import io.espalier.trainer.model.Predictor.Prediction.Candidate;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Writes predictions as they come, and counts them. Call order: {@link #begin}, {@link #accept}
 * each, {@link #end}. Not thread-safe.
 */
final class PredictionWriter implements Consumer<Prediction> {
  private final PrintWriter out;
  private final Form form;
  private final int top;
  private final boolean labelled;
  private String answer = "label";
  private long rows;
  private long correct;

  private PredictionWriter(PrintWriter out, Form form, int top, boolean labelled) {
    this.out = out;
    this.form = form;
    this.top = top;
    this.labelled = labelled;
  }

  /** A writer of {@code format}; throws {@link CommandRefusedException} if it is unknown. */
  static PredictionWriter of(String format, PrintWriter out, int top, boolean labelled) {
    Form form =
        switch (format) {
          case "csv" -> Form.CSV;
          case "json" -> Form.JSON;
          default ->
              throw new CommandRefusedException("format must be csv or json: format=" + format);
        };
    return new PredictionWriter(out, form, top, labelled);
  }

  /** Names what is predicted; it is {@code label} by default. */
  PredictionWriter naming(String name) {
    answer = name;
    return this;
  }

  private enum Form {
    CSV,
    JSON
  }

  void begin() {
    out.print(form == Form.JSON ? "[" : "");
  }

  @Override
  public void accept(Prediction prediction) {
    if (form == Form.CSV && rows == 0) {
      out.print(header(prediction.name().isPresent()) + "\n");
    }
    out.print(
        form == Form.JSON
            ? (rows == 0 ? "\n" : ",\n") + JsonOutput.line(fields(prediction))
            : cells(prediction) + "\n");
    rows++;
    correct += prediction.isCorrect() ? 1 : 0;
  }

  void end() {
    String ofNone = rows == 0 ? header(false) + "\n" : "";
    out.print(form == Form.JSON ? "\n]\n" : ofNone);
    out.flush();
  }

  long rows() {
    return rows;
  }

  Optional<String> accuracy() {
    return labelled && rows > 0
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "accuracy %.2f %% (%,d of %,d)",
                100.0 * correct / rows,
                correct,
                rows))
        : Optional.empty();
  }

  private String header(boolean named) {
    List<String> names = new ArrayList<>(List.of("row"));
    if (named) {
      names.add("file");
    }
    for (int place = 1; place <= top; place++) {
      String suffix = place == 1 ? "" : String.valueOf(place);
      names.addAll(List.of(answer + suffix, "probability" + suffix));
    }
    if (labelled) {
      names.add("actual");
    }
    return String.join(",", names);
  }

  private static String cells(Prediction prediction) {
    List<String> cells = new ArrayList<>(List.of(String.valueOf(prediction.row())));
    prediction.name().ifPresent(cells::add);
    for (Candidate candidate : prediction.candidates()) {
      cells.add(candidate.label());
      cells.add(probability(candidate));
    }
    prediction.actual().ifPresent(cells::add);
    return cells.stream().map(PredictionWriter::quoted).collect(Collectors.joining(","));
  }

  private static String quoted(String cell) {
    return cell.matches("[^\",\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  private Map<String, Object> fields(Prediction prediction) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("row", prediction.row());
    prediction.name().ifPresent(name -> fields.put("file", name));
    fields.putAll(fields(prediction.candidates().get(0)));
    if (top > 1) {
      fields.put("top", prediction.candidates().stream().map(this::fields).toList());
    }
    prediction.actual().ifPresent(label -> fields.put("actual", label));
    return fields;
  }

  private Map<String, Object> fields(Candidate candidate) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(answer, candidate.label());
    fields.put("probability", Double.parseDouble(probability(candidate)));
    return fields;
  }

  /** Six decimals; three digits where those would say little, as of a long continuation. */
  private static String probability(Candidate candidate) {
    double probability = candidate.probability();
    boolean tiny = probability > 0 && probability < 1e-4;
    return String.format(Locale.ROOT, tiny ? "%.2e" : "%.6f", probability);
  }
}
