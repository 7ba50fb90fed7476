package io.espalier.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.espalier.cli.CommandRun;
import io.espalier.configs.file.Json;
import io.espalier.telemetry.event.ContractFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code train} prints for programs, for logs, and without training; no broker answers. */
class TrainOutputTest {
  @TempDir private Path directory;

  @Test
  void json_ofAWholeRun_isALineForEachThingAndLastTheResult() throws IOException {
    Path out = directory.resolve("run");

    CommandRun run =
        train(
            "--json",
            "--out=" + out,
            "-Dtrain.epochs=4",
            "-Ddata.validation=20%",
            "-Dtrain.keep-best=true",
            "-Dtrain.stop-early={kind=plateau,patience=1,min-gain=90%}",
            "-Dprune.schedule=null",
            "-Dprune.schedule={kind=one-shot,begin=10%}",
            "-Dtrain.evaluate-every=4");

    assertThat(run.exitCode()).isZero();
    List<JsonNode> lines = lines(run);
    assertThat(lines)
        .allSatisfy(line -> assertThat(errors(ContractFiles.TRAIN_LINE, line)).isEmpty());
    assertThat(lines.get(0).path("kind").textValue()).isEqualTo("plan");
    assertThat(lines.get(0).path("directory").textValue()).isEqualTo(out.toString());
    assertThat(lines.get(0).path("mayEndEarlyFromStep").longValue()).isPositive();
    assertThat(lines)
        .filteredOn(line -> line.path("kind").textValue().equals("event"))
        .extracting(line -> line.path("type").textValue())
        .contains(
            "io.espalier.run.provenance.v1",
            "io.espalier.evaluation.completed.v1",
            "io.espalier.run.finished.v1");
    JsonNode progress = lines.get(lines.size() - 2);
    assertThat(progress.path("kind").textValue()).isEqualTo("progress");
    JsonNode result = lines.get(lines.size() - 1);
    assertThat(result.path("kind").textValue()).isEqualTo("result");
    assertThat(result.path("state").textValue()).isEqualTo("finished");
    assertThat(result.path("exitCode").intValue()).isZero();
    assertThat(result.path("summary"))
        .isEqualTo(Json.LENIENT.readTree(Files.readString(out.resolve("summary.json"))));
    assertThat(errors(ContractFiles.SUMMARY, result.path("summary"))).isEmpty();
    assertThat(result.path("summary").path("endedEarly").textValue()).contains("1 evaluation");
    assertThat(result.path("summary").path("steps").longValue())
        .isEqualTo(progress.path("step").longValue())
        .isLessThan(progress.path("totalSteps").longValue());
    assertThat(CommandRun.of("evaluate", out.resolve("best.safetensors").toString()).out())
        .contains("on the test set of digits");
    assertThat(CommandRun.of("inspect", out.toString()).out()).contains("best state");
  }

  @Test
  void json_ofAFailedRun_endsWithTheResultAndExplainsOnStandardError() {
    CommandRun run =
        train(
            "--json",
            "--out=" + directory.resolve("run"),
            "-Dtrain.learning-rate={kind=constant,initial=1e12}");

    assertThat(run.exitCode()).isEqualTo(1);
    List<JsonNode> lines = lines(run);
    JsonNode result = lines.get(lines.size() - 1);
    assertThat(errors(ContractFiles.TRAIN_LINE, result)).isEmpty();
    assertThat(result.path("state").textValue()).isEqualTo("failed");
    assertThat(result.path("exitCode").intValue()).isEqualTo(1);
    assertThat(result.path("cause").textValue()).contains("finite");
    assertThat(run.err()).contains("run failed after step", "--resume");
  }

  @Test
  void quiet_ofAWholeRun_isTheLineOfTheResult() {
    CommandRun run = train("--quiet", "--out=" + directory.resolve("run"), "-Dtrain.epochs=2");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith("result    accuracy"));
    assertThat(run.err()).isEmpty();
  }

  @Test
  void dryRun_ofARecipe_printsThePlanAndWritesNothing() {
    Path out = directory.resolve("run");

    CommandRun run = train("--dry-run", "--out=" + out);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(
            "run       would be written to " + out,
            "data      digits",
            "plan      ",
            "mask updates");
    assertThat(out).doesNotExist();
  }

  @Test
  void dryRun_intoADirectoryThatHoldsFiles_isRefused() throws IOException {
    Path out = Files.createDirectory(directory.resolve("run"));
    Files.createFile(out.resolve("mine"));

    CommandRun run = train("--dry-run", "--out=" + out);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("must be new or empty");
  }

  @Test
  void dryRun_withQuiet_isRefused() {
    CommandRun run = train("--dry-run", "--quiet");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--quiet leaves nothing");
  }

  private static List<String> errors(String schema, JsonNode found) {
    try {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Json.LENIENT.readTree(ContractFiles.content(schema)))
          .validate(found)
          .stream()
          .map(Error::toString)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> lines(CommandRun run) {
    List<JsonNode> lines = new ArrayList<>();
    run.out().lines().forEach(line -> lines.add(read(line)));
    return lines;
  }

  private static JsonNode read(String line) {
    try {
      return Json.STRICT.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CommandRun train(String... more) {
    List<String> arguments = new ArrayList<>(List.of("train", "digits", "--kafka", "127.0.0.1:1"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }
}
