package io.espalier.trainer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small networks on a table of three columns and two classes, against plain arithmetic. */
final class AnalysisTest {
  private static final int ROWS = 120;
  private static final int COLUMNS = 3;
  private static final int CLASSES = 2;

  @TempDir private Path directory;

  /** A trained network, and the examples that it was trained on. */
  private record Trained(PreparedRun run, Path file) {
    LoadedModel load() throws IOException {
      return ModelFile.read(file).load(run.config());
    }

    Analysis ask(AnalysisSettings settings, String... names) throws IOException {
      try (AnalysedNetwork network =
          AnalysedNetwork.of(load(), run.dataset(), settings, AnalysisProgress.NONE)) {
        return Analysis.of(file, Diagnostics.named(List.of(names)), network);
      }
    }

    double[][] inputs() {
      double[][] inputs = new double[run.dataset().train().count()][COLUMNS];
      float[] one = new float[COLUMNS];
      for (int i = 0; i < inputs.length; i++) {
        run.dataset().train().fill(new int[] {i}, 0, 1, one, new int[1]);
        for (int c = 0; c < COLUMNS; c++) {
          inputs[i][c] = one[c];
        }
      }
      return inputs;
    }

    int label(int example) {
      return run.dataset().train().label(example);
    }
  }

  private Trained trained(String layers) throws IOException {
    ResolvedRecipe recipe =
        new RecipeLoader()
            .parse(
                "table.conf",
                """
                name = table, seed = 3
                data { kind = csv, path = "%s", test-path = "%s", label = side, batch-size = 20 }
                model { kind = layers, layers = [%s] }
                train.epochs = 4
                prune { sparsity = 40%%, schedule { kind = one-shot, begin = 30%% } }
                """
                    .formatted(table("train.csv", 1), table("test.csv", 2), layers),
                List.of());
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
    Path file = directory.resolve("model.safetensors");
    ModelFile.write(file, run, finished.committed(), recipe.text());
    return new Trained(run, file);
  }

  private Trained trainedWithHiddenLayer() throws IOException {
    return trained(
        "flatten, { kind = linear, outputs = 6 }, relu, { kind = linear, outputs = classes }");
  }

  private Path table(String name, int seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> lines = new ArrayList<>(List.of("a,b,c,side"));
    for (int i = 0; i < ROWS; i++) {
      double a = random.nextDouble(-1, 1);
      double b = .7 * a + random.nextDouble(-.3, .3);
      double c = random.nextDouble(-1, 1);
      double noise = random.nextDouble(-.4, .4);
      lines.add(
          String.format(
              Locale.ROOT, "%.4f,%.4f,%.4f,%s", a, b, c, a * b + c + noise > 0 ? "up" : "down"));
    }
    return Files.write(directory.resolve(name), lines);
  }

  private static AnalysisSettings settings(String score) {
    return new AnalysisSettings(1, 1000, List.of(.5, .9), AnalysisSettings.scoring(score, 1), 16);
  }

  /** A network with one hidden layer in double precision. */
  private static final class Plain {
    private final float[] hidden;
    private final float[] hiddenBias;
    private final float[] out;
    private final float[] outBias;

    Plain(float[] hidden, float[] hiddenBias, float[] out, float[] outBias) {
      this.hidden = hidden;
      this.hiddenBias = hiddenBias;
      this.out = out;
      this.outBias = outBias;
    }

    static Plain of(LoadedModel model) {
      List<ParameterId> ids = model.network().parameters().stream().map(each -> each.id()).toList();
      return new Plain(
          model.values(ids.get(0)),
          model.values(ids.get(1)),
          model.values(ids.get(2)),
          model.values(ids.get(3)));
    }

    double loss(Trained data) {
      double[][] inputs = data.inputs();
      double sum = 0;
      for (int i = 0; i < inputs.length; i++) {
        double[] logits = layer(relu(layer(inputs[i], hidden, hiddenBias)), out, outBias);
        double total = Math.exp(logits[0]) + Math.exp(logits[1]);
        sum += Math.log(total) - logits[data.label(i)];
      }
      return sum / inputs.length;
    }

    private static double[] layer(double[] input, float[] weights, float[] bias) {
      double[] output = new double[bias.length];
      for (int o = 0; o < output.length; o++) {
        output[o] = bias[o];
        for (int i = 0; i < input.length; i++) {
          output[o] += input[i] * weights[o * input.length + i];
        }
      }
      return output;
    }

    private static double[] relu(double[] values) {
      return Arrays.stream(values).map(each -> Math.max(0, each)).toArray();
    }
  }

