package io.espalier.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.view.RunLabels;
import io.espalier.telemetry.view.RunOverview;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Terminal and page give runs the same names. */
@Tag("slow")
class RunLabelsTest {
  private static final int CASES = 300;
  private static final String NAMES_OF_THE_PAGE =
      """
      return import("espalier/compare/labels.js").then(({ labelsOf }) => arguments[0].map(labelsOf));
      """;
  private static final Map<String, List<String>> VALUES =
      Map.ofEntries(
          Map.entry("seed", List.of("1", "2", "43")),
          Map.entry("prune.sparsity", List.of("0.9", "0.95", "0.975", "0.123456789", "0")),
          Map.entry("prune.mask", List.of("hard", "soft")),
          Map.entry("prune.mask.kind", List.of("hard", "sigmoid")),
          Map.entry("prune.score.kind", List.of("magnitude", "wanda", "none")),
          Map.entry("prune.density", List.of("0.25", "0.5")),
          Map.entry("prune.regrowth", List.of("none", "off", "magnitude")),
          Map.entry("prune.schedule.end", List.of("80%", "60%")),
          Map.entry("model.hidden", List.of("[64, 32]", "[]", "[128]")),
          Map.entry("data.augmentation.flip", List.of("true", "false")),
          Map.entry("train.learning-rate.initial", List.of("0.05", "0.1")),
          Map.entry("train.epochs", List.of("1", "2")),
          Map.entry("train.checkpoint-every", List.of("1 epoch", "2 epochs")),
          Map.entry("custom", List.of("soft", "-1")));

  @TempDir private Path directory;

  @Test
  void labels_ofManySweeps_areThoseOfThePage() throws IOException {
    List<List<RunOverview>> sweeps = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < CASES; i++) {
      sweeps.add(sweep(random));
    }
    try (Stage stage = new Stage(directory);
        Browser browser = new Browser(Files.createDirectory(directory.resolve("downloads")))) {
      browser.open(stage.page(), "#/runs");

      List<?> named =
          (List<?>)
              Objects.requireNonNull(
                  browser.script(
                      NAMES_OF_THE_PAGE,
                      sweeps.stream()
                          .map(sweep -> sweep.stream().map(RunLabelsTest::json).toList())
                          .toList()));

      assertThat(named).hasSize(CASES);
      for (int i = 0; i < CASES; i++) {
        List<?> ofPage = (List<?>) named.get(i);
        assertThat(RunLabels.of(sweeps.get(i)))
            .isEqualTo(
                ofPage.stream().map(each -> each.toString().replace('\u00a0', ' ')).toList());
      }
    }
  }

  private static List<RunOverview> sweep(Random random) {
    List<RunOverview> runs = new ArrayList<>();
    List<String> keys =
        VALUES.keySet().stream().sorted().filter(key -> random.nextBoolean()).toList();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      SortedMap<String, String> settings = new TreeMap<>();
      for (String key : keys) {
        List<String> values = Objects.requireNonNull(VALUES.get(key));
        if (random.nextInt(8) > 0) {
          settings.put(key, values.get(random.nextInt(values.size())));
        }
      }
      String id =
          random.nextBoolean()
              ? "run-" + i
              : "sweep-20260102-0304%02d-abcdef".formatted(random.nextInt(2) + 2 * i);
      runs.add(run(id, random.nextInt(4) == 0 ? "other" : "sweep", settings));
    }
    return runs;
  }

  private static RunOverview run(String id, String name, SortedMap<String, String> settings) {
    return new RunOverview(
        Path.of(id),
        id,
        name,
        "training",
        "finished",
        Optional.empty(),
        1,
        OptionalLong.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Instant.EPOCH,
        Instant.EPOCH,
        false,
        settings);
  }

  private static Map<String, Object> json(RunOverview run) {
    Map<String, Object> json = new HashMap<>(Map.of("id", run.run(), "name", run.name()));
    if (!run.settings().isEmpty()) {
      json.put("settings", run.settings());
    }
    return json;
  }
}
