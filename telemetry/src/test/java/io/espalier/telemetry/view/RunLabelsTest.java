package io.espalier.telemetry.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunLabelsTest {
  @Test
  void runsOfOneRecipe_areNamedByWhatDiffers() {
    assertThat(
            labels(
                run("a", "fig", Map.of("seed", "1", "prune.sparsity", "0.9", "model", "mlp")),
                run("b", "fig", Map.of("seed", "2", "prune.sparsity", "0.975", "model", "mlp"))))
        .containsExactly("90 % · seed 1", "97.5 % · seed 2");
  }

  @Test
  void runsOfSeveralRecipes_haveTheirNames_andSettingsAmongThoseOfOne() {
    assertThat(
            labels(
                run("a", "fig", Map.of("seed", "1", "data", "digits")),
                run("b", "fig", Map.of("seed", "2", "data", "digits")),
                run("c", "date", Map.of("seed", "1", "data", "digits"))))
        .containsExactly("fig · seed 1", "fig · seed 2", "date");
  }

  @Test
  void aChoice_isTheSameAsAWordAndAsABlock() {
    assertThat(
            labels(
                run("a", "fig", Map.of("prune.mask", "hard")),
                run("b", "fig", Map.of("prune.mask.kind", "soft"))))
        .containsExactly("hard", "soft");
  }

  @Test
  void runsThatNoSettingTellsApart_haveTheirIds() {
    Map<String, String> settings = Map.of("seed", "1");

    assertThat(
            labels(
                run("fig-20260102-030405-abcdef", "fig", settings),
                run("fig-20260102-030406-abcdef", "fig", settings),
                run("x-1", "fig", Map.of())))
        .containsExactly(
            "fig · fig · 2026-01-02 03:04:05", "fig · fig · 2026-01-02 03:04:06", "fig · x-1");
    assertThat(
            labels(
                run("fig-20260102-030405-abcdef", "fig", settings),
                run("fig-20260102-030405-abcdeg", "fig", settings)))
        .containsExactly("fig · fig-20260102-030405-abcdef", "fig · fig-20260102-030405-abcdeg");
  }

  @Test
  void longNames_leaveOutWhatMoreThanHalfOfTheRunsHave() {
    Map<String, String> usual =
        Map.of(
            "prune.sparsity", "0.9", "prune.mask", "hard", "prune.score", "magnitude", "seed", "1");

    assertThat(
            labels(
                run("a", "fig", with(usual, "data.batch-size", "32")),
                run("b", "fig", with(usual, "data.batch-size", "16")),
                run("c", "fig", with(with(usual, "data.batch-size", "32"), "seed", "2")),
                run("d", "fig", with(with(usual, "data.batch-size", "32"), "prune.mask", "soft")),
                run("e", "fig", with(with(usual, "data.batch-size", "32"), "prune.score", "snip")),
                run(
                    "f",
                    "fig",
                    with(with(usual, "data.batch-size", "32"), "prune.sparsity", "0.8"))))
        .containsExactly(
            "90 % · seed 1",
            "90 % · batch size 16 · seed 1",
            "90 % · seed 2",
            "90 % · soft · seed 1",
            "90 % · snip · seed 1",
            "80 % · seed 1");
  }

  private static Map<String, String> with(Map<String, String> settings, String key, String value) {
    Map<String, String> changed = new TreeMap<>(settings);
    changed.put(key, value);
    return changed;
  }

  @Test
  void differing_leavesOutRunsWithoutSettings() {
    assertThat(
            RunLabels.differing(
                List.of(
                    run("a", "fig", Map.of("seed", "1", "prune.mask", "hard", "prune.score", "x")),
                    run("b", "fig", Map.of("seed", "2", "prune.mask", "soft", "prune.score", "x")),
                    run("c", "fig", Map.of()))))
        .containsExactly("prune.mask", "seed");
  }

  private static List<String> labels(RunOverview... runs) {
    return RunLabels.of(List.of(runs));
  }

  private static RunOverview run(String id, String name, Map<String, String> settings) {
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
        new TreeMap<>(settings));
  }
}