  private static Finding finding(Analysis analysis, String name) {
    return Objects.requireNonNull(analysis.findings().get(name));
  }

  private static Object figure(Analysis analysis, String name, String key) {
    return finding(analysis, name).figures().stream()
        .filter(figure -> figure.heading().key().equals(key))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static List<List<Object>> rows(Analysis analysis, String name, int table) {
    return finding(analysis, name).tables().get(table).rows();
  }

  private static float[] pruned(float[] weights, int count) {
    float[] pruned = weights.clone();
    IntStream.range(0, weights.length)
        .boxed()
        .sorted((a, b) -> Float.compare(Math.abs(weights[a]), Math.abs(weights[b])))
        .limit(count)
        .forEach(at -> pruned[at] = 0);
    return pruned;
  }

  @Test
  void sensitivity_isTheLossWithOneLayerPruned() throws IOException {
    Trained trained = trainedWithHiddenLayer();
    Plain plain = Plain.of(trained.load());

    Analysis analysis = trained.ask(settings("magnitude"), "sensitivity");

    List<Object> first = rows(analysis, "sensitivity", 1).get(0);
    List<Object> last = rows(analysis, "sensitivity", 1).get(1);
    assertThat((double) figure(analysis, "sensitivity", "loss"))
        .isCloseTo(plain.loss(trained), within(1e-6));
    for (int at = 0; at < 2; at++) {
      double share = List.of(.5, .9).get(at);
      Plain without =
          new Plain(
              pruned(plain.hidden, (int) (share * 18)), plain.hiddenBias, plain.out, plain.outBias);
      Plain withoutLast =
          new Plain(
              plain.hidden, plain.hiddenBias, pruned(plain.out, (int) (share * 12)), plain.outBias);
      assertThat((double) first.get(3 + at)).isCloseTo(without.loss(trained), within(1e-6));
      assertThat((double) last.get(3 + at)).isCloseTo(withoutLast.loss(trained), within(1e-6));
    }
  }

  @Test
  void kendall_comparesScoresWithTheLossWithoutEachUnit() throws IOException {
    Trained trained = trainedWithHiddenLayer();
    Plain plain = Plain.of(trained.load());
    double whole = plain.loss(trained);
    double largest = Double.NEGATIVE_INFINITY;
    double[] scores = new double[6];
    double[] rises = new double[6];
    for (int unit = 0; unit < 6; unit++) {
      float[] without = plain.hidden.clone();
      for (int i = 0; i < COLUMNS; i++) {
        scores[unit] += Math.abs(without[unit * COLUMNS + i]);
        without[unit * COLUMNS + i] = 0;
      }
      rises[unit] =
          new Plain(without, plain.hiddenBias, plain.out, plain.outBias).loss(trained) - whole;
      largest = Math.max(largest, rises[unit]);
    }
    int[] living = IntStream.range(0, 6).filter(unit -> scores[unit] > 0).toArray();
    double expected =
        KendallTau.of(
                IntStream.of(living).mapToDouble(unit -> scores[unit]).toArray(),
                IntStream.of(living).mapToDouble(unit -> rises[unit]).toArray())
            .tauB();

    Analysis analysis = trained.ask(settings("magnitude"), "kendall");
    Analysis measured = trained.ask(settings("{ kind = taylor, batches = 2 }"), "kendall");

    assertThat((double) figure(analysis, "kendall", "tau")).isCloseTo(expected, within(1e-9));
    assertThat(figure(analysis, "kendall", "removed")).isEqualTo((long) living.length);
    assertThat((double) rows(analysis, "kendall", 0).get(0).get(5))
        .isCloseTo(largest, within(1e-6));
    assertThat(rows(measured, "kendall", 0).get(0).subList(4, 6))
        .isEqualTo(rows(analysis, "kendall", 0).get(0).subList(4, 6));
  }

  /**
   * Of softmax regression the Hessian is the mean of (diag p − pp') ⊗ xx', with x = (inputs, 1).
   */
  @Test
  void sharpness_ofSoftmaxRegression_isThatOfItsHessian() throws IOException {
    Trained trained = trained("flatten, { kind = linear, outputs = classes }");
    LoadedModel model = trained.load();
    List<ParameterId> ids = model.network().parameters().stream().map(each -> each.id()).toList();
    float[] weights = model.values(ids.get(0));
    float[] bias = model.values(ids.get(1));

    Analysis analysis = trained.ask(settings("magnitude"), "sharpness");

    assertThat((double) figure(analysis, "sharpness", "eigenvalue"))
        .isCloseTo(topEigenvalue(hessian(trained, weights, bias)), withinPercentage(1));
  }

  private static double[][] hessian(Trained trained, float[] weights, float[] bias) {
    int width = COLUMNS + 1;
    double[][] hessian = new double[CLASSES * width][CLASSES * width];
    double[][] inputs = trained.inputs();
    for (double[] input : inputs) {
      double[] logits = Plain.layer(input, weights, bias);
      double p = 1 / (1 + Math.exp(logits[1] - logits[0]));
      for (int i = 0; i < hessian.length; i++) {
        for (int j = 0; j < hessian.length; j++) {
          double sign = i / width == j / width ? 1 : -1;
          double term = sign * p * (1 - p) * with1(input, i % width) * with1(input, j % width);
          boolean pruned = isPruned(weights, i, width) || isPruned(weights, j, width);
          hessian[i][j] += pruned ? 0 : term / inputs.length;
        }
      }
    }
    return hessian;
  }

  private static double with1(double[] input, int at) {
    return at < COLUMNS ? input[at] : 1;
  }

  private static boolean isPruned(float[] weights, int at, int width) {
    return at % width < COLUMNS && weights[at / width * COLUMNS + at % width] == 0;
  }

  private static double topEigenvalue(double[][] matrix) {
    double[] vector = new double[matrix.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = 1 + .1 * i * i;
    }
    double value = 0;
    for (int step = 0; step < 2000; step++) {
      double[] next = new double[vector.length];
      double square = 0;
      for (int i = 0; i < next.length; i++) {
        for (int j = 0; j < next.length; j++) {
          next[i] += matrix[i][j] * vector[j];
        }
        square += next[i] * next[i];
      }
      value = Math.sqrt(square);
      for (int i = 0; i < next.length; i++) {
        vector[i] = next[i] / value;
      }
    }
    return value;
  }

  @Test
  void diagnostics_leaveTheNetworkAsItWas() throws IOException {
    Trained trained = trainedWithHiddenLayer();
    String[] all = Diagnostics.all().stream().map(Diagnostic::name).toArray(String[]::new);

    Analysis alone = trained.ask(settings("snip"), "worst-class", "ece");
    try (AnalysedNetwork network =
        AnalysedNetwork.of(
            trained.load(), trained.run().dataset(), settings("snip"), AnalysisProgress.NONE)) {
      Analysis first = Analysis.of(trained.file(), Diagnostics.named(List.of(all)), network);
      Analysis again = Analysis.of(trained.file(), Diagnostics.named(List.of(all)), network);

      assertThat(again).isEqualTo(first);
      assertThat(first.findings()).containsAllEntriesOf(alone.findings());
      assertThat(first.findings()).hasSize(all.length - 1);
      assertThat(first.skipped()).containsOnlyKeys("corruption");
    }
  }

  @Test
  void worstClass_isTheLeastRecognisedOne() throws IOException {
    Trained trained = trainedWithHiddenLayer();

    Analysis analysis = trained.ask(settings("magnitude"), "worst-class", "ece", "psp-entropy");

    List<List<Object>> rows = rows(analysis, "worst-class", 0);
    assertThat(rows).hasSize(CLASSES);
    assertThat((double) rows.get(0).get(3)).isLessThanOrEqualTo((double) rows.get(1).get(3));
    assertThat(rows.stream().mapToLong(row -> (long) row.get(1)).sum()).isEqualTo(ROWS);
    double correct = rows.stream().mapToLong(row -> (long) row.get(2)).sum();
    assertThat(figure(analysis, "ece", "accuracy")).isEqualTo(correct / ROWS);
    assertThat(figure(analysis, "psp-entropy", "neurons")).isEqualTo(6L);
    assertThat((double) figure(analysis, "psp-entropy", "entropy")).isBetween(0.0, 1.0);
  }

  @Test
  void findings_asFacts_haveNoNumberThatJsonLacks() {
    Finding finding = Finding.titled("t").number("a", "A", Double.NaN).count("b", "B", 2);

    JsonNode figures = new ObjectMapper().valueToTree(finding.facts()).get("figures");

    assertThat(figures.at("/a/value").isNull()).isTrue();
    assertThat(figures.at("/b/value").longValue()).isEqualTo(2);
  }

  @Test
  void settings_outOfOrder_areRefused() {
    assertThatThrownBy(
            () ->
                new AnalysisSettings(
                    1, 10, List.of(.9, .5), AnalysisSettings.scoring("magnitude", 1), 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in rising order");
    assertThatThrownBy(() -> Diagnostics.named(List.of("sharp")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one of pq-index, ece");
  }
}
