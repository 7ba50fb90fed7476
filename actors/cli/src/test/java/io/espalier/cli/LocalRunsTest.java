package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.file.EspalierHome;
import io.espalier.service.recorded.RecordedFiles;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent.Provenance;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.telemetry.outbox.RunIdFile;
import io.espalier.telemetry.outbox.RunRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code runs --local} on run directories that the home knows or not. */
class LocalRunsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir private Path directory;

  /** In the name of each run of one test, as tests share a home. */
  private String mark = "";

  @BeforeEach
  void markRuns() {
    mark = directory.getFileName().toString().replaceAll("[^0-9]", "");
    mark = "m" + mark.substring(Math.max(0, mark.length() - 12));
  }

  @Test
  void home_listsItsRuns_newestFirst_withWhatDiffers() throws IOException {
    known("hard", 0, "0.9", "hard", 1, finished(0.9125));
    known("soft", 60, "0.95", "soft", 1, finished(0.8875));

    CommandRun run = CommandRun.of("runs", "--local", "--name", mark);

    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines.get(0)).matches("recipe +state +step +result +loss +sparsity +time +age");
    assertThat(lines.get(1))
        .matches("m\\d+ +finished +100/100 +88.75% +0.5000 +95.00% +1:30 +\\d+d");
    assertThat(lines.get(2)).isEqualTo("    95 % · soft");
    assertThat(lines.get(3)).isEqualTo("    " + directory.resolve("soft"));
    assertThat(lines.get(4)).matches("m\\d+ +finished +100/100 +91.25% .* 90.00% .*");
    assertThat(lines.get(5)).isEqualTo("    90 % · hard");
    assertThat(lines).hasSize(7);
  }

  @Test
  void home_doesNotListRunsWhoseDirectoryIsGone() throws IOException {
    known("gone", 0, "0.9", "hard", 1, finished(0.9));
    Files.delete(directory.resolve("gone/events.jsonl"));

    CommandRun run = CommandRun.of("runs", "--local", "--name", mark);

    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void home_listsARunThatWasMadeAnew_once() throws IOException {
    known("again", 0, "0.9", "hard", 1, finished(0.9));
    RunId later = new RunId(mark + "-later");
    RunIdFile.write(directory.resolve("again"), later);
    RunRegistry.of(EspalierHome.path()).add(later, directory.resolve("again"));

    JsonNode page = json("runs", "--local", "--name", mark, "--json");

    assertThat(page.path("total").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"finished", "completed", "COMPLETED", "running,finished"})
  void states_choose_alsoByTheirEarlierWord(String states) throws IOException {
    known("ended", 0, "0.9", "hard", 1, finished(0.9));
    known("broken", 9, "0.9", "hard", 2, List.of(new RunFailed(1, 40, "the data are gone")));

    JsonNode page = json("runs", "--local", "--name", mark, "--state", states, "--json");

    assertThat(page.path("runs").findValuesAsText("state")).containsExactly("finished");
    assertThat(page.path("total").asInt()).isEqualTo(1);
  }

  @Test
  void stateThatThereIsNot_isRefused_withThoseThatThereAre() {
    CommandRun run = CommandRun.of("runs", "--local", "--state", "done");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("a state must be one of queued", "finished", "state=done");
  }

  @Test
  void runsThatDidNotFinish_sayWhy() throws IOException {
    known("broken", 0, "0.9", "hard", 1, List.of(new RunFailed(1, 40, "the data are gone")));
    known("held", 9, "0.9", "hard", 2, List.of(new RunStopped(1, 40, "on request")));
    known("silent", 19, "0.9", "hard", 3, List.of());

    String out = CommandRun.of("runs", "--local", "--name", mark).out();

    assertThat(out).contains("failed", "the data are gone", "paused", "on request");
    assertThat(out).containsPattern("silent for \\d+d; if its process has ended");
  }

  @Test
  void limit_showsTheNewest_andSaysHowManyThereAre() throws IOException {
    for (int seed = 1; seed <= 4; seed++) {
      known("seed-" + seed, seed, "0.9", "hard", seed, finished(0.9));
    }

    CommandRun run = CommandRun.of("runs", "--local", "--name", mark, "--limit", "2");

    assertThat(run.out()).contains("seed-4", "seed-3").doesNotContain("seed-2");
    assertThat(run.err()).contains("2 of 4; --limit shows more");
  }

  @Test
  void json_hasTheFormOfTheServicesList_withLabelAndDirectory() throws IOException {
    known("a", 0, "0.9", "hard", 1, finished(0.9125));
    known("b", 60, "0.9", "hard", 2, List.of(new RunFailed(1, 40, "the data are gone")));

    JsonNode page = json("runs", "--local", "--name", mark, "--json");

    JsonNode failed = page.at("/runs/0");
    assertThat(failed.path("run").asText()).isEqualTo(mark + "-b");
    assertThat(failed.path("cause").asText()).isEqualTo("the data are gone");
    assertThat(failed.path("directory").asText()).isEqualTo(directory.resolve("b").toString());
    assertThat(page.at("/runs/1/accuracy").asDouble()).isEqualTo(0.9125);
    assertThat(page.at("/runs/1/label").asText()).isEqualTo("seed 1");
    assertThat(page.at("/runs/1/begun").asText()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(page.at("/runs/1/settings/prune.mask").asText()).isEqualTo("hard");
    assertThat(page.at("/runs/1").has("cause")).isFalse();
  }

  @Test
  void words_areDirectories_directoriesOfRuns_andIds() throws IOException {
    known("known", 0, "0.9", "hard", 1, finished(0.9));
    write(directory.resolve("more/one"), "one", 1, "0.8", "hard", 1, finished(0.9));
    write(directory.resolve("more/two"), "two", 2, "0.8", "soft", 1, finished(0.9));

    String out =
        CommandRun.of("runs", "--local", directory.resolve("more").toString(), mark + "-kn").out();

    assertThat(out.lines().filter(line -> line.startsWith("    " + directory)))
        .containsExactly(
            "    " + directory.resolve("more/two"),
            "    " + directory.resolve("more/one"),
            "    " + directory.resolve("known"));
  }

  @Test
  void word_thatNamesNoRun_orSeveral_isRefused() throws IOException {
    known("same-1", 0, "0.9", "hard", 1, finished(0.9));
    known("same-2", 0, "0.9", "hard", 2, finished(0.9));

    assertThat(CommandRun.of("runs", "--local", "nowhere").err())
        .contains("RUN must be a run directory", "RUN=nowhere");
    assertThat(CommandRun.of("runs", "--local", mark + "-same").err())
        .contains(mark + "-same-1", mark + "-same-2", "write more of the id");
    assertThat(CommandRun.of("runs", "--local", Files.createDirectory(empty()).toString()).err())
        .contains("a directory must be that of a run, or hold such ones");
  }

  private Path empty() {
    return directory.resolve("empty");
  }

  @Test
  void comparison_showsSettingsThatDiffer_andFigures_in80Columns() throws IOException {
    known("hard", 0, "0.9", "hard", 1, finished(0.9125));
    known("soft", 60, "0.95", "soft", 1, finished(0.8875));
    Files.writeString(
        directory.resolve("hard/summary.json"), "{\"kept\": 26620, \"macs\": 266200}");

    CommandRun run = CommandRun.of("runs", "--local", "--compare", id("hard"), id("soft"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("A  90 % · hard\n", "B  95 % · soft\n")
        .containsPattern("setting +A +B\n")
        .containsPattern("prune.sparsity +0.9 +0.95\n")
        .containsPattern("prune.mask +hard +soft\n")
        .containsPattern("figure +A +B\n")
        .containsPattern("state +finished +finished\n")
        .containsPattern("result +91.25% +88.75%\n")
        .containsPattern("weights kept +26,620 +-\n")
        .containsPattern("time +1:30 +1:30")
        .doesNotContain("bytes sent", "model.kind");
    assertNarrow(run.out());
  }

  @Test
  void comparison_ofManyRuns_hasBlocks_in80Columns() throws IOException {
    String[] arguments =
        IntStream.rangeClosed(0, 12)
            .mapToObj(seed -> seed == 0 ? "--compare" : id("s" + seed))
            .toArray(String[]::new);
    for (int seed = 1; seed <= 12; seed++) {
      known("s" + seed, seed, "0.9", "a-very-long-name-of-a-mask-" + seed, seed, finished(0.9));
    }

    CommandRun run = runs(arguments);

    assertThat(run.out()).contains("L  ").containsPattern("seed +1 +2 +3").contains("…");
    assertThat(run.out().lines().filter(line -> line.startsWith("figure"))).hasSize(2);
    assertNarrow(run.out());
  }

  @Test
  void comparison_asJson_hasTheKeysThatDiffer() throws IOException {
    known("a", 0, "0.9", "hard", 1, finished(0.9));
    known("b", 0, "0.9", "hard", 2, finished(0.9));

    JsonNode json = json("runs", "--local", "--compare", "--json", id("a"), id("b"));

    assertThat(json.path("differing")).extracting(JsonNode::asText).containsExactly("seed");
    assertThat(json.path("runs").findValuesAsText("label")).containsExactly("seed 1", "seed 2");
  }

  @Test
  void comparison_ofOneRun_orOfAService_isRefused() throws IOException {
    known("a", 0, "0.9", "hard", 1, finished(0.9));

    assertThat(CommandRun.of("runs", "--local", "--compare", id("a")).err())
        .contains("--compare needs 2 to 26 runs: runs=1");
    assertThat(CommandRun.of("runs", "--compare", "a", "b").err())
        .contains("--compare needs --local");
    assertThat(CommandRun.of("runs", "a", "b").err()).contains("a service shows one run at a time");
    assertThat(CommandRun.of("runs", "--local", "--server", "http://h:1").err())
        .contains("--local asks no service");
  }

  @Test
  void runsThatVersion01Left_areListedAndCompared() throws IOException {
    RecordedFiles.runs(directory);

    String list = CommandRun.of("runs", "--local", directory.toString()).out();
    CommandRun compared =
        CommandRun.of(
            "runs",
            "--local",
            "--compare",
            directory.resolve("completed").toString(),
            directory.resolve("stopped").toString());

    assertThat(list).contains("finished", "paused", "completed", "stopped");
    assertThat(compared.exitCode()).as(compared.err()).isZero();
    assertThat(compared.out()).containsPattern("state +finished +paused");
    assertNarrow(list.replace(directory.toString(), ""));
  }

  @Test
  void textOfOthers_steersNoTerminal() throws IOException {
    known("a", 0, "0.9", "\"\\u001b[2Jhard\"", 1, finished(0.9));
    known("b", 0, "0.9", "soft", 1, List.of(new RunFailed(1, 40, "\u001b]0;title\u0007")));

    String list = CommandRun.of("runs", "--local", "--name", mark).out();
    String compared = CommandRun.of("runs", "--local", "--compare", id("a"), id("b")).out();

    assertThat(list + compared).contains("[2Jhard").doesNotContain("\u001b", "\u0007");
  }

  @Test
  void runThatCannotBeRead_isPassedOver_withAWarning() throws IOException {
    known("fine", 0, "0.9", "hard", 1, finished(0.9));
    Path damaged = Files.createDirectories(directory.resolve("damaged"));
    Files.writeString(damaged.resolve("events.jsonl"), "this is no event\n");

    CommandRun run =
        CommandRun.of("runs", "--local", damaged.toString(), directory.resolve("fine").toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("finished");
    assertThat(run.err()).contains("passed over", damaged.toString());
  }

  private static CommandRun runs(String... arguments) {
    return CommandRun.of(
        Stream.concat(Stream.of("runs", "--local"), Stream.of(arguments)).toArray(String[]::new));
  }

  private void assertNarrow(String text) {
    assertThat(text.replace(directory.toString(), "").lines())
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(80));
  }

  private static JsonNode json(String... arguments) throws IOException {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return JSON.readTree(run.out());
  }

  private String id(String name) {
    return mark + "-" + name;
  }

  private static List<Event> finished(double accuracy) {
    return List.of(
        new RunFinished(1, 100, accuracy, 0.5, 10, 90, Optional.empty(), OptionalDouble.empty()));
  }

  /** A run of which the home knows. */
  private void known(
      String name, long second, String sparsity, String mask, int seed, List<Event> end)
      throws IOException {
    Path run = directory.resolve(name);
    write(run, name, second, sparsity, mask, seed, end);
    RunRegistry.of(EspalierHome.path()).add(new RunId(id(name)), run);
  }

  private void write(
      Path run, String name, long second, String sparsity, String mask, int seed, List<Event> end)
      throws IOException {
    Clock clock = Clock.fixed(START.plusSeconds(second), ZoneOffset.UTC);
    try (Outbox outbox = Outbox.open(run, new RunId(id(name)), clock)) {
      outbox.append(new RunStarted(mark, 1, 1, 100, 50, 1_000, 100, 0.9, List.of()));
      outbox.append(provenance(recipe(sparsity, mask, seed), seed));
      outbox.append(
          new RunState(
              RunState.RUNNING,
              mark,
              1,
              40,
              100,
              Double.parseDouble(sparsity),
              OptionalDouble.of(0.8),
              List.of()));
      end.forEach(outbox::append);
    }
  }

  private String recipe(String sparsity, String mask, int seed) {
    return "name = %s, seed = %d, model { kind = mlp }, prune { sparsity = %s, mask = %s }"
        .formatted(mark, seed, sparsity, mask);
  }

  private static Provenance provenance(String recipe, int seed) {
    return new Provenance(
        "0.1",
        "17",
        "linux",
        2,
        Map.of(),
        seed,
        1,
        1,
        "digits",
        "sha256:1",
        "hash:1",
        recipe,
        Optional.empty());
  }
}
